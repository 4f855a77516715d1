/**
 * Squiggles first: what only annotates the source waits until the diagnostics of the last edit are
 * answered, because the teardown order that it needs takes its time, and requests come in no order.
 */

/** An edit whose diagnostics nobody asks for holds annotations up no longer than this. */
const patienceMs = 300;

export class Quiet {
  /** Edited documents without an answer yet, and until when that is waited for. */
  private readonly unanswered = new Map<string, number>();
  private underWay = 0;
  private waiting: (() => void)[] = [];

  edited(uri: string): void {
    this.unanswered.set(uri, Date.now() + patienceMs);
  }

  closed(uri: string): void {
    this.unanswered.delete(uri);
    this.wake();
  }

  /** Runs what answers with the diagnostics of a document. */
  async during<T>(uri: string, answer: () => Promise<T>): Promise<T> {
    this.underWay++;
    try {
      const answered = await answer();
      this.unanswered.delete(uri);
      return answered;
    } finally {
      this.underWay--;
      this.wake();
    }
  }

  /** Whether diagnostics are under way, or expected any moment. */
  get isBusy(): boolean {
    return this.underWay > 0 || this.expectedUntil() > Date.now();
  }

  /** Resolves when it is quiet, or when the request is given up. */
  async reached(isCancelled: () => boolean): Promise<void> {
    while (this.isBusy && !isCancelled()) {
      await new Promise<void>((resolve) => {
        const left = Math.max(this.expectedUntil() - Date.now(), 0);
        const timer = setTimeout(resolve, left > 0 ? left : patienceMs);
        this.waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  private expectedUntil(): number {
    return Math.max(0, ...this.unanswered.values());
  }

  /** After the answer has left: it is written when the handler has returned. */
  private wake(): void {
    const waiting = this.waiting.splice(0);
    setImmediate(() => {
      for (const wake of waiting) wake();
    });
  }
}
