/**
 * How a function has to leave when a step in its middle fails: what was taken above has to be given
 * back, and nothing else. Only what the neighbouring steps show for certain counts.
 */
import type { CallWord } from '../catalog.ts';
import type { CallFact } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import type { FunctionRef } from '../program/program.ts';
import type { Code } from './sources.ts';
import type { Placed, Statement } from './text/statements.ts';
import { undoneTooEarly } from './undone-too-early.ts';

/** The label to jump to, `''` for a plain return; or why it cannot be told. */
export type WayOut = { readonly label: string } | { readonly reason: string };

type Exit = { readonly label: string } | 'unclear';

/** What a step that fails at `placed` has to leave by. */
export function wayOut(pass: Pass, code: Code, placed: Placed): WayOut {
  const name = code.fn.name;
  const pair = pairAround(pass, code, placed);
  if (pair)
    return {
      reason: `it stands between ${pair[0].callee}() and ${pair[1].callee}(), which has to run on this way out, too`,
    };
  const above = exitAbove(pass, code, placed);
  const next = placed.parent === null ? exitBelow(pass, code, placed) : undefined;
  // Where something stays taken without a label, the next step's plain return proves nothing.
  const plain = next !== undefined && next !== 'unclear' && next.label === '';
  const below = above === undefined && plain && takesKnown(pass, code, placed) ? undefined : next;
  const shown = [above, below].filter((one) => one !== undefined);
  const [first, second] = shown;
  if (first === undefined)
    return {
      reason:
        code.fn.facts.labels.length > 0
          ? `\`${name}\` unwinds by goto: choose the label`
          : `\`${name}\` has taken something before: what this way out has to give back is not shown`,
    };
  if (first === 'unclear' || second === 'unclear')
    return { reason: `\`${name}\` gives something back by hand where it leaves next to the call` };
  if (second !== undefined && first.label !== second.label)
    return { reason: `\`${name}\` leaves in two ways next to the call: choose one` };
  const early = undoneTooEarly(pass, code.fn, endOf(code, placed), first.label);
  if (early)
    return takesAbove(pass, code, placed)
      ? {
          reason: `\`${first.label}:\` calls ${early.callee || 'what'}(), which undoes what is done only below it`,
        }
      : { label: '' };
  return cleansModes(pass, code, first.label)
    ? { reason: `\`${name}\` unwinds by goto: choose the label` }
    : first;
}

function endOf({ fn }: Code, { statement }: Placed): number {
  return statement.end - fn.def.start;
}

/** Whether anything above, in whatever branch, can have to be given back. */
function takesAbove(pass: Pass, code: Code, placed: Placed): boolean {
  return code.fn.facts.calls.some(
    (call) =>
      call.end <= placed.statement.start - code.fn.def.start && canTake(pass, code.fn, call),
  );
}

/** A call above of which another one below undoes what it did: by their names, and on the same thing. */
function pairAround(
  { catalog }: Pass,
  { fn }: Code,
  { statement }: Placed,
): readonly [CallFact, CallFact] | undefined {
  const { calls } = fn.facts;
  const above = calls.filter(({ end }) => fn.def.start + end <= statement.start);
  const below = calls.filter(({ start }) => fn.def.start + start >= statement.end);
  const object = ({ args }: CallFact) => args[0]?.text.replace(/\s+/g, '') ?? '';
  for (const first of above) {
    const words = first.callee.split('_');
    const names = catalog.data.callPairs.flatMap((pair) =>
      words.flatMap((word, i) =>
        word === pair.first
          ? words
              .with(i, pair.second)
              .slice(0, i + 1)
              .join('_')
          : [],
      ),
    );
    // Their names can go on in different ways: `_lock_irqsave`, `_unlock_irqrestore`.
    const second = below.find(
      (one) =>
        object(one) === object(first) &&
        names.some((name) => one.callee === name || one.callee.startsWith(`${name}_`)),
    );
    const closed = above.some((one) => one.start > first.end && one.callee === second?.callee);
    if (second && !closed) return [first, second];
  }
  return undefined;
}

/** The way out of the next step that can fail, where nothing is taken between it and `placed`. */
function exitBelow(pass: Pass, code: Code, { list, index }: Placed): Exit | undefined {
  for (const [i, one] of list.slice(index + 1).entries()) {
    const exit = exitIn(pass, code, one);
    if (exit !== undefined) {
      // A registration that fails runs its action: what was taken above is given back before that leaves.
      const step = i > 0 ? list[index + i] : undefined;
      return [one, step].some((part) => part && runsAction(pass, code, part)) ? undefined : exit;
    }
    // What is tested right below has not been taken where it fails.
    const tested = list[index + 2 + i]?.word === 'if';
    if (one.kind === 'label' || one.word === 'return' || (!tested && takes(pass, code, one)))
      return undefined;
  }
  return undefined;
}

/** The way out that is due where nothing was taken since: that of a step above, or the beginning's. */
function exitAbove(pass: Pass, code: Code, placed: Placed): Exit | undefined {
  for (let i = placed.index - 1; i >= 0; i--) {
    const one = placed.list[i];
    if (one === undefined || one.kind === 'label' || takes(pass, code, one)) return undefined;
    const exit = exitIn(pass, code, one);
    if (exit === undefined) continue;
    // A step that went well is taken: its own way out does not give it back.
    const tested = placed.list[i - 1];
    return tested && takes(pass, code, tested) ? undefined : exit;
  }
  const { parent } = placed;
  if (parent === null) return { label: '' };
  return takes(pass, code, {
    ...parent.statement,
    end: placed.list[0]?.start ?? placed.statement.start,
  })
    ? undefined
    : exitAbove(pass, code, parent);
}

/** How an `if` leaves with an error; undefined where it does not. */
function exitIn(pass: Pass, code: Code, one: Statement): Exit | undefined {
  if (one.word !== 'if' || one.otherwise) return undefined;
  const body = code.text.slice(one.head?.end ?? one.start, one.end);
  const leave = /\b(?:goto\s+(\w+)|return\b([^;]*));\s*\}?$/.exec(body);
  if (!leave || leave[2]?.trim() === '0' || leave[2]?.trim() === '') return undefined;
  const inBody = { start: one.head?.end ?? one.start, end: one.end };
  return callsIn(code, inBody).some((call) => givesBack(pass, call))
    ? 'unclear'
    : { label: leave[1] ?? '' };
}

/**
 * Whether a statement registers an action that runs at once when that fails, by itself or in a function of the
 * module.
 */
function runsAction(pass: Pass, code: Code, one: Statement): boolean {
  const names = [...pass.catalog.managed.values()]
    .filter(({ role, orReset }) => role === 'add-action' && orReset === true)
    .map(({ name }) => name);
  const ways = pass.graph.waysTo(names);
  return callsIn(code, one).some(
    (call) =>
      names.includes(call.callee) ||
      pass.graph.targetsOf(code.fn, call).some((target) => ways.has(target)),
  );
}

/** Whether the function has taken, above, what the catalogue knows to be given back by hand. */
function takesKnown({ catalog }: Pass, { fn }: Code, { statement }: Placed): boolean {
  return fn.facts.calls.some(
    ({ callee, end }) =>
      fn.def.start + end <= statement.start &&
      (catalog.takes.has(callee) || catalog.acquires.has(callee) || catalog.plain.has(callee)),
  );
}

function callsIn({ fn }: Code, span: { readonly start: number; readonly end: number }): CallFact[] {
  return fn.facts.calls.filter(
    (call) => fn.def.start + call.start >= span.start && fn.def.start + call.end <= span.end,
  );
}

/** Whether a statement can leave something behind that has to be given back. */
function takes(
  pass: Pass,
  code: Code,
  one: { readonly start: number; readonly end: number },
): boolean {
  return callsIn(code, one).some((call) => canTake(pass, code.fn, call));
}

function canTake(pass: Pass, fn: FunctionRef, call: CallFact): boolean {
  const { catalog } = pass;
  if (catalog.managed.has(call.callee)) return false;
  if (catalog.takes.has(call.callee) || catalog.plain.has(call.callee)) return true;
  if (hasWord(pass, call, 'keeps')) return false;
  if (catalog.acquires.has(call.callee)) return true;
  const target = pass.program.resolve(call.callee, fn.file);
  if (target) return takesInside(pass, target);
  // A function that is not seen, and whose failure is looked at, may have something to undo.
  return call.callee === '' || hasWord(pass, call, 'takes') || isStep(fn, call);
}

/** Whether anything that a function of the module runs can take something. */
function takesInside(pass: Pass, fn: FunctionRef): boolean {
  const known = pass.once.get('functions that take', () => new Map<FunctionRef, boolean>());
  const before = known.get(fn);
  if (before !== undefined) return before;
  // Round a cycle nothing is taken that its other calls do not take.
  known.set(fn, false);
  const found = fn.facts.calls.some((call) => canTake(pass, fn, call));
  known.set(fn, found);
  return found;
}

/** Whether a call answers an error number that is kept in an int or tested itself. */
function isStep({ facts }: FunctionRef, call: CallFact): boolean {
  if (call.use === 'tested') return true;
  const index = facts.assigned.numberOf(call);
  const holder = facts.assigns.find(({ value }) => value.kind === 'call' && value.call === index);
  return facts.locals.some(
    ({ name, type }) =>
      holder?.target.steps.length === 0 &&
      name === holder.target.root &&
      type.name === 'int' &&
      type.pointers === 0,
  );
}

function hasWord(pass: Pass, { callee }: CallFact, role: CallWord['role']): boolean {
  const words = new Set([callee, ...callee.split('_')]);
  return pass.catalog.data.callWords.some((one) => one.role === role && words.has(one.word));
}

/** Whether a call on the way out undoes something: all but those that only report may. */
function givesBack(pass: Pass, call: CallFact): boolean {
  return !hasWord(pass, call, 'says') && !hasWord(pass, call, 'keeps');
}

/** Whether the way out from a label takes mode setting apart by hand: after a failed managed call once too often. */
function cleansModes(pass: Pass, { fn }: Code, label: string): boolean {
  const from = fn.facts.labels.find((one) => one.name === label)?.start;
  if (from === undefined) return false;
  return fn.facts.calls.some(
    (call) =>
      call.start > from && pass.catalog.milestones.get(call.callee)?.role === 'mode-config-cleanup',
  );
}
