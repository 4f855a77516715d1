export function filesIn(archive: string): { readonly path: string; readonly size: number; readonly at: number }[];
export function unexpectedFiles(paths: readonly string[]): string[];
export function textIn(archive: string, path: string): string;
