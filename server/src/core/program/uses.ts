/** Which members' objects a function works on when it runs: handed to the kernel, or followed in a callee. */
import type { Catalog } from '../catalog.ts';
import type { Argument, CallFact, PathValue } from '../facts/types.ts';
import { type MemberKey, originOf } from './objects.ts';
import type { CallSite, FunctionRef, Program } from './program.ts';

/** One call, at the end of `way`, that works on the object that `key` holds. */
export interface Use {
  readonly key: MemberKey;
  /** The calls from the function down to the use, the use last. */
  readonly way: readonly CallSite[];
  readonly written: string;
  readonly conditional: boolean;
}

export interface UseQuery {
  /** The members that are asked about, by their own name. */
  readonly wanted: ReadonlyMap<string, readonly MemberKey[]>;
  /** Whether a call counts though it is handed the object: a release of it may be another rule's. */
  readonly counts: (call: CallFact) => boolean;
}

/** The functions that name one of the wanted members, and all that lead to one of these. */
interface Leading {
  readonly naming: ReadonlySet<FunctionRef>;
  readonly all: ReadonlySet<FunctionRef>;
}

const maximumDepth = 16;

export class Uses {
  private readonly program: Program;
  private readonly catalog: Catalog;
  private readonly followed = new Map<FunctionRef, Set<number>>();
  private readonly leading = new Map<string, Leading>();

  constructor(program: Program, catalog: Catalog) {
    this.program = program;
    this.catalog = catalog;
  }

  /** The first use of each wanted member, by the shortest way; none behind drm_dev_enter(). */
  of(fn: FunctionRef, query: UseQuery): Use[] {
    const found = new Map<string, Use>();
    const leads = this.leadingTo([...query.wanted.keys()]);
    if (!leads.all.has(fn)) return [];
    const seen = new Set([fn]);
    let wave: {
      readonly at: FunctionRef;
      readonly way: readonly CallSite[];
      readonly conditional: boolean;
    }[] = [{ at: fn, way: [], conditional: false }];
    for (let depth = 0; wave.length > 0 && depth < maximumDepth; depth++) {
      const next: typeof wave = [];
      for (const { at, way, conditional } of wave) {
        const isNaming = leads.naming.has(at);
        for (const call of at.facts.calls) {
          if (call.callee === '') continue;
          const callee = this.program.resolve(call.callee, at.file);
          const isOpen = callee !== undefined && leads.all.has(callee) && !seen.has(callee);
          const flow = this.catalog.flows.of(at.facts);
          if (!(isNaming || isOpen) || flow.isGuarded(call)) continue;
          const here = conditional || !flow.isAlways(call);
          const site = { caller: at, call };
          const isAsked = isNaming && query.counts(call);
          for (const match of isAsked ? this.matchesIn(at, call, callee, query) : []) {
            const name = `${match.key.tag}.${match.key.member}`;
            if (!found.has(name))
              found.set(name, { ...match, way: [...way, site], conditional: here });
          }
          if (!isOpen) continue;
          seen.add(callee);
          next.push({ at: callee, way: [...way, site], conditional: here });
        }
      }
      wave = next;
    }
    return [...found.values()];
  }

  /** Found upwards on the index, so that what leads to none of the members is not read. */
  private leadingTo(names: readonly string[]): Leading {
    const key = names.join(' ');
    const known = this.leading.get(key);
    if (known) return known;
    const { program } = this;
    const naming = new Set(names.flatMap((name) => [...program.mentioningMember(name)]));
    const all = new Set(naming);
    // A set hands out what is added while it is walked.
    for (const fn of all)
      for (const caller of program.functionsCalling(fn.name))
        if (program.resolve(fn.name, caller.file) === fn) all.add(caller);
    const leading = { naming, all };
    this.leading.set(key, leading);
    return leading;
  }

  private matchesIn(
    at: FunctionRef,
    call: CallFact,
    callee: FunctionRef | undefined,
    query: UseQuery,
  ): { key: MemberKey; written: string }[] {
    return call.args.flatMap((arg, index) =>
      this.matches(
        at,
        call,
        arg,
        query,
        () => callee !== undefined && !this.follows(callee, index),
      ),
    );
  }

  /** The wanted members along an argument's paths. The last one counts only when the callee looks behind it. */
  private matches(
    fn: FunctionRef,
    call: CallFact,
    arg: Argument,
    query: UseQuery,
    isNotFollowed: () => boolean,
  ): { key: MemberKey; written: string }[] {
    const out: { key: MemberKey; written: string }[] = [];
    for (const path of pathsIn(arg)) {
      const whole = path.steps.length === 0 ? originOf(fn, path, call.start).path : path;
      for (let length = 1; length <= whole.steps.length; length++) {
        const member = whole.steps[length - 1] ?? '';
        const keys = query.wanted.get(member);
        const last = length === whole.steps.length;
        if (!keys || (last && (whole.address === 1 || isNotFollowed()))) continue;
        const found = this.program.memberOf(fn, { ...whole, steps: whole.steps.slice(0, length) });
        const key =
          found && keys.find((one) => one.member === found.member && one.tag === found.tag);
        // Beyond an embedded struct there is no pointer to follow.
        if (key && (last || (found?.type?.pointers ?? 0) > 0))
          out.push({ key, written: arg.text.replace(/\s+/g, ' ').trim() });
      }
    }
    return out;
  }

  /** Whether a function looks behind a pointer parameter: follows it, or hands it to the kernel. */
  private follows(fn: FunctionRef, param: number, depth = 6): boolean {
    let known = this.followed.get(fn);
    if (known?.has(param)) return true;
    const followed =
      fn.facts.paramUses.some((use) => use.param === param && use.memberStart >= 0) ||
      fn.facts.calls.some((call) =>
        call.args.some((arg, index) => {
          if (
            arg.value.kind !== 'path' ||
            arg.value.steps.length > 0 ||
            fn.facts.params[param]?.name !== arg.value.root
          )
            return false;
          const callee = this.program.resolve(call.callee, fn.file);
          return !callee || (depth > 0 && callee !== fn && this.follows(callee, index, depth - 1));
        }),
      );
    if (followed) {
      known ??= new Set();
      this.followed.set(fn, known.add(param));
    }
    return followed;
  }
}

/** The paths that an argument names; `regs + OFFSET` names `regs`. */
function pathsIn(arg: Argument): PathValue[] {
  if (arg.value.kind === 'path') return [arg.value];
  if (arg.value.kind !== 'words' && arg.value.kind !== 'choice') return [];
  return [...arg.text.matchAll(/&?\s*\b([A-Za-z_]\w*)((?:\s*(?:->|\.)\s*\w+)*)/g)].map(
    ([text, root = '', rest = '']) => ({
      kind: 'path',
      root,
      steps: rest
        .split(/->|\./)
        .map((step) => step.trim())
        .filter(Boolean),
      address: text.startsWith('&') ? 1 : 0,
    }),
  );
}
