/** Which parts of which functions have run since somebody asked last, as V8 counts it for debuggers. */
import { Session } from 'node:inspector/promises';

export class Coverage {
  readonly #session = new Session();
  readonly #seen = new Set<string>();

  async start(): Promise<void> {
    this.#session.connect();
    await this.#session.post('Profiler.enable');
    await this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** How many parts are known. */
  get size(): number {
    return this.#seen.size;
  }

  /** How many parts of the sources have run since the last call that never had before. */
  async news(sources: RegExp): Promise<number> {
    const { result } = await this.#session.post('Profiler.takePreciseCoverage');
    const before = this.#seen.size;
    for (const { url, functions } of result) {
      if (!sources.test(url)) continue;
      for (const { functionName, ranges } of functions)
        for (const { startOffset, endOffset, count } of ranges) {
          if (count === 0) continue;
          // How often tells loops that are run once from those that go on.
          const often = count > 64 ? 3 : count > 8 ? 2 : count > 1 ? 1 : 0;
          this.#seen.add(`${url} ${functionName} ${startOffset} ${endOffset} ${often}`);
        }
    }
    return this.#seen.size - before;
  }

  stop(): void {
    this.#session.disconnect();
  }
}
