/**
 * An error way that takes the turn of a loop apart which has just failed: `for (; i >= 0; i--)` begins with
 * the element that undid its own steps before it answered, `while (--i >= 0)` with the one before.
 */
import type { CallFact, Context, FunctionFacts } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import { lastStep } from '../program/listed.ts';
import { pathIn } from '../program/objects.ts';
import type { FunctionRef } from '../program/program.ts';

/** Whether `cleanup` runs for the element, too, for which `failing` failed. */
export function includesFailedTurn(
  { catalog }: Pass,
  fn: FunctionRef,
  failing: CallFact,
  cleanup: CallFact,
): boolean {
  const { facts } = fn;
  const flow = catalog.flows.of(facts);
  const [made, undone] = [flow.loopOf(failing), flow.loopOf(cleanup)];
  if (!made || !undone || made === undone) return false;
  const { text } = fn.body;
  const counter = counterOf(made.text);
  const own = counterOf(undone.text) ?? countedDownIn(text, undone) ?? counter;
  if (counter === undefined || own === undefined) return false;
  const arrays = elementsOf(text, made, counter);
  const same = elementsOf(text, undone, own).some((one) => arrays.includes(one));
  return same && beginsWithFailed(facts, text, made, undone, counter);
}

/** Whether a loop's first turn is that of the element that failed, or it goes through all of them. */
function beginsWithFailed(
  { altered }: FunctionFacts,
  text: string,
  made: Context,
  undone: Context,
  counter: string,
): boolean {
  const [, init = '', test = '', update = ''] =
    /^for \(([^;]*);([^;]*);([^;]*)\)$/.exec(undone.text) ?? [];
  const isFor = undone.text.startsWith('for (') && update !== '';
  // What is counted down on the way to the loop, or in its head, leaves the failed one out.
  const before = text.slice(made.end, undone.head ?? undone.start);
  if (!altered.includes(counter) || stepsDown(before, counter)) return false;
  if (!isFor) return /^while \(\w+ >= 0\)$/.test(undone.text);
  const start = init.trim();
  if (start === '' || start === counter) return update.includes('--') && /\S/.test(test);
  const [, from = ''] = /=\s*(.+)$/.exec(start) ?? [];
  if (update.includes('--')) return from === counter || from === `${boundOf(made.text)} - 1`;
  return (
    from === '0' &&
    (boundOf(undone.text) === boundOf(made.text) || new RegExp(`<= ?${counter}$`).test(test.trim()))
  );
}

function stepsDown(text: string, counter: string): boolean {
  const name = `\\b${counter}\\b`;
  return new RegExp(`--\\s*${name}|${name}\\s*--|${name}\\s*-=|${name}\\s*=[^=]`).test(text);
}

/** `i` of `for (i = 0; i < n; i++)`. */
function counterOf(head: string): string | undefined {
  return (
    /^for \([^;]*;\s*(\w+)\s*(?:<|<=|!=|>=|>)/.exec(head)?.[1] ??
    /^while \((\w+) >= 0\)$/.exec(head)?.[1]
  );
}

function countedDownIn(text: string, { start, end }: Context): string | undefined {
  return /\b(\w+)\s*--/.exec(text.slice(start, end))?.[1];
}

/** `n` of `i < n`. */
function boundOf(head: string): string | undefined {
  return /;\s*\w+\s*<\s*([^;]+);/.exec(head)?.[1]?.trim();
}

/** The arrays of which a loop's body names the element whose turn it is: `x->ring` of `x->ring[i]`. */
function elementsOf(text: string, { start, end }: Context, counter: string): string[] {
  const found = text
    .slice(start, end)
    .matchAll(
      new RegExp(`((?:\\w+\\s*(?:->|\\.)\\s*)*\\w+)\\s*\\[\\s*${counter}\\s*(?:--)?\\s*\\]`, 'g'),
    );
  return [...found].map(([, array = '']) => array.replace(/\s+/g, ''));
}

/**
 * The function that undoes an element: where `begin` is what one table gives the member that `failing`
 * calls, what the same table, or the same element of it, gives the member that `cleanup` calls.
 */
export function elementsEnd(
  { program }: Pass,
  begin: FunctionRef,
  failing: CallFact,
  cleanup: CallFact,
): FunctionRef | undefined {
  const [made, undone] = [memberIn(failing), memberIn(cleanup)];
  if (made === undefined || undone === undefined) return undefined;
  for (const { file, table } of program.tables()) {
    const named = (member: string) =>
      /^\[\d+\]$/.test(member)
        ? program.struct(table.struct, file)?.members[Number(member.slice(1, -1))]?.name
        : member.split('.').at(-1);
    const entries = table.entries.map((entry) => ({ ...entry, name: named(entry.member) }));
    const at = entries.findIndex(
      ({ name, value }) => name === made && program.resolve(value, file) === begin,
    );
    if (at < 0) continue;
    // Elements follow each other: the next begins where a member comes again.
    const element = [entries[at]];
    const seen = new Set([made]);
    for (const one of entries.slice(at + 1)) {
      if (one.name === undefined || seen.has(one.name)) break;
      seen.add(one.name);
      element.push(one);
    }
    for (const one of entries.slice(0, at).reverse()) {
      if (one.name === undefined || seen.has(one.name)) break;
      seen.add(one.name);
      element.push(one);
    }
    const end = element.find((one) => one?.name === undone);
    return end && program.resolve(end.value, file);
  }
  return undefined;
}

function memberIn({ callee, through }: CallFact): string | undefined {
  const path = callee === '' && through ? pathIn(through) : undefined;
  return path && lastStep(path.steps);
}
