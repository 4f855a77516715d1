/** What the build puts into the worker's bundle, and what a worker has that node's types do not know. */
declare module 'driver-teardown:data' {
  /** The files of server/catalog, by name. */
  export const catalog: Readonly<Record<string, string>>;
  /** The names of the rules' pages. */
  export const pages: readonly string[];
  export const version: string;
}

declare const self: {
  onmessage:
    | ((message: { readonly data: import('../lsp/protocol.ts').WorkerStart }) => void)
    | null;
  postMessage(message: unknown): void;
  addEventListener(
    type: 'error' | 'unhandledrejection',
    listener: (event: { readonly error?: unknown; readonly reason?: unknown }) => void,
  ): void;
};
