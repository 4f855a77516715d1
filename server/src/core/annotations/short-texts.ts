/** The short texts that stand in the source: hints at registrations, lenses above functions. */
import type { EntryOrder, Finding, Scope } from '../result.ts';
import type { ChainName, Nth, StepPosition } from './positions.ts';

/** How people call the scopes. */
export const scopeNames: Readonly<Record<Scope, string>> = { bound: 'devm', drm: 'drmm' };

const places: Readonly<Record<ChainName, string>> = {
  remove: 'in remove',
  unbind: 'at unbind',
  'last put': 'at the last put',
};

function ofList(numbers: readonly Nth[]): string {
  const [first, second] = numbers;
  if (!first) return '';
  const last = numbers[numbers.length - 1] ?? first;
  if (!second) return `${first.nth}/${first.of}`;
  if (numbers.length === 2) return `${first.nth}, ${second.nth}/${first.of}`;
  return `${first.nth} … ${last.nth}/${first.of}, ${numbers.length}×`;
}

/** The positions of one entry: the first that gives back anything there. */
function ofOneEntry(positions: readonly StepPosition[]): readonly StepPosition[] {
  const entry = positions.find(({ chain }) => chain !== null)?.entry;
  return positions.filter((position) => position.entry === entry);
}

function sorted(numbers: readonly Nth[]): readonly Nth[] {
  return [...numbers].sort((a, b) => a.nth - b.nth);
}

/** `unbind 14/41`: when what is registered at a place is given back. Empty when it never is. */
export function hintLabel(positions: readonly StepPosition[]): string {
  const ran = ofOneEntry(positions).flatMap(({ chain }) => chain ?? []);
  const name = ran[0]?.name;
  if (name === undefined) return '';
  return `${name} ${ofList(sorted(ran.filter((chain) => chain.name === name)))}`;
}

/** `runs at unbind, 14 of 41`: the same above a callback. Empty when it never runs. */
export function callbackLabel(positions: readonly StepPosition[]): string {
  const ran = ofOneEntry(positions).flatMap(({ chain }) => chain ?? []);
  const [first] = ran;
  if (first === undefined) return '';
  const same = sorted(ran.filter(({ name }) => name === first.name));
  const where = `runs ${places[first.name]}`;
  if (same.length > 1) return `${where}, ${ofList(same)}`;
  return `${where}, ${first.nth} of ${first.of}`;
}

/** `41 devm, 23 drmm, 2 hazards`: what an entry point takes. */
export function entryLabel(entry: EntryOrder, findings: readonly Finding[]): string {
  const count = (scope: Scope): number =>
    entry.acquired.filter((step) => step.scope === scope).length;
  const hazards = hazardsOf(entry, findings).length;
  const words = [`${count('bound')} devm`, `${count('drm')} drmm`];
  if (hazards > 0) words.push(hazards === 1 ? '1 hazard' : `${hazards} hazards`);
  return words.join(', ');
}

/** The errors and warnings at the steps of an entry. */
export function hazardsOf(entry: EntryOrder, findings: readonly Finding[]): readonly Finding[] {
  const { unbind, 'unplug-open': open } = entry.timelines;
  const named = new Set([...entry.acquired, ...unbind, ...open].flatMap((step) => step.findings));
  return findings.filter(
    ({ fingerprint, severity }) =>
      named.has(fingerprint) && (severity === 'error' || severity === 'warning'),
  );
}
