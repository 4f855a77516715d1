/** What esbuild puts into the bundles, without writing them. */
import { build, type Metafile } from 'esbuild';
import { options, programs } from './bundles.mjs';

export interface Bundle {
  readonly name: string;
  readonly meta: Metafile;
  readonly text: string;
}

/** Every program as it is packaged, in memory. */
export async function bundles(): Promise<readonly Bundle[]> {
  return Promise.all(
    programs.map(async (program) => {
      const made = await build({ ...options(program, true), metafile: true, write: false });
      const text = (made.outputFiles ?? []).map((file) => file.text).join('\n');
      return { name: program.name, meta: made.metafile as Metafile, text };
    }),
  );
}

/** The folders of the packages of which something is in a bundle, from the root. */
export async function bundledPackages(): Promise<readonly string[]> {
  const names = (await bundles()).flatMap(({ meta }) =>
    Object.keys(meta.inputs).flatMap(
      (path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [],
    ),
  );
  return [...new Set(names)];
}
