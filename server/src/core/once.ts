/** Answers that several rules ask for in one run: each is made on the first question. */

export class Once {
  private readonly made = new Map<string, unknown>();

  /** @param key names the question; the same key must always mean the same type */
  get<T>(key: string, make: () => T): T {
    if (!this.made.has(key)) this.made.set(key, make());
    return this.made.get(key) as T;
  }
}
