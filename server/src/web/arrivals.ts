/** Files that the client brings: `vscode.workspace.fs` answers later, and the engine does not wait. */
import type { Arrivals, ChangedFile } from '../lsp/arrivals.ts';
import type { FilesParams, FilesResult } from '../lsp/protocol.ts';
import type { FileTree } from './file-tree.ts';
import { uriOf } from './uris.ts';

/** For one look so many files are brought at most: a module has hundreds, a kernel tree a hundred thousand. */
const maximumFiles = 6000;
/** So many are asked for at once: the client holds what it reads until the answer is complete. */
const atOnce = 200;

export class BroughtFiles implements Arrivals {
  readonly #tree: FileTree;
  readonly #ask: (params: FilesParams) => Promise<FilesResult>;
  readonly #warn: (message: string) => void;
  readonly #roots: string[] = [];
  /** Looks go one after the other: what one wants, the next finds here. */
  #last: Promise<void> = Promise.resolve();

  constructor(
    tree: FileTree,
    ask: (params: FilesParams) => Promise<FilesResult>,
    warn: (message: string) => void,
  ) {
    this.#tree = tree;
    this.#ask = ask;
    this.#warn = warn;
  }

  reach(folder: string): void {
    if (this.#roots.some((root) => folder === root || folder.startsWith(`${root}/`))) return;
    this.#roots.push(folder);
    this.#tree.addRoot(folder);
  }

  bring(look: () => Promise<void>, came: () => Promise<void>): Promise<void> {
    const next = this.#last.then(() => this.#bring(look, came));
    this.#last = next.catch(() => undefined);
    return next;
  }

  changed(files: readonly ChangedFile[]): void {
    for (const { file, how } of files) {
      if (how === 'changed') this.#tree.changed(file);
      else if (how === 'came') this.#tree.came(file);
      else this.#tree.removed(file);
    }
  }

  async #bring(look: () => Promise<void>, came: () => Promise<void>): Promise<void> {
    // What others looked for in passing was no question of this one.
    this.#tree.takeWanted();
    for (let brought = 0; ; ) {
      await look();
      const { folders, files } = this.#tree.takeWanted();
      if (folders.length + files.length === 0) return;
      brought += files.length;
      if (brought > maximumFiles) {
        this.#warn(`more than ${maximumFiles} files would have to be read: some are left out`);
        return;
      }
      for (let i = 0; i < Math.max(folders.length, files.length); i += atOnce)
        await this.#fetch(folders.slice(i, i + atOnce), files.slice(i, i + atOnce));
      await came();
    }
  }

  async #fetch(folders: readonly string[], files: readonly string[]): Promise<void> {
    const answer = await this.#ask({ folders: folders.map(uriOf), files: files.map(uriOf) });
    folders.forEach((folder, i) => void this.#tree.listed(folder, answer.folders[i] ?? undefined));
    files.forEach((file, i) => void this.#tree.read(file, answer.files[i] ?? undefined));
  }
}
