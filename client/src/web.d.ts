/** What a browser's extension host has beside what node's types know. */
declare class Worker {
  constructor(address: string, options?: { readonly name?: string });
  postMessage(message: unknown): void;
}
