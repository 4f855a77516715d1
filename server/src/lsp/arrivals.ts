/**
 * How files come to where the engine looks for them, which may not wait. A disk has them all; in a worker of a
 * browser (web/arrivals.ts) the client is asked for what a look at them did not find.
 */

export interface Arrivals {
  /** Files below an absolute folder may be asked for. */
  reach(folder: string): void;
  /**
   * Looks at files again and again, until nothing is missing that can be had.
   * @param look does not throw for what is not there (yet)
   * @param came is called between two looks: what was read before counts no more
   */
  bring(look: () => Promise<void>, came: () => Promise<void>): Promise<void>;
  /** Absolute files have other contents, came, or went. */
  changed(files: readonly ChangedFile[]): void;
}

export interface ChangedFile {
  readonly file: string;
  readonly how: 'changed' | 'came' | 'went';
}

/** What is on a disk is there when it is asked for. */
export const onDisk: Arrivals = {
  reach: () => {},
  bring: async () => {},
  changed: () => {},
};
