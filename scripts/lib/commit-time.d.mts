export function commitTime(root: string): string;
