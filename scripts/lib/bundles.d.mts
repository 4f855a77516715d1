import type { BuildOptions } from 'esbuild';

export interface Program {
  readonly name: string;
  readonly source: string;
  readonly banner?: string;
  readonly page?: boolean;
}

export const programs: readonly Program[];
export function options(program: Program, minify: boolean): BuildOptions;
