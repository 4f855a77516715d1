/**
 * Stdin and stdout as a connection. A client may write what it wants to know and close its end at once: it gets its
 * answers, and the `shutdown` among them counts. The library ends with what has come before it is looked at.
 */
import { Console } from 'node:console';
import { PassThrough } from 'node:stream';
import { setTimeout as later } from 'node:timers/promises';
import {
  type Connection,
  createConnection,
  type DataCallback,
  type Disposable,
  type Message,
  type MessageStrategy,
  ProposedFeatures,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';

/** Something that waits for the client's own answer gets none any more: so long nothing may happen. */
const longestSilence = 10_000;
/** Who says `exit` while something is asked has waited long enough. */
const longestAfterExit = 2000;
const pause = 20;

/** What has come and was not answered. */
class Unanswered {
  private readonly ids = new Set<unknown>();
  private changed = performance.now();
  isShutDown = false;

  came(message: Message): void {
    const { method, id } = message as { readonly method?: string; readonly id?: unknown };
    if (method === 'shutdown') this.isShutDown = true;
    if (method !== undefined && id !== undefined) this.ids.add(id);
    this.changed = performance.now();
  }

  wrote(message: Message): void {
    const { method, id } = message as { readonly method?: string; readonly id?: unknown };
    if (method === undefined) this.ids.delete(id);
    this.changed = performance.now();
  }

  /** Resolves when all is answered, and nothing comes any more. */
  async none(silence = longestSilence): Promise<void> {
    for (;;) {
      const before = this.changed;
      await later(pause);
      if (this.ids.size === 0 && this.changed === before) return;
      if (performance.now() - this.changed > silence) return;
    }
  }
}

class Reader extends StreamMessageReader {
  private readonly unanswered: Unanswered;

  constructor(stream: NodeJS.ReadableStream, unanswered: Unanswered) {
    super(stream);
    this.unanswered = unanswered;
  }

  override listen(callback: DataCallback): Disposable {
    return super.listen((message) => {
      this.unanswered.came(message);
      callback(message);
    });
  }
}

class Writer extends StreamMessageWriter {
  private readonly unanswered: Unanswered;

  constructor(stream: NodeJS.WritableStream, unanswered: Unanswered) {
    super(stream);
    this.unanswered = unanswered;
  }

  override async write(message: Message): Promise<void> {
    await super.write(message);
    this.unanswered.wrote(message);
  }
}

export function stdioConnection(messageStrategy: MessageStrategy): Connection {
  // Whatever a library prints would stand between the messages.
  globalThis.console = new Console(process.stderr);
  const unanswered = new Unanswered();
  const input = new PassThrough();
  process.stdin.pipe(input, { end: false });
  const connection = createConnection(
    ProposedFeatures.all,
    new Reader(input, unanswered),
    new Writer(process.stdout, unanswered),
    {
      messageStrategy: {
        handleMessage(message, next) {
          const handle = () => messageStrategy.handleMessage(message, next);
          const { method } = message as { readonly method?: string };
          return method === 'exit' ? unanswered.none(longestAfterExit).then(handle) : handle();
        },
      },
    },
  );
  const leave = (): void => process.exit(unanswered.isShutDown ? 0 : 1);
  const end = (): Promise<void> => unanswered.none().then(leave);
  // Nobody hears the answers any more.
  process.stdout.once('error', leave);
  process.stdin.once('end', () => void end());
  process.stdin.once('close', () => void end());
  return connection;
}
