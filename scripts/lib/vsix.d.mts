export function filesIn(archive: string): { readonly path: string; readonly size: number }[];
export function unexpectedFiles(paths: readonly string[]): string[];
