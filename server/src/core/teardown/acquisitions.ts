/**
 * What an entry point registers, in the order in which it runs: calls in source order, depth first,
 * through every function of the module that leads to a registration.
 */
import type { Catalog, ManagedApi } from '../catalog.ts';
import { conditionOf } from '../facts/flow/conditions.ts';
import type { CallFact } from '../facts/types.ts';
import type { FunctionRef, Program } from '../program/program.ts';
import type { Registration } from '../program/registrations.ts';

/** One thing that is taken, with how the entry gets there. */
export interface Acquisition {
  readonly api: ManagedApi;
  readonly fn: FunctionRef;
  readonly call: CallFact;
  /** Set when the call registers a callback, directly or through wrappers. */
  readonly registration: Registration | undefined;
  /** The functions from the entry down to `fn`, both included. */
  readonly via: readonly string[];
  readonly conditional: string | null;
  readonly repeats: string | null;
}

const listed = new Set([
  'add-action',
  'alloc-memory',
  'acquire',
  'alloc-object',
  'init-object',
  'device-alloc',
]);
const maximumSteps = 3000;
const maximumVisits = 30_000;
const maximumDepth = 40;

export class AcquisitionOrder {
  private readonly program: Program;
  private readonly catalog: Catalog;
  private readonly byCall = new Map<CallFact, Registration>();
  private readonly wrapped: ReadonlySet<FunctionRef>;
  private leads: ReadonlySet<FunctionRef> | null = null;
  /** Calls that may still be looked at on the way that is followed. */
  private left = 0;

  constructor(program: Program, catalog: Catalog, registrations: readonly Registration[]) {
    this.program = program;
    this.catalog = catalog;
    for (const registration of registrations) this.byCall.set(registration.call, registration);
    this.wrapped = new Set(registrations.flatMap((registration) => registration.wrappers));
  }

  /** Everything that running `entry` takes; a cycle is followed once. */
  from(entry: FunctionRef): Acquisition[] {
    const out: Acquisition[] = [];
    this.left = maximumVisits;
    this.visit(entry, [entry], null, null, out);
    return out;
  }

  private visit(
    fn: FunctionRef,
    stack: readonly FunctionRef[],
    conditional: string | null,
    repeats: string | null,
    out: Acquisition[],
  ): void {
    const flow = this.catalog.flows.of(fn.facts);
    for (const call of fn.facts.calls) {
      if (out.length >= maximumSteps || this.left-- <= 0) return;
      if (call.callee === '') continue;
      const registration = this.byCall.get(call);
      const api = registration?.api ?? this.catalog.managed.get(call.callee);
      const isListed = api !== undefined && listed.has(api.role);
      const callee = isListed && !registration ? undefined : this.entered(fn, call, stack);
      // Most calls are neither: what has to hold for them is nobody's question.
      if (!isListed && !callee) continue;
      const here = {
        conditional: conditionOf(flow, call) ?? conditional,
        repeats: flow.loopOf(call)?.text ?? repeats,
      };
      if (isListed) {
        // The API's call inside a wrapper stands for the registrations of the wrapper's callers.
        if (registration || api.role !== 'add-action')
          out.push({
            api,
            fn,
            call,
            registration,
            via: stack.map((ref) => ref.name),
            ...here,
          });
      }
      if (callee) this.visit(callee, [...stack, callee], here.conditional, here.repeats, out);
    }
  }

  /** The function of the module that a call runs, when it is to be gone into. */
  private entered(
    fn: FunctionRef,
    call: CallFact,
    stack: readonly FunctionRef[],
  ): FunctionRef | undefined {
    const callee = this.program.resolve(call.callee, fn.file);
    return callee &&
      !stack.includes(callee) &&
      stack.length <= maximumDepth &&
      !this.wrapped.has(callee) &&
      this.leading().has(callee)
      ? callee
      : undefined;
  }

  /** The functions that reach anything that is listed: found upwards on the index, each once. */
  private leading(): ReadonlySet<FunctionRef> {
    if (this.leads) return this.leads;
    const leads = new Set<FunctionRef>();
    for (const call of this.byCall.values()) leads.add(call.fn);
    for (const api of this.catalog.data.managed) {
      if (listed.has(api.role))
        for (const caller of this.program.functionsCalling(api.name)) leads.add(caller);
    }
    // A set hands out what is added while it is walked.
    for (const fn of leads)
      for (const caller of this.program.functionsCalling(fn.name))
        if (this.program.resolve(fn.name, caller.file) === fn) leads.add(caller);
    this.leads = leads;
    return leads;
  }
}
