/**
 * What still works on a resource after unbind: functions that the last close of an open file, of a
 * mapping or of a buffer runs, mode objects' destructors, drmm actions and drm_driver.release.
 */

import type { CallFact, PathValue } from '../facts/types.ts';
import type { Pass, Question } from '../pass.ts';
import { push } from '../push.ts';
import { sameItems } from '../queries/same.ts';
import { type MemberKey, originOf, pathIn } from './objects.ts';
import type { CallSite, FunctionRef, Program } from './program.ts';

/** Where late code begins. */
export interface LateRoot {
  readonly fn: FunctionRef;
  /** `close`: open files and their objects keep it waiting; `put`: it runs in the last put itself. */
  readonly when: 'close' | 'put';
  /** For messages: `.postclose`, `the drmm action`. */
  readonly what: string;
  /** The struct of the table that names it. */
  readonly table?: string;
  /** It ends a mode-setting object or the like, wherever that is cleaned up. */
  readonly isObject?: true;
}

/** One late call that is handed what a member holds. */
export interface LateUse {
  readonly root: LateRoot;
  readonly site: CallSite;
  /** The struct of the member is known here, not its name only. */
  readonly certain: boolean;
}

interface Noted extends LateUse {
  readonly key: MemberKey;
}

/** The look-up of a module. */
export function lateUsersOf(pass: Pass): LateUsers {
  return pass.ask(lateUsers, null);
}

const lateUsers: Question<null, LateUsers> = {
  answer: (pass) => new LateUsers(pass),
  equal: (a, b) => sameItems(a.rootsBut(undefined), b.rootsBut(undefined), isSameRoot),
};

function isSameRoot(a: LateRoot, b: LateRoot): boolean {
  return (
    a.fn === b.fn &&
    a.when === b.when &&
    a.what === b.what &&
    a.table === b.table &&
    a.isObject === b.isObject
  );
}

/** A member that a call is handed. */
interface Handed {
  readonly key: MemberKey;
  readonly call: CallFact;
}

/** Asked by function, so that an edit in one reads that one again. */
const membersIn: Question<FunctionRef, readonly Handed[]> = {
  answer: membersHanded,
  equal: (a, b) => sameItems(a, b, isSameHanded),
};

/** The same for fixes. */
export function membersHandedIn(pass: Pass, fn: FunctionRef): readonly Handed[] {
  return pass.ask(membersIn, fn);
}

function isSameHanded(a: Handed, b: Handed): boolean {
  return a.call === b.call && a.key.tag === b.key.tag && a.key.member === b.key.member;
}

const targetsIn: Question<FunctionRef, readonly FunctionRef[]> = {
  answer: ({ catalog, graph }, fn) => {
    const flow = catalog.flows.of(fn.facts);
    return fn.facts.calls.flatMap((call) => {
      const targets = graph.targetsOf(fn, call);
      return targets.length > 0 && !flow.isGuarded(call) ? targets : [];
    });
  },
  equal: (a, b) => sameItems(a, b),
};

/** The functions that a root runs, in the order in which they are met, each with its number. */
const reached: Question<FunctionRef, ReadonlyMap<FunctionRef, number>> = {
  answer: (pass, root) => {
    const seen = new Map([[root, 0]]);
    for (const fn of seen.keys())
      for (const target of pass.ask(targetsIn, fn))
        if (!seen.has(target)) seen.set(target, seen.size);
    return seen;
  },
  equal: (a, b) => sameItems([...a.keys()], [...b.keys()]),
};

/** What late code works on, by the member's name; each function once, whoever runs it. */
const handed: Question<null, ReadonlyMap<string, readonly (readonly [FunctionRef, Handed])[]>> = {
  answer: (pass) => {
    const found = new Map<string, (readonly [FunctionRef, Handed])[]>();
    const seen = new Set<FunctionRef>();
    for (const root of lateUsersOf(pass).rootsBut(undefined))
      for (const fn of pass.ask(reached, root.fn).keys()) seen.add(fn);
    for (const fn of seen) {
      for (const one of pass.ask(membersIn, fn)) {
        const name = lastName(one.key);
        push(found, name, [fn, one]);
      }
    }
    return found;
  },
};

/** The late uses of the members of one name: by root, and in the order in which it meets them. */
const usesOf: Question<string, readonly Noted[]> = {
  answer: (pass, name) => {
    const all = pass.ask(handed, null).get(name) ?? [];
    if (all.length === 0) return [];
    return lateUsersOf(pass)
      .rootsBut(undefined)
      .flatMap((root) => {
        const order = pass.ask(reached, root.fn);
        return all
          .filter(([fn]) => order.has(fn))
          .sort(([a], [b]) => (order.get(a) ?? 0) - (order.get(b) ?? 0))
          .map(([fn, { key, call }]): Noted => {
            return { key, root, site: { caller: fn, call }, certain: key.tag !== '' };
          });
      });
  },
  equal: (a, b) => sameItems(a, b, isSameUse),
};

function isSameUse(a: Noted, b: Noted): boolean {
  return (
    a.root === b.root &&
    a.site.caller === b.site.caller &&
    isSameHanded({ key: a.key, call: a.site.call }, { key: b.key, call: b.site.call })
  );
}

export class LateUsers {
  readonly #pass: Pass;
  readonly #roots: readonly LateRoot[];

  constructor(pass: Pass) {
    this.#pass = pass;
    this.#roots = rootsOf(pass);
  }

  /** The roots of late code, but for one callback. */
  rootsBut(fn: FunctionRef | undefined): readonly LateRoot[] {
    return this.#roots.filter((root) => root.fn !== fn);
  }

  /** The uses of what one of the members holds, those by one callback left out. */
  of(keys: readonly MemberKey[], but: FunctionRef | undefined): readonly LateUse[] {
    const all = keys.flatMap((key) =>
      this.#pass
        .ask(usesOf, lastName(key))
        .filter((use) => use.key.tag === '' || key.tag === '' || use.key.tag === key.tag),
    );
    return all.filter((use) => use.root.fn !== but);
  }
}

/** The members that calls of a function are handed, but for those behind drm_dev_enter(). */
function membersHanded({ program, catalog }: Pass, fn: FunctionRef): readonly Handed[] {
  const flow = catalog.flows.of(fn.facts);
  return fn.facts.calls.flatMap((call) => {
    const keys = call.args.flatMap(({ value, text }) => {
      const path = pathIn(value);
      return path ? membersOn(program, fn, path, call.start) : membersNamed(program, fn, text);
    });
    // Most calls are handed no member: only the others are worth a look at what guards them.
    return keys.length > 0 && !flow.isGuarded(call) ? keys.map((key) => ({ key, call })) : [];
  });
}

/** The members that an expression names behind a call: of `to_gt(guc)->wq` the call's type tells the struct. */
function membersNamed(program: Program, fn: FunctionRef, text: string): readonly MemberKey[] {
  return Array.from(
    text.matchAll(/(?:([A-Za-z_]\w*)\s*\([^()]*\)\s*)?(?:->|\.)\s*([A-Za-z_]\w*)/g),
    ([, callee = '', member = '']) => {
      const type = callee === '' ? undefined : program.resolve(callee, fn.file)?.facts.returns;
      return { tag: type?.tagged && type.pointers === 1 ? type.name : '', member };
    },
  );
}

/** Each member on the way of a path: `a->b->c` works on what `b` holds, too. */
function membersOn(
  program: Program,
  fn: FunctionRef,
  path: PathValue,
  before: number,
): readonly MemberKey[] {
  const whole = path.steps.length === 0 ? originOf(fn, path, before).path : path;
  const keys: MemberKey[] = [];
  for (let length = 1; length <= whole.steps.length; length++) {
    if (whole.steps[length - 1] === '[]') continue;
    const found = program.memberOf(fn, { ...whole, steps: whole.steps.slice(0, length) });
    if (found) keys.push({ tag: found.tag, member: found.member });
  }
  return keys;
}

function lastName({ member }: MemberKey): string {
  return member.split('.').at(-1) ?? member;
}

function rootsOf({ catalog, registrations, tableFunctions }: Pass): LateRoot[] {
  const tables = tableFunctions.flatMap(({ fn, role, entry, table }): LateRoot[] => {
    const what = `\`.${entry.member}\` of ${table.struct}`;
    if (role !== 'node-file' && catalog.ops.get(table.struct)?.closing?.includes(entry.member))
      return [{ fn, when: 'close', what, table: table.struct }];
    if (role === 'release') return [{ fn, when: 'put', what, isObject: true }];
    return role === 'last-put' ? [{ fn, when: 'put', what }] : [];
  });
  const actions = registrations.flatMap(({ api, target }): LateRoot[] =>
    api.scope === 'drm' && target ? [{ fn: target, when: 'put', what: 'a drmm action' }] : [],
  );
  return [...new Map([...tables, ...actions].map((root) => [root.fn, root])).values()];
}
