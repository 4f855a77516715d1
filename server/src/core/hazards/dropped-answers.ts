/**
 * Functions of the driver that register something managed and answer an error when that fails, and callers that drop
 * the answer: the driver goes on with half of what it set up (virtio-gpu, virtio_gpu_modeset_init(), Linux 6.12).
 */
import type { ManagedApi } from '../catalog.ts';
import type { CallFact } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import { givenTo } from '../program/run-through.ts';

/** A call whose answer is dropped, and what may have failed behind it. */
export interface DroppedAnswer {
  readonly site: CallSite;
  /** The function whose answer is dropped. */
  readonly callee: FunctionRef;
  readonly api: ManagedApi;
  /** The registration that can fail there. */
  readonly failing: CallSite;
}

const registering = new Set<ManagedApi['role']>(['acquire', 'init-object', 'alloc-object']);
/** So many functions hand an answer on. */
const maximumDepth = 4;

/** Each dropped call once, with the first registration found behind it. */
export function droppedAnswers(pass: Pass): DroppedAnswer[] {
  const found = new Map<CallFact, DroppedAnswer>();
  for (const api of pass.catalog.managed.values()) {
    if (!registering.has(api.role) || api.returns === 'void' || api.ignorable) continue;
    for (const failing of pass.program.callsOf(api.name))
      for (const { site, callee } of droppedAbove(pass, failing))
        if (!found.has(site.call)) found.set(site.call, { site, callee, api, failing });
  }
  return [...found.values()];
}

/** The calls above a registration, through functions that hand its error on, that drop the answer. */
function droppedAbove(
  pass: Pass,
  failing: CallSite,
): { readonly site: CallSite; readonly callee: FunctionRef }[] {
  const out: { readonly site: CallSite; readonly callee: FunctionRef }[] = [];
  const seen = new Set<FunctionRef>();
  // Which case runs is for the functions in between to say, which hand something on to choose by.
  const isCase = isInCase(pass, failing);
  let level: CallSite[] = [failing];
  for (let depth = 0; depth < maximumDepth && level.length > 0; depth++) {
    const next: CallSite[] = [];
    for (const { caller, call } of level) {
      if (seen.has(caller) || !answersFor(pass, caller, call) || notesFailure(pass, caller))
        continue;
      seen.add(caller);
      for (const site of pass.program.callersOf(caller)) {
        if (pass.catalog.flows.of(site.caller.facts).fateOf(site.call) !== 'dropped')
          next.push(site);
        // A caller that answers nothing itself has nobody to tell.
        else if (
          (caller === failing.caller || !isCase) &&
          isNumber(caller) &&
          isNumber(site.caller) &&
          comesTo(pass, site, caller, call) &&
          !isOnFailure(pass, site)
        )
          out.push({ site, callee: caller });
      }
    }
    level = next;
  }
  return out;
}

function isInCase({ catalog: { flows } }: Pass, { caller, call }: CallSite): boolean {
  return flows
    .of(caller.facts)
    .around(call)
    .some(({ kind }) => kind === 'case');
}

/** An error way does what it can, and answers the error that it began with. */
function isOnFailure({ catalog: { flows } }: Pass, { caller, call }: CallSite): boolean {
  return flows.of(caller.facts).isOnFailure(call);
}

/** Whether a function notes in a member that it has failed: `foo->migrates = false` switches a feature off. */
function notesFailure({ catalog: { flows } }: Pass, { facts }: FunctionRef): boolean {
  const flow = flows.of(facts);
  const failed = new Set(
    facts.calls.filter((call) => flow.isOnFailure(call)).map(({ block }) => block),
  );
  return facts.assigns.some(({ target, block }) => target.steps.length > 0 && failed.has(block));
}

/** Whether a function ends with an error when the call fails. */
function answersFor(pass: Pass, { facts }: FunctionRef, call: CallFact): boolean {
  return (
    (facts.returns.name === 'int' || facts.returns.pointers > 0) &&
    pass.catalog.flows.of(facts).failureOf(call) !== undefined
  );
}

/** A dropped pointer is taken from elsewhere; a dropped number is an error that nobody sees. */
function isNumber({ facts: { returns } }: FunctionRef): boolean {
  return returns.name === 'int' && returns.pointers === 0;
}

/** Whether the call names the function, and what it hands it leads to the step that can fail. */
function comesTo(
  { catalog: { flows } }: Pass,
  { caller, call }: CallSite,
  callee: FunctionRef,
  step: CallFact,
): boolean {
  if (call.callee !== callee.name) return false;
  const given = givenTo(flows, { fn: caller, given: new Map() }, call, callee);
  return flows.of(callee.facts).given(given).calls.has(step);
}
