/** Node's globals that the server uses; esbuild puts them where they are named. */
export { Buffer } from 'buffer/';

/** A worker has no environment, and starts no programs. */
export const process = { env: {}, argv: [], execPath: '/', platform: 'browser' };

/**
 * Runs something after the messages that wait already. A timer of 0 ms becomes one of 4 ms when timers are nested,
 * which long readings would feel; a message does not.
 */
export function soon(act: () => void): void {
  const { port1, port2 } = new MessageChannel();
  const heard = (): void => {
    port1.close();
    act();
  };
  Object.assign(port1, { onmessage: heard });
  port2.postMessage(null);
}

export { soon as setImmediate };
