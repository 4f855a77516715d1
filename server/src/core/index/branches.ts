/** `#if`, `#else` and `#endif`: what each branch starts from and leaves behind. */
import { blankEnd, trimmedEnd } from '../syntax/characters.ts';
import { type Conditional, constantCondition, isGuard, skipBranch } from './conditionals.ts';
import { type ConditionKind, Flag } from './file-index.ts';
import type { Reading } from './reading.ts';

export class Branches {
  private readonly reading: Reading;

  constructor(reading: Reading) {
    this.reading = reading;
  }

  openConditional(kind: ConditionKind, at: number, from: number, end: number): number {
    const { text, alternatives } = this.reading;
    const constant = kind === 'if' ? constantCondition(text, from, end) : null;
    const one: Conditional = {
      start: at,
      lineEnd: end,
      constant: false,
      saved: this.reading.state(),
      headSerial: this.reading.headSerial,
      guard:
        kind === 'ifndef' &&
        this.reading.builder.count === 0 &&
        alternatives.stack.length === 0 &&
        isGuard(text, from, end),
      taken: constant === 1,
      dead: constant === 0,
      deepest: null,
      variants: [],
      opened: [],
      branch: 0,
      kind,
      conditionStart: blankEnd(text, from, end),
      conditionEnd: trimmedEnd(text, from, end),
      group: -1,
      row: -1,
    };
    alternatives.stack.push(one);
    if (!one.dead) {
      if (constant === 1) this.openConstant(one, end);
      return end;
    }
    const next = skipBranch(text, end);
    if (!/^#[ \t]*elif/.test(text.slice(next, next + 16))) this.openConstant(one, next);
    return next;
  }

  nextBranch(kind: ConditionKind, at: number, from: number, end: number): number {
    const one = this.reading.alternatives.stack[this.reading.alternatives.stack.length - 1];
    if (!one) return end;
    this.leaveBranch(one, at);
    this.keepHeadGap(one, at, end);
    this.reading.restore(one.saved);
    for (const fn of this.reading.open) {
      if (fn.row < 0 || one.constant) continue;
      // The branch closed the body, and the next one goes on with it: it loses brace and directives.
      fn.flags |= Flag.split;
      this.reading.builder.gap(fn.row, one.start, one.lineEnd);
      this.reading.builder.gap(fn.row, fn.end - 1, end);
    }
    one.branch++;
    one.kind = kind;
    one.conditionStart = blankEnd(this.reading.text, from, end);
    one.conditionEnd = trimmedEnd(this.reading.text, from, end);
    one.row = -1;
    one.dead = one.taken;
    const next = one.dead ? skipBranch(this.reading.text, end) : end;
    if (one.constant) this.bodyGap(at, next);
    return next;
  }

  /** In a body: the dead branch and the directives are no part of what is parsed. */
  private openConstant(one: Conditional, end: number): void {
    if (this.reading.depth === 0 || this.reading.block !== 'function') return;
    one.constant = true;
    this.bodyGap(one.start, end);
  }

  private bodyGap(start: number, end: number): void {
    for (const fn of this.reading.open) {
      fn.flags |= Flag.split;
      fn.gaps.push({ start, end });
    }
  }

  /** A directive inside a head that began behind its `#if` must not be parsed without it. */
  private keepHeadGap(one: Conditional, start: number, end: number): void {
    if (this.reading.depth > 0 || this.reading.head.length === 0) return;
    if (one.headSerial !== this.reading.headSerial || one.saved.head.length === 0)
      this.reading.headGaps.push({ start, end });
  }

  /** Keeps what the branch that ends here has left open. */
  private leaveBranch(one: Conditional, at: number): void {
    if (one.dead) return;
    const { saved } = one;
    if (this.reading.depth > 0 && saved.depth === 0 && this.reading.block === 'function') {
      for (const fn of this.reading.open) {
        if (one.opened.includes(fn)) continue;
        fn.gaps.push({ start: at, end: at });
        one.opened.push(fn);
      }
    } else if (this.reading.depth === 0 && saved.depth === 0) {
      const from = one.headSerial === this.reading.headSerial ? saved.head.length : 0;
      // In a parameter list: what stands in the branch lies between the same parentheses.
      const level = from === 0 ? 0 : saved.head.level;
      if (this.reading.head.length > from && this.reading.head.level === level)
        one.variants.push({
          from,
          tokens: this.reading.head.range(from, this.reading.head.length),
          alternative: this.reading.alternatives.current(),
        });
    }
    if (!one.deepest || this.reading.depth > one.deepest.depth) one.deepest = this.reading.state();
  }

  closeConditional(at: number, end: number): void {
    const one = this.reading.alternatives.stack[this.reading.alternatives.stack.length - 1];
    if (!one) return;
    this.leaveBranch(one, at);
    this.keepHeadGap(one, at, end);
    if (one.constant) this.bodyGap(at, end);
    this.reading.alternatives.stack.pop();
    // The last branch counts unless another left more braces open, or it is dead.
    if (one.deepest && (one.dead || one.deepest.depth > this.reading.depth))
      this.reading.restore(one.deepest);
    if (one.opened.length > 0 && this.reading.depth > 0) {
      this.reading.open = one.opened;
      const split = one.opened.length > 1;
      for (const fn of one.opened) {
        if (split) fn.flags |= Flag.split;
        const gap = fn.gaps[fn.gaps.length - 1];
        if (gap) gap.end = end;
        if (!split) fn.gaps.pop();
      }
    }
    if (one.variants.length > 1 && this.reading.depth === 0 && this.reading.head.length > 0)
      this.reading.variants = {
        list: one.variants,
        end: this.reading.head.length,
        start: one.start,
        close: end,
      };
  }
}
