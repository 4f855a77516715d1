/** Something that probe registers by hand and remove alone gives back, while a later step of probe can fail. */
import type { ManualTake } from '../catalog.ts';
import { callLink, tableLink, wayLinks } from '../chains.ts';
import type { CallFact } from '../facts/types.ts';
import { registerRelease } from '../fixes/devm-action.ts';
import { placeInside } from '../places.ts';
import type { Ways } from '../program/call-graph.ts';
import { type Failure, failureOf, failuresAfter } from '../program/failures.ts';
import { releaseSitesOf } from '../program/pairs.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import type { Fix } from '../result.ts';
import { type ClosedBinding, closedBindingsOf, firstWith } from '../teardown/bindings.ts';
import type { Pass, Rule, RuleFinding } from './rule.ts';

/** Groups that leak a reference only: no other device, file or thread sees them after the failure. */
const quiet = new Set([
  'irq-vectors',
  'mmio',
  'clock',
  'regulator',
  'reset',
  'runtime-pm',
  'power-domain',
  'pci',
]);
/** A loop that unwinds the rounds before the one that failed. */
const earlierRounds = /^while \(?\(?\s*(--\s*\w|\w+\s*--)|^for \(\s*(;|--\s*\w|\w+\s*--)/;

export const releasedOnlyInRemove: Rule = {
  id: 'released-only-in-remove',
  summary:
    'what probe registers by hand is given back by remove only, and a later step of probe can fail',
  defaultSeverity: 'warning',
  run(pass) {
    const found = new Map<string, RuleFinding>();
    const takes = [...pass.catalog.takes.values()]
      .filter((take) => !quiet.has(take.group))
      .map((take) => take.name);
    for (const binding of closedBindingsOf(pass)) {
      const leads = pass.graph.waysTo(takes);
      const ways = pass.graph.waysDown(binding.start.fn, undefined, leads);
      for (const caller of ways.functions()) {
        if (!leads.has(caller)) continue;
        for (const call of caller.facts.calls) {
          const take = pass.catalog.takes.get(call.callee);
          if (!take || quiet.has(take.group)) continue;
          const name = `${caller.file.path} ${caller.name} ${take.group}`;
          if (found.has(name)) continue;
          const finding = judge(pass, binding, take, [...ways.to(caller), { caller, call }]);
          if (finding) found.set(name, finding);
        }
      }
    }
    return [...found.values()];
  },
};

function judge(
  pass: Pass,
  { end, ends }: ClosedBinding,
  take: ManualTake,
  frames: readonly CallSite[],
): RuleFinding | undefined {
  const [site] = frames.slice(-1);
  if (!site || isKept(site)) return undefined;
  const sites = releaseSitesOf(pass.program, pass.catalog, take, site);
  const releases = pass.graph.waysFrom(sites);
  const removes = firstWith(releases, ends);
  if (!removes || isManaged(pass, releases)) return undefined;
  const failing = failingStep(pass, releases, new Set(sites.map((one) => one.call)), frames);
  if (!failing) return undefined;
  const { caller, call } = site;
  const step = stepName(failing.failure.call);
  const again = take.exclusive ? ', and the next probe fails on it' : '';
  return {
    severity: 'warning',
    confidence: 'likely',
    place: placeInside(caller, call),
    function: caller.name,
    message: `only \`${removes.name}\` undoes \`${take.name}\`: when \`${step}\` fails, probe leaves it registered${again}`,
    timelines: ['probe-fail'],
    fixes: () => fixesOf(pass, site, releases.from(removes), sites),
    identity: [take.name],
    chain: [
      ...wayLinks(frames, `${take.name}() registers it`, 'allocation'),
      callLink(
        { caller: failing.fn, call: failing.failure.call },
        'note',
        `when this fails, \`${failing.fn.name}\` leaves with an error and nothing on the way gives it back`,
      ),
      tableLink(end),
      ...wayLinks(releases.from(removes), 'gives it back; remove does not run when probe fails'),
    ],
  };
}

function fixesOf(
  pass: Pass,
  taken: CallSite,
  way: readonly CallSite[],
  sites: readonly CallSite[],
): Fix[] {
  const release = way[way.length - 1];
  return release ? registerRelease(pass, taken, release, sites) : [];
}

/** A variable of the file that is set up once and kept for the next probe: `if (!host) { … }`. */
function isKept({ caller, call }: CallSite): boolean {
  const { facts } = caller;
  for (let at = call.context; at >= 0; at = facts.contexts[at]?.parent ?? -1) {
    const name = /^!\s*(\w+)$/.exec(facts.contexts[at]?.text ?? '')?.[1];
    if (
      name !== undefined &&
      !facts.locals.some((one) => one.name === name) &&
      !facts.params.some((one) => one.name === name)
    )
      return true;
  }
  return false;
}

/** An action of devm or drmm, or a destructor of the mode-setting core, gives it back on the error path too. */
function isManaged(pass: Pass, releases: Ways): boolean {
  return (
    pass.registrations.some(
      (registration) => registration.target && releases.has(registration.target),
    ) ||
    pass.tableFunctions.some(
      (one) => (one.role === 'release' || one.role === 'last-put') && releases.has(one.fn),
    )
  );
}

/** The first step after the take, from the inside out, whose failure passes no release on its way up to probe. */
function failingStep(
  pass: Pass,
  releases: Ways,
  given: ReadonlySet<CallFact>,
  frames: readonly CallSite[],
): { readonly fn: FunctionRef; readonly failure: Failure } | undefined {
  for (let i = frames.length - 1; i >= 0; i--) {
    const site = frames[i];
    if (!site) continue;
    const rise = riseFrom(frames, i);
    // A function that swallows its error lets probe go on.
    if (!rise) continue;
    const gives = (fn: FunctionRef, cleanup: readonly CallFact[], failed: CallFact | null) =>
      cleanup.some(
        (call) =>
          (given.has(call) ||
            pass.graph.targetsOf(fn, call).some((target) => releases.has(target))) &&
          !(failed && skipsThisRound(fn, call, failed)),
      );
    if (rise.some(({ fn, failure }) => gives(fn, failure.cleanup, failure.call))) continue;
    const failure = failuresAfter(site.caller.facts, site.call, (call) =>
      answersErrors(pass, site.caller, call),
    ).find((one) => !gives(site.caller, one.cleanup, null));
    if (failure) return { fn: site.caller, failure };
  }
  return undefined;
}

/** How a failure inside frame `i` leaves each frame above it; undefined when one of them drops it. */
function riseFrom(
  frames: readonly CallSite[],
  i: number,
): { readonly fn: FunctionRef; readonly failure: Failure }[] | undefined {
  const out: { fn: FunctionRef; failure: Failure }[] = [];
  for (const { caller, call } of frames.slice(0, i)) {
    const failure = failureOf(caller.facts, call);
    if (!failure) return undefined;
    out.push({ fn: caller, failure });
  }
  return out;
}

/** Whether a clean-up call unwinds only the rounds of a loop before the one in which `failed` failed. */
function skipsThisRound({ facts }: FunctionRef, call: CallFact, failed: CallFact): boolean {
  const around = (at: number): readonly { readonly kind: string; readonly text: string }[] => {
    const context = facts.contexts[at];
    return context ? [context, ...around(context.parent)] : [];
  };
  const looped = around(failed.context).some((context) => context.kind === 'loop');
  const unwinds = around(call.context);
  if (!looped || !unwinds.some((context) => context.kind === 'loop')) return false;
  return unwinds.some((context) =>
    context.kind === 'loop'
      ? earlierRounds.test(context.text)
      : context.kind === 'if' && /\w\s*<\s*\w/.test(context.text),
  );
}

/** Whether a call is known to answer an error number. */
function answersErrors(pass: Pass, caller: FunctionRef, call: CallFact): boolean {
  if (
    pass.catalog.managed.get(call.callee)?.returns === 'error' ||
    pass.catalog.takes.has(call.callee)
  )
    return true;
  const [target] = pass.graph.targetsOf(caller, call);
  return (
    target !== undefined &&
    target.facts.returns.name === 'int' &&
    target.facts.returnsOf.some(
      (one) =>
        one.value?.kind === 'words' && one.value.words.some((word) => /^E[A-Z]+$/.test(word)),
    )
  );
}

function stepName(call: CallFact): string {
  return call.callee === '' ? 'a call through a pointer' : call.callee;
}
