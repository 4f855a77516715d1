/**
 * Sections that a function enters and leaves on some of its ways only. What the section is left with stays in a
 * local variable of the function: once that has returned, nobody can leave the section any more.
 */
import type { ReadSection } from '../catalog.ts';
import type { Flow, Outcome } from '../facts/flow/flow.ts';
import type { HeldExit } from '../facts/flow/held.ts';
import { anything, type Mask, positive } from '../facts/flow/known.ts';
import type { CallFact, Context, FunctionFacts, Value } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import type { CallSite } from '../program/program.ts';

export interface LeftOpen {
  readonly section: ReadSection;
  readonly site: CallSite;
  /** Where the function is left in the section, in the order of the text. */
  readonly exits: readonly HeldExit[];
  /** The calls that leave it on other ways. */
  readonly leaves: readonly CallFact[];
}

const over: Outcome = { held: 0, ended: anything };

/** Each call that enters a section which some way out of its function does not leave. */
export function leftOpen(pass: Pass): LeftOpen[] {
  return pass.catalog.data.readSections.flatMap((section) =>
    pass.program.callsOf(section.name).flatMap((site) => openedAt(pass, section, site) ?? []),
  );
}

function openedAt(pass: Pass, section: ReadSection, site: CallSite): LeftOpen | undefined {
  const { facts } = site.caller;
  const token = tokenOf(facts, section, site.call);
  if (token === undefined || isKeptElsewhere(facts, section, token)) return undefined;
  const all = facts.calls.filter(
    ({ callee, args }) =>
      callee === section.leaves && args.some(({ value }) => isVariable(value, token)),
  );
  const flow = pass.catalog.flows.of(facts);
  const leaves = all.filter((call) => flow.canFollow(site.call, call));
  if (leaves.length === 0) return undefined;
  const answer: Mask = section.entered === 'always' ? anything : positive;
  const { exits } = flow.whileHeld(
    { call: site.call, answer },
    new Map(all.map((call) => [call, over])),
  );
  const found = forgottenIn(flow, site.call, leaves, exits);
  return found.length > 0 && exits.some(({ held }) => !held)
    ? { section, site, exits: found, leaves }
    : undefined;
}

/** The local variable that holds what the section is left with. */
function tokenOf(facts: FunctionFacts, { token }: ReadSection, call: CallFact): string | undefined {
  const index = facts.assigned.numberOf(call);
  const path =
    token === 'return'
      ? facts.assigns.find(
          ({ value, adds }) => value.kind === 'call' && value.call === index && !adds,
        )?.target
      : call.args[token]?.value;
  if (path?.kind !== 'path' || path.steps.length > 0) return undefined;
  if (path.address !== (token === 'return' ? 0 : 1)) return undefined;
  return facts.locals.some(({ name, kept }) => name === path.root && !kept) ? path.root : undefined;
}

/** Whether somebody else gets to know what the section is left with, and can leave it later. */
function isKeptElsewhere(facts: FunctionFacts, section: ReadSection, token: string): boolean {
  return (
    facts.calls.some(
      ({ callee, args }) =>
        callee !== section.leaves &&
        callee !== section.name &&
        args.some(({ value }) => names(value, token)),
    ) ||
    facts.assigns.some(({ value }) => names(value, token)) ||
    facts.returnsOf.some(({ value }) => value !== null && names(value, token))
  );
}

function isVariable(value: Value, name: string): boolean {
  return value.kind === 'path' && value.root === name && value.steps.length === 0;
}

function names(value: Value, name: string): boolean {
  switch (value.kind) {
    case 'path':
      return value.root === name;
    case 'words':
      return value.words.includes(name);
    case 'choice':
      return value.of.some((one) => names(one, name));
    default:
      return false;
  }
}

/** `if (drm_dev_enter(drm, &idx)) {` */
function asks({ kind, test }: Context, call: number): boolean {
  return (
    kind === 'if' && test?.kind === 'is' && test.value.kind === 'call' && test.value.call === call
  );
}

/**
 * The exits that no way leads to but from the section, none of which leaves it; and those that some ways reach in
 * it, where only a jump past the call that leaves it can have led there. A condition around that call may ask what
 * a condition around the first did.
 */
function forgottenIn(
  flow: Flow,
  enter: CallFact,
  leaves: readonly CallFact[],
  exits: readonly HeldExit[],
): HeldExit[] {
  const found = new Map<number, HeldExit>();
  const around = new Set(flow.around(enter));
  const entered = flow.facts.assigned.numberOf(enter);
  const isPlain = (one: Context) =>
    around.has(one) || one.exits || one.kind === 'block' || asks(one, entered);
  const jumped = leaves.every((call) => flow.around(call).every(isPlain));
  for (const one of exits) {
    if (!one.held || !flow.dominates(enter, { block: one.block, end: Number.MAX_SAFE_INTEGER }))
      continue;
    const isMixed = exits.some(({ block, held }) => block === one.block && !held);
    if (!isMixed || jumped) found.set(one.block, one);
  }
  return [...found.values()].sort((a, b) => a.exit.start - b.exit.start);
}
