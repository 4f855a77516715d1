/** What a step gives back, in words: from what its callback does, or from where the result is kept. */
import type { CallFact, Value } from '../facts/types.ts';
import type { Pass, Question } from '../pass.ts';
import { allocatedStruct } from '../program/allocated-struct.ts';
import { showPath } from '../program/objects.ts';
import type { FunctionRef } from '../program/program.ts';
import { stopsOf } from '../program/stops.ts';

export interface Words {
  readonly releases: string | null;
  /** The one kind that all of it is of, null when there is none. */
  readonly kind: string | null;
  /** The buffer objects of it, as the callback writes them. */
  readonly bos: readonly string[];
}

interface Given {
  readonly kind: string;
  readonly text: string;
}

const most = 4;

/** What running a callback gives back. */
export function wordsOfCallback(pass: Pass, fn: FunctionRef): Words {
  return pass.ask(callbackWords, fn);
}

const callbackWords: Question<FunctionRef, Words> = {
  answer: (pass, fn) => {
    const objects = pass.effects.releasesOf(fn).map(
      ({ release, written }): Given => ({
        kind: kindOf(release.what),
        text: quoted(written) || release.what,
      }),
    );
    const stops = stopsOf(pass, fn).map(
      ({ release, written }): Given => ({
        kind: release.group,
        text: `${release.what} ${quoted(written)}`.trim(),
      }),
    );
    const given = [...objects, ...stops, ...freedBy(pass, fn)];
    const texts = [...new Set(given.map((one) => one.text))];
    const kinds = new Set(given.map((one) => one.kind));
    const more = texts.length > most ? ` and ${texts.length - most} more` : '';
    return {
      releases: texts.length > 0 ? texts.slice(0, most).join(', ') + more : null,
      kind: kinds.size === 1 ? ([...kinds][0] ?? null) : null,
      bos: [...new Set(objects.filter(({ kind }) => kind === 'bo').map(({ text }) => text))],
    };
  },
};

const freeing: Question<null, ReadonlySet<string>> = {
  answer: ({ catalog }) => new Set(catalog.data.memory.flatMap((one) => one.releases)),
};

function freedBy(pass: Pass, fn: FunctionRef): Given[] {
  const frees = pass.ask(freeing, null);
  return fn.facts.calls
    .filter((call) => frees.has(call.callee))
    .map((call) => ({ kind: 'memory', text: `memory ${quoted(call.args[0]?.text ?? '')}`.trim() }));
}

function kindOf(what: string): string {
  if (/\b(BO|GEM)\b/.test(what)) return 'bo';
  return what.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}

/** Where the result of a managed call is kept. */
export function wordsOfResult(
  pass: Pass,
  fn: FunctionRef,
  call: CallFact,
  what: string,
): string | null {
  const index = fn.facts.assigned.numberOf(call);
  const kept = fn.facts.assigns.find((one) => holds(one.value, index));
  const tag = what === 'memory' ? allocatedStruct(pass.program, fn, call) : undefined;
  const type = tag === undefined ? '' : ` (struct ${tag})`;
  if (!kept) return tag === undefined ? null : `struct ${tag}`;
  return `${what} \`${showPath(kept.target)}\`${type}`;
}

function holds(value: Value, call: number): boolean {
  return value.kind === 'call'
    ? value.call === call
    : value.kind === 'choice' && value.of.some((one) => holds(one, call));
}

function quoted(written: string): string {
  const text = written.replace(/\s+/g, ' ').trim();
  return text === '' ? '' : `\`${text}\``;
}
