/**
 * A second view of the driver folders in which single files can be changed: every folder is real,
 * every file a link into the kernel source, so that includes find their neighbours.
 */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { driverFolders } from './build-folder.ts';

export class Farm {
  readonly path = mkdtempSync(join(tmpdir(), 'driver-teardown-farm-'));
  readonly #source: string;
  readonly #changed = new Set<string>();

  constructor(source: string) {
    this.#source = source;
    for (const folder of driverFolders) this.#link(folder);
  }

  /** From now on the farm shows these texts, and the source's for all others. */
  show(texts: ReadonlyMap<string, Buffer>): void {
    for (const file of this.#changed) {
      if (texts.has(file)) continue;
      unlinkSync(join(this.path, file));
      symlinkSync(join(this.#source, file), join(this.path, file));
      this.#changed.delete(file);
    }
    for (const [file, text] of texts) {
      unlinkSync(join(this.path, file));
      writeFileSync(join(this.path, file), text);
      this.#changed.add(file);
    }
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  #link(folder: string): void {
    const here = join(this.path, folder);
    mkdirSync(here, { recursive: true });
    for (const entry of readdirSync(join(this.#source, folder), { withFileTypes: true })) {
      const name = `${folder}/${entry.name}`;
      if (entry.isDirectory()) this.#link(name);
      else symlinkSync(join(this.#source, name), join(this.path, name));
    }
  }
}
