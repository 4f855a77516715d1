/** An interrupt that is still requested while its handler works with what remove() has ended. */
import { earlyEndCause } from '../causes.ts';
import { callLink, functionLink, tableLink, wayLinks } from '../chains.ts';
import type { Context } from '../facts/types.ts';
import { goneWithOwnComponent } from '../hazards/after-components.ts';
import { earlyIrq } from '../hazards/early-irq.ts';
import { endedStructs, usesOfEnded } from '../hazards/ended-structs.ts';
import { type End, endedWhile, endsWhileRunning, isPlainForEach } from '../hazards/ends.ts';
import { runsOf } from '../hazards/feeders.ts';
import { isFlagged } from '../hazards/flagged.ts';
import {
  endsOfInterrupts,
  handlerStarts,
  isEndOfInterrupt,
  isSettled,
  type Requested,
  requestedIn,
  tellingsOfDevice,
  writers,
} from '../hazards/interrupts.ts';
import { type PoweredOff, poweredOff } from '../hazards/powered-off.ts';
import { canComeAfter, comesBefore, type Way } from '../hazards/ways.ts';
import { placeInside } from '../places.ts';
import type { TableFunction } from '../program/entries.ts';
import type { FunctionRef } from '../program/program.ts';
import { keysOf, shareMember, stopsOf } from '../program/stops.ts';
import { workersIn } from '../program/workers.ts';
import { type Binding, bindingsOf, type ClosedBinding } from '../teardown/bindings.ts';
import type { Pass, Rule, RuleFinding } from './rule.ts';

export const irqOutlivesResource: Rule = {
  id: 'irq-outlives-resource',
  summary: 'an interrupt handler can run after remove() has ended what it works with',
  defaultSeverity: 'warning',
  run(pass) {
    const requests = requestedIn(pass).filter(({ handlers }) => handlers.length > 0);
    if (requests.length === 0) return [];
    return bindingsOf(pass).flatMap((binding) =>
      requests
        .filter(({ site }) => pass.graph.isReachedFrom(site.caller, beginningsOf(pass, binding)))
        .flatMap(
          (request) =>
            (isClosed(binding) ? judge(pass, binding, request) : undefined) ??
            tooEarly(pass, binding, request),
        ),
    );
  },
};

/** Where a driver requests its interrupts: a component may do so when it is bound, and free them in remove(). */
function beginningsOf(pass: Pass, { start, end, starts }: Binding): readonly FunctionRef[] {
  if (start.role !== 'probe' || !end || goneWithOwnComponent(pass, end.fn).length === 0)
    return starts;
  const binds = pass.tableFunctions.filter(
    ({ role, file }) => role === 'bind' && file === start.file,
  );
  return [...starts, ...binds.map(({ fn }) => fn)];
}

function isClosed(binding: Binding): binding is ClosedBinding {
  return binding.end !== undefined;
}

interface Found {
  readonly end: End;
  readonly handler: FunctionRef;
  readonly way: Way;
}

function judge(pass: Pass, { end }: Binding, request: Requested): RuleFinding | undefined {
  if (!end) return undefined;
  const stops = endsOfInterrupts(pass, end.fn);
  // Which of several interrupts a call frees is not asked: one that is freed by hand is freed somewhere.
  const managed = request.api.managed === true;
  if (!managed && stops.length === 0) return undefined;
  const gone = [...endedStructs(pass, end.fn), ...goneWithOwnComponent(pass, end.fn)].filter(
    endedWhile(pass, stops, managed),
  );
  const found = [...endsWhileRunning(pass, end.fn, stops, managed), ...gone]
    .toSorted((a, b) => rank(a) - rank(b))
    .map((one) => usedBy(pass, request, one, end.fn))
    .find((one) => one !== undefined);
  if (found) return findingOf(pass, end, request, found);
  const off = poweredOff(pass, end, request, stops);
  return off && offFinding(end, request, off);
}

/** Another device on the line makes the handler read registers that nothing answers for any more. */
function offFinding(
  end: TableFunction,
  { api, site }: Requested,
  { handler, off, access }: PoweredOff,
): RuleFinding {
  const [last] = off.slice(-1);
  const name = last?.call.callee ?? '';
  const when = api.managed ? 'devm frees the interrupt after that' : 'the interrupt is freed later';
  return {
    severity: 'warning',
    confidence: 'likely',
    place: placeInside(site.caller, site.call),
    function: site.caller.name,
    message: `\`${handler.name}\` reads the registers of a device for which \`${end.fn.name}\` has called ${name}() while the interrupt is still requested: ${when}, and other devices on the line make it run`,
    timelines: ['unbind', 'unplug-open'],
    fixes: [],
    identity: ['off', handler.name, name],
    causes: last ? [earlyEndCause(placeInside(last.caller, last.call))] : [],
    chain: [
      callLink(site, 'registration', `\`${handler.name}\` handles the interrupt; ${when}`),
      tableLink(end),
      ...wayLinks(off, 'switches off what its registers need'),
      functionLink(handler, 'callback', `\`${handler.name}\` can run until the interrupt is freed`),
      ...wayLinks(access, 'reads or writes a register', 'note'),
    ],
  };
}

/**
 * Whether the device has been told to raise nothing: the way out writes to it before the end, or has its core
 * do so. Who asks the device first sees that on a shared line, too; a work that was stopped may have written
 * once more.
 */
function isHushed(
  pass: Pass,
  out: FunctionRef,
  { shared }: Requested,
  { end, handler, way }: Found,
): boolean {
  const asks = asksTheDevice(pass, handler, way, end);
  return tellingsOfDevice(pass, out).some(({ told, by }) => {
    if (!comesBefore(pass, told, end.way)) return false;
    return by === 'core' ? asks : (asks || !shared) && !writesAgain(pass, end);
  });
}

/** The handler does not come to the use each time, and not only because it looks whether the thing is there. */
function asksTheDevice(pass: Pass, handler: FunctionRef, [first]: Way, { key }: End): boolean {
  const flow = pass.catalog.flows.of(handler.facts);
  if (!first || flow.isAlways(first.call)) return false;
  const member = key.member.split('.').at(-1);
  const isAboutIt = ({ test }: Context) =>
    test?.kind === 'is' && test.value.kind === 'path' && test.value.steps.at(-1) === member;
  return (
    handler.facts.contexts.some(({ exits, end }) => exits && end <= first.call.start) ||
    !flow.around(first.call).every(isAboutIt)
  );
}

function writesAgain(pass: Pass, { key, kind }: End): boolean {
  if (kind === 'ended') return false;
  const leads = pass.graph.waysTo(writers(pass));
  return workersIn(pass)
    .heldBy([key])
    .some(({ handler }) => leads.has(handler));
}

/** What is gone is worse than what runs again, and what always ends than what may. */
function rank({ kind, always }: End): number {
  return (kind === 'ended' ? 0 : 2) + (always ? 0 : 1);
}

function usedBy(
  pass: Pass,
  { handlers }: Requested,
  end: End,
  out: FunctionRef,
): Found | undefined {
  for (const handler of handlers) {
    const uses = waysInto(pass, handler, end);
    const way = uses.find(
      (one) =>
        !isFlagged(pass, one, out, end.way) &&
        !(end.what === 'workqueue' && queuesNothing(pass, one, out)),
    );
    if (way) return { end, handler, way };
  }
  return undefined;
}

/** From a handler down to where it works with what has ended, or starts it. */
function waysInto(pass: Pass, handler: FunctionRef, end: End): readonly Way[] {
  return end.kind === 'ended'
    ? usesOfEnded(pass, handler, end)
    : handlerStarts(pass, handler, end.key);
}

/** Whether the work at the end of a way has been stopped for good: queueing it does not look at the queue. */
function queuesNothing(pass: Pass, way: Way, out: FunctionRef): boolean {
  const [last] = way.slice(-1);
  if (!last) return false;
  const starts = pass.catalog.milestones.get(last.call.callee);
  if (starts?.role !== 'queue-work' || starts.object === undefined) return false;
  const work = keysOf(pass.program, last.caller, last.call, starts.object);
  return stopsOf(pass, out).some(
    ({ release, keys }) => release.final === true && shareMember(keys, work),
  );
}

/** Whether another device on the line is enough: it runs the first handler, and no status is asked there. */
function runsAnyway(
  pass: Pass,
  { shared, first: atOnce }: Requested,
  { handler, way }: Pick<Found, 'handler' | 'way'>,
): boolean {
  const [first] = way;
  return (
    shared &&
    atOnce.includes(handler) &&
    first !== undefined &&
    pass.catalog.flows.of(handler.facts).isAlways(first.call) &&
    // What a pointer means is a guess where it can mean several.
    way.every(({ caller, call }) => pass.graph.targetsOf(caller, call).length <= 1)
  );
}

/** Whether a way out writes nothing before something ends, and then zero to a register: its mask comes too late. */
function masksAfterwards(pass: Pass, out: FunctionRef, ended: Way): boolean {
  const tellings = tellingsOfDevice(pass, out);
  return (
    !tellings.some(({ told }) => canComeAfter(pass, told, ended)) &&
    tellings.some(
      ({ told, by }) =>
        by === 'driver' &&
        comesBefore(pass, ended, told) &&
        told.at(-1)?.call.args.some(({ value }) => value.kind === 'literal' && value.text === '0'),
    )
  );
}

function findingOf(pass: Pass, end: TableFunction, request: Requested, found: Found): RuleFinding {
  const { api, site } = request;
  const { end: ended, handler, way } = found;
  const { key, kind, what, always } = ended;
  const anyway = runsAnyway(pass, request, found);
  const sure = anyway && always;
  const verb = kind === 'ended' ? 'uses' : 'starts';
  const done = kind === 'ended' ? 'ends' : 'stops';
  const when = api.managed ? 'devm frees the interrupt after that' : 'the interrupt is freed later';
  const settled = isSettled(pass, end.fn, request, ended.way);
  const hushed = settled || isHushed(pass, end.fn, request, found);
  // Nobody has told the device anything: what raises its interrupt goes on.
  const untold =
    api.managed === true &&
    always &&
    !settled &&
    !isTurnedOff(pass, site.caller) &&
    way.every((one) => isPlainForEach(pass, one)) &&
    !tellingsOfDevice(pass, end.fn).some(({ told }) => comesBefore(pass, told, ended.way));
  const maskedLate =
    api.managed === true && always && !settled && masksAfterwards(pass, end.fn, ended.way);
  const doubt = anyway
    ? ', and other devices on the line make it run'
    : maskedLate
      ? ', and the device is told to raise none only afterwards'
      : untold
        ? ', and nothing tells the device before to raise none'
        : settled
          ? ', unless its handler has turned it off after the last request'
          : hushed
            ? ', unless what was written to the device before keeps it quiet'
            : ', unless the device was told before to raise none';
  return {
    // A driver that turns its line off elsewhere, or frees it by hand, has thought of it.
    severity:
      sure || untold || maskedLate
        ? 'warning'
        : api.managed && !hushed && !isTurnedOff(pass, site.caller)
          ? 'info'
          : 'hint',
    confidence: sure || untold || maskedLate ? 'likely' : 'possible',
    place: placeInside(site.caller, site.call),
    function: site.caller.name,
    message: `\`${handler.name}\` ${verb} the ${what} \`${key.member}\`, which \`${end.fn.name}\` ${done} while the interrupt is still requested: ${when}${doubt}`,
    timelines: ['unbind', 'unplug-open'],
    fixes: [],
    identity: [handler.name, key.tag, key.member],
    chain: [
      callLink(site, 'registration', `\`${handler.name}\` handles the interrupt; ${when}`),
      tableLink(end),
      ...wayLinks(ended.way, `${done} \`${key.member}\``),
      functionLink(handler, 'callback', `\`${handler.name}\` can run until the interrupt is freed`),
      ...wayLinks(way, `${verb} \`${key.member}\``, 'note'),
      ...(kind === 'stopped' ? runsOf(pass, key) : []).map((fn) =>
        functionLink(fn, 'note', `\`${fn.name}\` runs then`),
      ),
    ],
  };
}

/** Whether the file that requests an interrupt frees or disables one anywhere. */
function isTurnedOff(pass: Pass, { file }: FunctionRef): boolean {
  return pass.catalog.data.interrupts.some(
    ({ does, name }) =>
      does === 'end' &&
      pass.program
        .callsOf(name)
        .some((site) => site.caller.file === file && isEndOfInterrupt(pass, site)),
  );
}

/** The handler can run before what it works with is there, and devm may end that before the interrupt. */
function tooEarly(pass: Pass, binding: Binding, requested: Requested): RuleFinding[] {
  const found = earlyIrq(pass, binding, requested);
  if (!found) return [];
  const { handler, key, what, request, begin, use, endsFirst } = found;
  const { site } = requested;
  const sure = runsAnyway(pass, requested, { handler, way: use });
  const untold =
    endsFirst &&
    !isTurnedOff(pass, site.caller) &&
    binding.ends.every((fn) => tellingsOfDevice(pass, fn).length === 0);
  const [made] = begin.slice(-1);
  const then = endsFirst ? '; devm ends it before it frees the interrupt' : '';
  const doubt = sure
    ? ', and other devices on the line make it run'
    : untold
      ? ', and nothing tells the device before to raise none'
      : ', unless the device was told before to raise none';
  return [
    {
      severity: sure ? 'warning' : untold ? 'info' : 'hint',
      confidence: sure ? 'likely' : 'possible',
      place: placeInside(site.caller, site.call),
      function: site.caller.name,
      message: `\`${handler.name}\` works with the ${what} \`${key.member}\`, which ${made?.call.callee ?? 'probe'}() makes only after the interrupt is requested${then}${doubt}`,
      timelines: endsFirst ? ['unbind', 'unplug-open', 'probe-fail'] : ['probe-fail'],
      fixes: [],
      identity: ['early', handler.name, key.tag, key.member],
      chain: [
        ...wayLinks(request, `\`${handler.name}\` can run from here on`, 'registration'),
        ...wayLinks(begin, `\`${key.member}\` begins`, 'allocation'),
        functionLink(handler, 'callback', `\`${handler.name}\` handles the interrupt`),
        ...wayLinks(use, `works with \`${key.member}\``, 'note'),
      ],
    },
  ];
}
