/**
 * What still works on a resource after unbind: functions that the last close of an open file, of a
 * mapping or of a buffer runs, mode objects' destructors, drmm actions and drm_driver.release.
 */
import type { Catalog } from '../catalog.ts';
import type { CallFact, PathValue } from '../facts/types.ts';
import type { Pass, Question } from '../pass.ts';
import type { TableFunction } from '../teardown/entries.ts';
import type { CallGraph } from './call-graph.ts';
import { type MemberKey, originOf, pathIn } from './objects.ts';
import type { CallSite, FunctionRef, Program } from './program.ts';
import type { Registration } from './registrations.ts';

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

/** What the look-up reads of a module. */
export interface LateContext {
  readonly program: Program;
  readonly catalog: Catalog;
  readonly graph: CallGraph;
  readonly registrations: readonly Registration[];
  readonly tableFunctions: readonly TableFunction[];
}

/** The look-up of a module. */
export function lateUsersOf(pass: Pass): LateUsers {
  return pass.ask(lateUsers, null);
}

const lateUsers: Question<null, LateUsers> = {
  answer: (pass) => new LateUsers(pass, () => pass.ask(noted, null)),
};

/** A member that a call is handed. */
interface Handed {
  readonly key: MemberKey;
  readonly call: CallFact;
}

/** Asked by function, so that an edit in one reads that one again. */
const membersIn: Question<FunctionRef, readonly Handed[]> = {
  answer: (pass, fn) => lateUsersOf(pass).membersOf(fn),
};

const targetsIn: Question<FunctionRef, readonly FunctionRef[]> = {
  answer: ({ catalog, graph }, fn) => {
    const flow = catalog.flows.of(fn.facts);
    return fn.facts.calls.flatMap((call) => {
      const targets = graph.targetsOf(fn, call);
      return targets.length > 0 && !flow.isGuarded(call) ? targets : [];
    });
  },
};

const noted: Question<null, ReadonlyMap<string, readonly Noted[]>> = {
  answer: (pass) => lateUsersOf(pass).read(),
};

export class LateUsers {
  readonly #context: LateContext;
  readonly #pass: Pass;
  readonly #roots: readonly LateRoot[];
  readonly #byMember: () => ReadonlyMap<string, readonly Noted[]>;

  /** @param byMember what `read` answers, kept by who made it */
  constructor(context: Pass, byMember: () => ReadonlyMap<string, readonly Noted[]>) {
    this.#context = context;
    this.#pass = context;
    this.#byMember = byMember;
    this.#roots = rootsOf(context);
  }

  /** The roots of late code, but for one callback. */
  rootsBut(fn: FunctionRef | undefined): readonly LateRoot[] {
    return this.#roots.filter((root) => root.fn !== fn);
  }

  /** The uses of what one of the members holds, those by one callback left out. */
  of(keys: readonly MemberKey[], but: FunctionRef | undefined): readonly LateUse[] {
    const byMember = this.#byMember();
    const all = keys.flatMap((key) =>
      (byMember.get(lastName(key)) ?? []).filter(
        (use) => use.key.tag === '' || key.tag === '' || use.key.tag === key.tag,
      ),
    );
    return all.filter((use) => use.root.fn !== but);
  }

  /** Every late use of a member, by the member's name. */
  read(): ReadonlyMap<string, readonly Noted[]> {
    const found = new Map<string, Noted[]>();
    for (const root of this.#roots) {
      for (const fn of this.#reached(root.fn)) {
        for (const { key, call } of this.#pass.ask(membersIn, fn)) {
          const use = { key, root, site: { caller: fn, call }, certain: key.tag !== '' };
          const list = found.get(lastName(key));
          if (list) list.push(use);
          else found.set(lastName(key), [use]);
        }
      }
    }
    return found;
  }

  /** The members that calls of a function are handed, but for those behind drm_dev_enter(). */
  membersOf(fn: FunctionRef): readonly Handed[] {
    const flow = this.#context.catalog.flows.of(fn.facts);
    return fn.facts.calls.flatMap((call) => {
      if (flow.isGuarded(call)) return [];
      return call.args.flatMap(({ value, text }) => {
        const path = pathIn(value);
        const keys = path ? this.#membersOn(fn, path, call.start) : this.#membersIn(fn, text);
        return keys.map((key) => ({ key, call }));
      });
    });
  }

  #reached(root: FunctionRef): ReadonlySet<FunctionRef> {
    const seen = new Set([root]);
    for (const fn of seen) for (const target of this.#pass.ask(targetsIn, fn)) seen.add(target);
    return seen;
  }

  /** The members that an expression names behind a call: of `to_gt(guc)->wq` the call's type tells the struct. */
  #membersIn(fn: FunctionRef, text: string): readonly MemberKey[] {
    const { program } = this.#context;
    return Array.from(
      text.matchAll(/(?:([A-Za-z_]\w*)\s*\([^()]*\)\s*)?(?:->|\.)\s*([A-Za-z_]\w*)/g),
      ([, callee = '', member = '']) => {
        const type = callee === '' ? undefined : program.resolve(callee, fn.file)?.facts.returns;
        return { tag: type?.tagged && type.pointers === 1 ? type.name : '', member };
      },
    );
  }

  /** Each member on the way of a path: `a->b->c` works on what `b` holds, too. */
  #membersOn(fn: FunctionRef, path: PathValue, before: number): readonly MemberKey[] {
    const whole = path.steps.length === 0 ? originOf(fn, path, before).path : path;
    const keys: MemberKey[] = [];
    for (let length = 1; length <= whole.steps.length; length++) {
      if (whole.steps[length - 1] === '[]') continue;
      const found = this.#context.program.memberOf(fn, {
        ...whole,
        steps: whole.steps.slice(0, length),
      });
      if (found) keys.push({ tag: found.tag, member: found.member });
    }
    return keys;
  }
}

function lastName({ member }: MemberKey): string {
  return member.split('.').at(-1) ?? member;
}

function rootsOf({ catalog, registrations, tableFunctions }: LateContext): LateRoot[] {
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
