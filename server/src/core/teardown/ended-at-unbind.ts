/**
 * What is torn down at unbind, before the last put: what devm took and a member keeps, what devm
 * actions release, and what remove() releases by hand.
 */

import type { Catalog, ReleaseVerb } from '../catalog.ts';
import type { CallFact } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import { holdersOfResult, onlyHolds } from '../program/holders.ts';
import { type MemberKey, memberKey, pathIn } from '../program/objects.ts';
import type { CallSite, FunctionRef, Program } from '../program/program.ts';
import { stopsOf } from '../program/stops.ts';
import type { Acquisition } from './acquisitions.ts';

/** One object that ends, known by the member that holds it. */
export interface EndedAtUnbind {
  readonly key: MemberKey;
  /** Where its end was arranged: the managed call, or the release in remove(). */
  readonly site: CallSite;
  /** The acquisition, absent for a release by hand. */
  readonly by: Acquisition | undefined;
  /** `managed`: taken by the site itself; `action`: released by the site's callback; `hand`: by remove(). */
  readonly how: 'managed' | 'action' | 'hand';
  /** For messages: `memory`, `clock`, `BO`, `workqueue`. */
  readonly what: string;
  /** The name of the function that ends it, for messages. */
  readonly ender: string;
  /** No other object is ever stored into the member. */
  readonly only: boolean;
  /** Nothing on the way to its end is conditional. */
  readonly always: boolean;
  /** What is ended is a pin, a mapping or an attachment: the object itself is still there to be put or freed. */
  readonly stays?: true;
}

/** What these give back lies on an object that has an end of its own. */
const staying: ReadonlySet<ReleaseVerb> = new Set(['unpins', 'unmaps', 'dma-unmaps']);

/** The calls that take what a release gives back. */
function mappings(program: Program, catalog: Catalog, release: string): ReadonlySet<CallFact> {
  const names = catalog.data.takes
    .filter((take) => take.releases.includes(release))
    .map((take) => take.name);
  return new Set(program.callsOfAny(names).map(({ call }) => call));
}

/** What a managed acquisition ends, and what its callback does: frees, puts and unmaps. */
export function endedAtUnbindBy(pass: Pass, acquired: Acquisition): EndedAtUnbind[] {
  const { program, catalog, effects } = pass;
  const { api, fn, call, registration } = acquired;
  const always = acquired.conditional === null;
  if (registration) {
    const { target } = registration;
    if (!target) return [];
    const name = target.name;
    const unmapped = stopsOf(pass, target)
      .filter(({ release }) => release.group === 'mmio')
      .flatMap(({ release, way, keys }) =>
        keys
          .slice(0, 1)
          .filter((key) => key.tag !== '')
          .map(
            (key): EndedAtUnbind => ({
              key,
              site: { caller: fn, call },
              by: acquired,
              how: 'action',
              what: release.what,
              ender: name,
              only: onlyHolds(program, key, mappings(program, catalog, release.name)),
              always: always && way.every((site) => site.call.context < 0),
            }),
          ),
      );
    // An object that is no member of the data itself can be any of its kind.
    return [
      ...unmapped,
      ...effects
        .releasesOf(target)
        .filter((effect) => effect.object?.steps.filter((step) => step !== '[]').length === 1)
        .flatMap((effect) =>
          effect.keys
            .slice(0, 1)
            .filter((key) => key.tag !== '')
            .map(
              (key): EndedAtUnbind => ({
                key,
                site: { caller: fn, call },
                by: acquired,
                how: 'action',
                what: effect.release.what,
                ender: name,
                only: true,
                always: always && !effect.conditional,
                ...(staying.has(effect.release.verb) ? { stays: true } : {}),
              }),
            ),
        ),
    ];
  }
  if ((api.role !== 'acquire' && api.role !== 'alloc-memory') || api.returns !== 'pointer')
    return [];
  return holdersOfResult(program, fn, call)
    .filter((key) => key.tag !== '')
    .map(
      (key): EndedAtUnbind => ({
        key,
        site: { caller: fn, call },
        by: acquired,
        how: 'managed',
        what: api.kind,
        ender: api.name,
        always,
        only: onlyHolds(program, key, new Set([call])),
      }),
    );
}

const maximumDepth = 6;

/** What remove() releases by hand on its way, conditions aside. */
export function endedByHand(
  program: Program,
  catalog: Catalog,
  remove: FunctionRef,
): EndedAtUnbind[] {
  const out: EndedAtUnbind[] = [];
  const frees = new Map(
    catalog.data.memory.flatMap((entry) => entry.releases.map((name) => [name, 0] as const)),
  );
  const seen = new Set<FunctionRef>();
  const visit = (fn: FunctionRef, conditional: boolean, depth: number): void => {
    if (seen.has(fn) || depth > maximumDepth) return;
    seen.add(fn);
    for (const call of fn.facts.calls) {
      const here = conditional || call.context >= 0;
      const given = givenBack(catalog, frees, call);
      const argument = given && call.args[given.object];
      const path = argument && pathIn(argument.value);
      const key = path && path.address !== 1 ? memberKey(program, fn, path, call.start) : undefined;
      if (given && key && key.tag !== '' && !isCleared(fn, call, key)) {
        out.push({
          key,
          site: { caller: fn, call },
          by: undefined,
          how: 'hand',
          what: given.what,
          ender: call.callee,
          only: true,
          always: !here,
        });
      }
      const callee = program.resolve(call.callee, fn.file);
      if (callee) visit(callee, here, depth + 1);
    }
  };
  visit(remove, false, 0);
  return out;
}

function givenBack(
  catalog: Catalog,
  frees: ReadonlyMap<string, number>,
  call: CallFact,
): { readonly object: number; readonly what: string } | undefined {
  const memory = frees.get(call.callee);
  if (memory !== undefined) return { object: memory, what: 'memory' };
  const take = catalog.data.takes.find(
    (one) =>
      one.releases.includes(call.callee) && one.object === 'return' && one.reference !== true,
  );
  return take && { object: catalog.deviceReleases.get(call.callee)?.object ?? 0, what: take.group };
}

/** `x->m = NULL` right after the release: whoever comes later sees it. */
function isCleared(fn: FunctionRef, call: CallFact, key: MemberKey): boolean {
  return fn.facts.assigns.some(
    (a) => a.start > call.end && a.target.steps[a.target.steps.length - 1] === key.member,
  );
}
