/** The order view says once what it is, above the first rows that a user ever sees in it. */
import type { Memento } from 'vscode';
import { say } from '#say';

const key = 'driverTeardown.order.introduced';

export class OrderIntroduction {
  private readonly memory: Pick<Memento, 'get' | 'update'>;
  private isShown = false;

  /** @param memory of the user, not of the workspace */
  constructor(memory: Pick<Memento, 'get' | 'update'>) {
    this.memory = memory;
  }

  /** What to say above the rows; undefined when the user has read it before. */
  text(): string | undefined {
    if (!this.isShown && this.memory.get(key, false)) return undefined;
    if (!this.isShown) void this.memory.update(key, true);
    this.isShown = true;
    return say(
      'What ends first stands at the top, per timeline. A click on a row goes to its code; the icons at its right show what it is tied to, or mend a finding.',
    );
  }

  /** The user does something with the view, and so has read it. */
  done(): void {
    this.isShown = false;
  }
}
