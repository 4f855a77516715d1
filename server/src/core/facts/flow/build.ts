/** Builds the blocks of a function while its body is read. */
import type { Block, Decision, Exit, Value } from '../types.ts';

interface Draft {
  next: number[];
  test?: Decision;
  exit?: Exit;
}

interface Switch {
  readonly next: number[];
  readonly cases: (Value | null)[];
}

/** Numbers that the walker has handed out, for the blocks that are kept. */
export interface Built {
  readonly blocks: readonly Block[];
  /** The final number of a block that was given out meanwhile. */
  readonly final: (block: number) => number;
}

export class FlowBuilder {
  /** The block that what is read next stands in. */
  at = 0;
  private readonly drafts: Draft[] = [{ next: [] }];
  private readonly labels = new Map<string, number>();
  private readonly breaks: number[] = [];
  private readonly continues: number[] = [];
  private readonly switches: Switch[] = [];

  /** A new block; nothing leads to it yet. */
  make(): number {
    this.drafts.push({ next: [] });
    return this.drafts.length - 1;
  }

  begin(block: number): void {
    this.at = block;
  }

  /** Ends the present block on the way to another. */
  goOn(to: number): void {
    this.drafts[this.at]?.next.push(to);
  }

  branch(test: Decision, yes: number, no: number): void {
    const draft = this.drafts[this.at];
    if (!draft) return;
    draft.test = test;
    draft.next.push(yes, no);
  }

  /** Ends the present block for good: what is read next is reached by a label only. */
  leave(exit: Exit): void {
    const draft = this.drafts[this.at];
    if (draft) draft.exit = exit;
    this.at = this.make();
  }

  jump(label: string): void {
    this.goOn(this.labelled(label));
    this.at = this.make();
  }

  label(name: string): void {
    const block = this.labelled(name);
    this.goOn(block);
    this.at = block;
  }

  break(): void {
    this.goAway(this.breaks);
  }

  continue(): void {
    this.goAway(this.continues);
  }

  /** Reads what `break` and `continue` leave; the ends are blocks. */
  inLoop(onBreak: number, onContinue: number, read: () => void): void {
    this.breaks.push(onBreak);
    this.continues.push(onContinue);
    read();
    this.breaks.pop();
    this.continues.pop();
  }

  /** Reads a switch's body; the cases in it call `case`. */
  inSwitch(value: Value, read: () => void): void {
    const head = this.drafts[this.at];
    const after = this.make();
    const found: Switch = { next: [], cases: [] };
    this.at = this.make();
    this.breaks.push(after);
    this.switches.push(found);
    read();
    this.switches.pop();
    this.breaks.pop();
    this.goOn(after);
    if (!found.cases.includes(null)) {
      found.next.push(after);
      found.cases.push(null);
    }
    if (head) {
      head.test = { kind: 'switch', value, cases: found.cases };
      head.next.push(...found.next);
    }
    this.at = after;
  }

  /** `case value:`, or `default:` for null. */
  case(value: Value | null): void {
    const block = this.make();
    this.goOn(block);
    this.at = block;
    const inner = this.switches[this.switches.length - 1];
    inner?.next.push(block);
    inner?.cases.push(value);
  }

  private goAway(targets: readonly number[]): void {
    const target = targets[targets.length - 1];
    // A stray word of broken C leads nowhere.
    if (target === undefined) return;
    this.goOn(target);
    this.at = this.make();
  }

  private labelled(name: string): number {
    let block = this.labels.get(name);
    if (block === undefined) {
      block = this.make();
      this.labels.set(name, block);
    }
    return block;
  }

  /** @param used the blocks in which something stands: the others of no choice are joined away */
  finish(used: ReadonlySet<number>): Built {
    const last = this.drafts[this.at];
    if (last && !last.exit) last.exit = { value: null, start: -1 };
    const { drafts } = this;
    const through = drafts.map((draft, i) =>
      !used.has(i) && i > 0 && !draft.test && !draft.exit && draft.next.length === 1
        ? (draft.next[0] ?? -1)
        : -1,
    );
    const follow = (block: number): number => {
      let at = block;
      // `for (;;);` goes through itself.
      for (let i = 0; i < drafts.length && (through[at] ?? -1) >= 0; i++) at = through[at] ?? at;
      return at;
    };
    const reached = new Set([0, ...used]);
    // A set hands out what is added while it is walked.
    for (const block of reached)
      for (const to of drafts[block]?.next ?? []) reached.add(follow(to));
    const kept = [...reached].sort((a, b) => a - b);
    const numbers = new Map(kept.map((block, i) => [block, i]));
    const final = (block: number) => numbers.get(follow(block)) ?? 0;
    return {
      blocks: kept.map((block) => {
        const { next, test, exit } = drafts[block] ?? { next: [] };
        return {
          next: next.map(final),
          ...(test ? { test } : {}),
          ...(exit ? { exit } : {}),
        };
      }),
      final,
    };
  }
}
