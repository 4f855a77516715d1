import type { BuildOptions } from 'esbuild';

export interface Program {
  readonly name: string;
  readonly source: string;
  readonly banner?: string;
  readonly page?: boolean;
  /** What it is in a browser; the others are node's. */
  readonly web?: 'extension' | 'worker';
}

export const programs: readonly Program[];
export function options(program: Program, minify: boolean): BuildOptions;
export function packedCatalog(text: string): string;
export function packedPage(text: string): string;
