/**
 * What runtime suspend switches off and remove() switches off once more: the core drops its reference before it
 * calls remove(), and the idle device is suspended then.
 */
import type { Catalog } from '../catalog.ts';
import type { RuntimePmWord } from '../catalog-entries.ts';
import type { Pass, Question } from '../pass.ts';
import type { MemberKey } from '../program/objects.ts';
import type { FunctionRef } from '../program/program.ts';
import { type Stop, shareMember, stopsOf } from '../program/stops.ts';
import { type ClosedBinding, closedBindingsOf, waysToRole } from '../teardown/bindings.ts';
import { isPlainWay, waysToCalls } from './ends.ts';
import { comesBefore, type Way } from './ways.ts';

export interface OffTwice {
  readonly binding: ClosedBinding;
  readonly key: MemberKey;
  readonly suspend: FunctionRef;
  /** In runtime suspend, and in the way out. */
  readonly suspended: Stop;
  readonly removed: Stop;
}

/** The first such thing of each driver that enables runtime PM by itself and leaves its device idle. */
export function offTwice(pass: Pass): OffTwice[] {
  const suspends = pass.tableFunctions
    .filter(({ entry }) => entry.member.split('.').at(-1) === 'runtime_suspend')
    .map(({ fn }) => fn);
  if (suspends.length === 0) return [];
  return closedBindingsOf(pass).flatMap((binding) => {
    if (!canBeSuspended(pass, binding)) return [];
    const own = suspends.filter(({ file }) => suspends.length === 1 || file === binding.end.file);
    return own.flatMap((suspend) => sharedOff(pass, binding, suspend)).slice(0, 1);
  });
}

interface Names {
  readonly gets: readonly string[];
  readonly puts: ReadonlySet<string>;
  /** What gives back an enable, and no reference to the object. */
  readonly offs: ReadonlySet<string>;
}

const names: Question<null, Names> = {
  answer: ({ catalog }) => {
    const enables = new Set(
      catalog.data.milestones
        .filter(({ role }) => role === 'runtime-pm-enable')
        .map(({ name }) => name),
    );
    const references = catalog.data.takes.filter(
      ({ group, name }) => group === 'runtime-pm' && !enables.has(name),
    );
    return {
      gets: references.map(({ name }) => name),
      puts: new Set(references.flatMap(({ releases }) => releases)),
      offs: new Set(wordsOf(catalog, 'switches-off')),
    };
  },
};

/** The functions of which the catalogue says that. */
function wordsOf({ data }: Catalog, wanted: RuntimePmWord['does']): string[] {
  return data.runtimePm.filter(({ does }) => does === wanted).map(({ name }) => name);
}

/** Whether the idle device is suspended when remove() runs: nothing holds it, and no delay keeps it on. */
function canBeSuspended(pass: Pass, { start, starts, end }: ClosedBinding): boolean {
  const enables = waysToRole(pass, 'runtime-pm-enable');
  if (!enables.has(start.fn)) return false;
  const { gets, puts } = pass.ask(names, null);
  const calls = [...pass.graph.reachedFrom(starts)].flatMap(({ facts }) => facts.calls);
  // Without it the first suspend comes after a resume, which has switched on once more what probe switched on.
  const actives = wordsOf(pass.catalog, 'starts-active');
  if (!calls.some(({ callee }) => actives.includes(callee))) return false;
  const takes = calls.some(({ callee }) => gets.includes(callee));
  if (takes && !calls.some(({ callee }) => puts.has(callee))) return false;
  const isDelayed = wordsOf(pass.catalog, 'delays').some(
    (name) => pass.program.callsOf(name).length > 0,
  );
  return !isDelayed || hurriedBy(pass, end.fn).length > 0;
}

/**
 * Where a way out has the idle device suspended at once: not where runtime PM is disabled before, which leaves it
 * as it is.
 */
function hurriedBy(pass: Pass, out: FunctionRef): readonly Way[] {
  const disabled = waysToCalls(pass, out, disablesOf(pass));
  return waysToCalls(pass, out, wordsOf(pass.catalog, 'hurries')).filter(
    (way) => !disabled.some((one) => comesBefore(pass, one, way)),
  );
}

function disablesOf({ catalog }: Pass): string[] {
  return catalog.data.milestones
    .filter(({ role }) => role === 'runtime-pm-disable')
    .map(({ name }) => name);
}

function sharedOff(pass: Pass, binding: ClosedBinding, suspend: FunctionRef): OffTwice[] {
  const { end } = binding;
  const { gets, offs } = pass.ask(names, null);
  const resumes = waysToCalls(pass, end.fn, gets);
  const settled = [...waysToCalls(pass, end.fn, disablesOf(pass)), ...hurriedBy(pass, end.fn)];
  const isOff = ({ release, way }: Stop) => offs.has(release.name) && isPlainWay(pass, way);
  const inSuspend = stopsOf(pass, suspend).filter(isOff);
  return stopsOf(pass, end.fn)
    .filter(isOff)
    .flatMap((removed) => {
      const keys = removed.keys.filter(({ tag }) => tag !== '');
      const suspended = inSuspend.find((one) => shareMember(one.keys, keys));
      const [key] = keys;
      if (!suspended || !key) return [];
      // Who has resumed it before it is switched off knows that it is on.
      if (resumes.length > 0) return [];
      if (!settled.some((way) => comesBefore(pass, way, removed.way))) return [];
      return [{ binding, key, suspend, suspended, removed }];
    });
}
