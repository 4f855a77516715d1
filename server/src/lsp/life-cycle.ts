/**
 * What a client asks before `initialize` or after `shutdown` is refused, as the protocol says: the library would
 * answer it like all others.
 */
import {
  type Connection,
  ErrorCodes,
  type Message,
  type MessageStrategy,
  ResponseError,
} from 'vscode-languageserver';

const early = 'driverTeardown/askedTooEarly';
const late = 'driverTeardown/askedTooLate';

/** The strategy of one connection, which sees each message before it is answered. */
export function lifeCycle(): MessageStrategy {
  let state: 'early' | 'open' | 'late' = 'early';
  return {
    handleMessage(message: Message, next: (message: Message) => void): void {
      const { method, id } = message as { readonly method?: string; readonly id?: unknown };
      const isRequest = method !== undefined && id !== undefined;
      if (isRequest && state === 'late') next({ ...message, method: late } as Message);
      else if (isRequest && state === 'early' && method !== 'initialize')
        next({ ...message, method: early } as Message);
      else next(message);
      if (method === 'initialize') state = 'open';
      if (method === 'shutdown') state = 'late';
    },
  };
}

/** Answers what came too early or too late. */
export function refuse(connection: Connection): void {
  connection.onRequest(early, () => {
    throw new ResponseError(ErrorCodes.ServerNotInitialized, 'initialize comes first');
  });
  connection.onRequest(late, () => {
    throw new ResponseError(ErrorCodes.InvalidRequest, 'the server was shut down');
  });
}
