/** Work that takes long says so: after a second the user sees what is going on, and may end it. */
import {
  type CancellationToken,
  CancellationTokenSource,
  type Connection,
} from 'vscode-languageserver/node';
import type { ClientFeatures } from './client-features.ts';

/** What is done sooner needs no word. */
const patienceMs = 1000;
/** A client that does not answer must not hold up the work. */
const answerMs = 200;

type Reporter = Awaited<ReturnType<Connection['window']['createWorkDoneProgress']>>;

export interface ProgressPlace {
  readonly connection: Connection;
  readonly features: Pick<ClientFeatures, 'progress'>;
}

/** The progress of one piece of work, shown once it has taken long, or as soon as it is known that it will. */
export class SlowWork {
  private readonly place: ProgressPlace;
  private readonly title: string;
  private readonly cancel: (() => void) | undefined;
  private timer: NodeJS.Timeout;
  private reporter: Reporter | undefined;
  private showing: Promise<void> | undefined;
  private message = '';
  private percentage = 0;
  private ended = false;

  /** @param cancel called when the user ends it; undefined for what cannot be ended */
  constructor(place: ProgressPlace, title: string, cancel: (() => void) | undefined) {
    this.place = place;
    this.title = title;
    this.cancel = cancel;
    this.timer = setTimeout(() => void this.show(), patienceMs);
  }

  /** Shows it a second after `isHeldUp` says no: what holds it up shows its own progress. */
  after(isHeldUp: () => boolean): this {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (isHeldUp()) this.after(isHeldUp);
      else void this.show();
    }, patienceMs);
    return this;
  }

  /** Shows it now: what follows will take long, and may keep this thread from saying anything. */
  async show(): Promise<void> {
    clearTimeout(this.timer);
    this.showing ??= this.begin();
    await Promise.race([
      this.showing,
      new Promise<void>((resolve) => setTimeout(resolve, answerMs).unref()),
    ]);
  }

  /** Whether the client was asked to show it, so that the user may have ended it. */
  get isShown(): boolean {
    return this.showing !== undefined;
  }

  report(percentage: number, message: string): void {
    this.percentage = percentage;
    this.message = message;
    this.reporter?.report(percentage, message);
  }

  end(): void {
    this.ended = true;
    clearTimeout(this.timer);
    this.reporter?.done();
  }

  private async begin(): Promise<void> {
    const { connection, features } = this.place;
    if (!features.progress || this.ended) return;
    try {
      const reporter = await connection.window.createWorkDoneProgress();
      reporter.begin(this.title, this.percentage, this.message, this.cancel !== undefined);
      if (this.ended) return reporter.done();
      this.reporter = reporter;
      if (this.cancel !== undefined) reporter.token.onCancellationRequested(this.cancel);
    } catch {
      // Without a place to show it the work goes on all the same.
    }
  }
}

/**
 * Runs what answers a request; the user may end it as the client may.
 * @param isHeldUp whether it waits for something that shows progress of its own
 */
export async function shownWhenSlow<R>(
  place: ProgressPlace,
  title: string,
  token: CancellationToken,
  isHeldUp: () => boolean,
  run: (token: CancellationToken) => Promise<R>,
): Promise<R> {
  const source = new CancellationTokenSource();
  const given = token.onCancellationRequested(() => source.cancel());
  if (token.isCancellationRequested) source.cancel();
  const work = new SlowWork(place, title, () => source.cancel()).after(isHeldUp);
  try {
    return await run(source.token);
  } finally {
    work.end();
    given.dispose();
    source.dispose();
  }
}
