/**
 * What a function releases, through any number of calls inside the module: BOs unpinned, put,
 * unmapped, as the catalogue names them. Summaries are per function, in terms of its parameters.
 * A call through a pointer counts when the module shows one function that it can mean.
 */
import type { BoRelease, Catalog } from '../catalog.ts';
import type { CallFact, PathValue } from '../facts/types.ts';
import type { Memo } from '../queries/queries.ts';
import type { CallGraph, Ways } from './call-graph.ts';
import { type MemberKey, memberKey, originOf, pathIn } from './objects.ts';
import type { CallSite, FunctionRef, Program } from './program.ts';

/** One release that a function reaches. */
export interface ReleaseEffect {
  readonly release: BoRelease;
  /** The calls from the function down to the release, the release last. */
  readonly calls: readonly CallSite[];
  /** The released object as the summarised function would write it. */
  readonly written: string;
  /** The released object in terms of the summarised function's parameter; null when it is none. */
  readonly object: { readonly param: number; readonly steps: readonly string[] } | null;
  /** The members that hold the object on the way, the innermost first. */
  readonly keys: readonly MemberKey[];
  /** Under a condition or in a loop somewhere on the way. */
  readonly conditional: boolean;
}

/** What is known and what is being looked at while one question is answered. */
interface Search {
  readonly known: Map<FunctionRef, readonly ReleaseEffect[]>;
  readonly active: Set<FunctionRef>;
}

function newSearch(): Search {
  return { known: new Map(), active: new Set() };
}

const maximumEffects = 40;
const maximumDepth = 24;

/** The summaries of a program's functions. */
export class Effects {
  private readonly program: Program;
  private readonly catalog: Catalog;
  private readonly graph: CallGraph;
  private readonly known: Memo<FunctionRef, readonly ReleaseEffect[]>;

  constructor(program: Program, catalog: Catalog, graph: CallGraph) {
    this.program = program;
    this.graph = graph;
    this.catalog = catalog;
    // Each question is answered from its own start: what a cycle or the depth cuts off depends on it.
    this.known = program.queries.memo((fn: FunctionRef) => this.find(fn, newSearch()));
  }

  /** The releases that running `fn` reaches while its device is gone; calls under drm_dev_enter() are not. */
  releasesOf(fn: FunctionRef): readonly ReleaseEffect[] {
    return this.known.get(fn);
  }

  private find(fn: FunctionRef, search: Search): readonly ReleaseEffect[] {
    const done = search.known.get(fn);
    if (done) return done;
    const { active } = search;
    // A cycle adds nothing that its first round has not found.
    if (active.has(fn) || active.size > maximumDepth || !this.leads().has(fn)) return [];
    active.add(fn);
    const found: ReleaseEffect[] = [];
    for (const call of fn.facts.calls) {
      if (found.length >= maximumEffects) break;
      if (this.catalog.flows.of(fn.facts).isGuarded(call)) continue;
      const release = this.catalog.releases.get(call.callee);
      if (release) found.push(this.direct(fn, call, release));
      else found.push(...this.through(fn, call, search).slice(0, maximumEffects));
    }
    active.delete(fn);
    // Inside a cycle the answer is partial: it holds at the cycle's head only.
    if (!this.isRecursive(fn, active)) search.known.set(fn, found);
    return found;
  }

  /** The functions that lead to a release at all: the others need not be looked into. */
  private leads(): Ways {
    return this.graph.waysTo(this.catalog.releases.keys());
  }

  private isRecursive(fn: FunctionRef, active: ReadonlySet<FunctionRef>): boolean {
    return fn.facts.calls.some((call) => {
      const callee = this.calleeOf(fn, call);
      return callee !== undefined && active.has(callee);
    });
  }

  /** The function that a call runs; through a pointer only when it can mean one. */
  private calleeOf(fn: FunctionRef, call: CallFact): FunctionRef | undefined {
    if (call.callee !== '') return this.program.resolve(call.callee, fn.file);
    // A member of a struct that the module does not define can mean what it has never seen.
    const path = call.through ? pathIn(call.through) : undefined;
    if (!path || this.program.memberOf(fn, path)?.tag === '') return undefined;
    const found = this.graph.targetsOf(fn, call);
    return found.length === 1 ? found[0] : undefined;
  }

  private direct(fn: FunctionRef, call: CallFact, release: BoRelease): ReleaseEffect {
    const argument = call.args[release.object];
    const path = argument && pathIn(argument.value);
    return {
      release,
      calls: [{ caller: fn, call }],
      written: argument?.text.replace(/\s+/g, ' ') ?? '',
      ...this.identify(fn, call, path),
      conditional: call.context >= 0,
    };
  }

  private identify(
    fn: FunctionRef,
    call: CallFact,
    path: PathValue | undefined,
  ): Pick<ReleaseEffect, 'object' | 'keys'> {
    if (!path) return { object: null, keys: [] };
    const origin = originOf(fn, path, call.start);
    const key = memberKey(this.program, fn, path, call.start);
    return {
      object: origin.param >= 0 ? { param: origin.param, steps: origin.path.steps } : null,
      keys: key ? [key] : [],
    };
  }

  private through(fn: FunctionRef, call: CallFact, search: Search): ReleaseEffect[] {
    const callee = this.calleeOf(fn, call);
    if (!callee || callee === fn) return [];
    return this.find(callee, search).map((effect) => {
      const site = { caller: fn, call };
      const base = {
        ...effect,
        calls: [site, ...effect.calls],
        conditional: effect.conditional || call.context >= 0,
      };
      const argument = effect.object ? call.args[effect.object.param] : undefined;
      const path = argument && pathIn(argument.value);
      if (!effect.object || !argument || !path) return { ...base, object: null };
      const whole: PathValue = {
        kind: 'path',
        root: path.root,
        steps: [...path.steps, ...effect.object.steps],
        address: 0,
      };
      const here = this.identify(fn, call, whole);
      return {
        ...base,
        written: extended(argument.text, effect.object.steps),
        object: here.object,
        keys: effect.object.steps.length === 0 ? [...effect.keys, ...here.keys] : effect.keys,
      };
    });
  }
}

/** A member of what an argument points to: `&m->bo` and `ttm` give `&m->bo.ttm`. */
function extended(argument: string, steps: readonly string[]): string {
  const text = argument.replace(/\s+/g, ' ').trim();
  if (steps.length === 0) return text;
  const members = steps.filter((step) => step !== '[]').join('.');
  return text.startsWith('&') ? `${text}.${members}` : `${text}->${members}`;
}
