/**
 * What calls do to something that was taken: which give it back, and after which of their answers. A
 * function that fails may have given back what it, or its caller, took; one that goes well has not.
 */
import type { Failure, Outcome } from '../facts/flow/flow.ts';
import {
  anything,
  type Known,
  type Mask,
  nameOf,
  negative,
  positive,
  zero,
} from '../facts/flow/known.ts';
import type { CallFact } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import type { Ways } from './call-graph.ts';
import type { CallSite, FunctionRef } from './program.ts';

const over: Outcome = { held: 0, ended: anything };
/** What cannot be followed may have given it back, or not. */
const either: Outcome = { held: anything, ended: anything };
const maximumDepth = 6;

/** One thing that was taken, with the calls that give it back. Lives as long as one judgement. */
export class Undone {
  private readonly pass: Pass;
  private readonly releases: Ways;
  private readonly sites: readonly CallSite[];
  private readonly given: ReadonlySet<CallFact>;
  private readonly outcomes = new Map<FunctionRef, Outcome>();

  constructor(pass: Pass, releases: Ways, sites: readonly CallSite[]) {
    this.pass = pass;
    this.releases = releases;
    this.sites = sites;
    this.given = new Set(sites.map(({ call }) => call));
  }

  /** Whether a call gives it back, perhaps under some condition. */
  by(fn: FunctionRef, call: CallFact): boolean {
    return (
      this.given.has(call) ||
      this.pass.graph.targetsOf(fn, call).some((target) => this.releases.has(target))
    );
  }

  /** Whether the step that fails has given it back whenever it answers so. */
  byFailing(fn: FunctionRef, { call, answers }: Failure): boolean {
    const target = this.targetOf(fn, call);
    if (!target) return false;
    const { held, ended } = this.outcomeOf(target, 0);
    const failing: Mask = answers === 'error' ? negative : zero;
    return (ended & failing) !== 0 && (held & failing) === 0;
  }

  /** What each call of a function does to it. */
  effectsIn(fn: FunctionRef, depth = 0): ReadonlyMap<CallFact, Outcome> {
    const flow = this.pass.catalog.flows.of(fn.facts);
    const effects = new Map<CallFact, Outcome>();
    for (const call of fn.facts.calls) {
      if (!this.by(fn, call)) continue;
      const target = this.targetOf(fn, call);
      // What is there to undo does so, whatever else it asks first.
      if (this.given.has(call) || flow.isOnFailure(call)) effects.set(call, over);
      else effects.set(call, target ? this.outcomeOf(target, depth + 1) : either);
    }
    return effects;
  }

  private targetOf(fn: FunctionRef, call: CallFact): FunctionRef | undefined {
    const [target, other] = this.pass.graph.targetsOf(fn, call);
    return other === undefined && target && this.releases.has(target) ? target : undefined;
  }

  private outcomeOf(fn: FunctionRef, depth: number): Outcome {
    const known = this.outcomes.get(fn);
    if (known) return known;
    if (depth > maximumDepth) return either;
    this.outcomes.set(fn, either);
    const { outcome } = this.pass.catalog.flows
      .of(fn.facts)
      .whileHeld({ known: this.heldIn(fn) }, this.effectsIn(fn, depth));
    this.outcomes.set(fn, outcome);
    return outcome;
  }

  /** `if (foo->irq) free_irq(foo->irq, foo)`: what is held is something. */
  private heldIn(fn: FunctionRef): Known {
    const known = new Map<string, Mask>();
    for (const { caller, call } of this.sites) {
      if (caller !== fn) continue;
      for (const { value } of call.args) {
        const name = value.kind === 'path' ? nameOf(value) : undefined;
        if (name !== undefined) known.set(name, positive);
      }
    }
    return known;
  }
}
