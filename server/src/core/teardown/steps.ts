/** From what happens to the steps that are shown. */
import type { UnbindStep } from '../catalog.ts';
import type { Pass } from '../pass.ts';
import { namePlace, placeIn, placeInside } from '../places.ts';
import type { TableFunction } from '../program/entries.ts';
import type { FunctionRef } from '../program/program.ts';
import { type Frame, viaOf } from '../program/run-through.ts';
import type { StepPhase, TeardownStep } from '../result.ts';
import { keptAs } from './identity.ts';
import { loggedAs } from './log-names.ts';
import { wordsOfCallback, wordsOfResult } from './step-words.ts';
import type { TracedCall, TraceEvent } from './trace.ts';

/** Makes the steps of one entry; one that is asked for again is the same. */
export class Steps {
  private readonly pass: Pass;
  private readonly made = new Map<TracedCall, TeardownStep>();
  private readonly seen = new Map<string, number>();

  constructor(pass: Pass) {
    this.pass = pass;
  }

  of(traced: TracedCall): TeardownStep {
    const known = this.made.get(traced);
    if (known) return known;
    const step = this.make(traced);
    this.made.set(traced, step);
    return step;
  }

  private make(traced: TracedCall): TeardownStep {
    const { frame, call, traceEvent, conditional, repeats } = traced;
    const place = placeInside(frame.fn, call);
    const { phase, action, argument, kind, releases, scope, bos = [] } = this.contents(traced);
    const target =
      traceEvent.does === 'acquire'
        ? traceEvent.registration?.target
        : traceEvent.does === 'enter'
          ? traceEvent.target
          : undefined;
    const holder = frame.fn.name;
    return {
      id: this.idOf(isTaken(traceEvent) ? `${holder}/${action}` : `${holder}()/${action}`),
      phase,
      action,
      argument: argument?.replace(/\s+/g, ' ').trim() ?? null,
      kind,
      releases,
      group: groupOf(frame),
      scope,
      registered: { place, function: holder, via: viaOf(frame) },
      callback: target ? { place: namePlace(target) } : null,
      conditional,
      repeats,
      findings: [],
      ...(traceEvent.does === 'acquire' && traceEvent.registration
        ? loggedAs(traceEvent.registration)
        : {}),
      ...keptBy(traced),
      ...(bos.length > 0 ? { bos } : {}),
    };
  }

  private idOf(name: string): string {
    const count = (this.seen.get(name) ?? 0) + 1;
    this.seen.set(name, count);
    return `${name}/${count}`;
  }

  private contents(traced: TracedCall): Pick<
    TeardownStep,
    'phase' | 'action' | 'kind' | 'releases' | 'scope'
  > & {
    readonly argument: string | undefined;
    readonly bos?: readonly string[];
  } {
    const { call, traceEvent } = traced;
    if (traceEvent.does === 'acquire') return this.acquired(traced, traceEvent);
    const arg = (index: number | undefined) =>
      index === undefined ? undefined : call.args[index]?.text;
    const byHand = { scope: null, releases: null, argument: undefined } as const;
    switch (traceEvent.does) {
      case 'take': {
        const { object, name, group } = traceEvent.take;
        const releases =
          object === 'return' ? wordsOfResult(this.pass, traced.frame.fn, call, group) : null;
        return {
          ...byHand,
          phase: 'manual',
          action: name,
          kind: group,
          releases,
          argument: object === 'return' ? undefined : arg(object.argument),
        };
      }
      case 'release':
        return {
          ...byHand,
          phase: 'remove',
          action: traceEvent.release.name,
          kind: traceEvent.release.group,
          releases: traceEvent.release.what,
          argument: arg(traceEvent.release.object),
        };
      case 'milestone': {
        const { name, role, object } = traceEvent.milestone;
        if (role === 'dev-alloc')
          return {
            ...byHand,
            phase: 'manual',
            action: name,
            kind: 'drm-device',
            releases: 'the drm_device',
          };
        return { ...byHand, phase: 'remove', action: name, kind: role, argument: arg(object) };
      }
      case 'enter':
        return { ...byHand, phase: 'remove', action: traceEvent.target.name, kind: 'function' };
      case 'end-early':
        return {
          ...byHand,
          phase: 'remove',
          action: call.callee,
          kind: traceEvent.api.kind,
          argument: arg(traceEvent.api.callback),
        };
      case 'unbind-components':
        return { ...byHand, phase: 'remove', action: traceEvent.dispatch.name, kind: 'component' };
      case 'group':
        return {
          ...byHand,
          phase: 'remove',
          action: traceEvent.group.name,
          kind: 'devres-group',
          argument: arg(traceEvent.group.id),
        };
    }
  }

  private acquired(
    { frame, call }: TracedCall,
    { api, registration }: Extract<TraceEvent, { does: 'acquire' }>,
  ) {
    const argument = registration ? registration.data : call.args[api.data ?? api.object ?? -1];
    const words = registration?.target ? wordsOfCallback(this.pass, registration.target) : null;
    const device = api.role === 'device-alloc';
    return {
      phase: api.scope === 'drm' ? 'drmm' : 'devm',
      scope: api.scope,
      action: registration?.callback ?? api.name,
      argument: argument?.text,
      kind: words?.kind ?? api.kind,
      releases: device
        ? 'a reference to the drm_device'
        : words
          ? aboutArgument(words.releases, registration?.target, argument?.text)
          : api.returns === 'pointer'
            ? wordsOfResult(this.pass, frame.fn, call, api.kind)
            : null,
      bos: (words?.bos ?? []).map((one) =>
        aboutArgument(one, registration?.target, argument?.text),
      ),
    } as const;
  }

  /** A function that a table names: remove(), drm_driver.release. */
  ofTable(
    { fn, file, entry }: TableFunction,
    phase: StepPhase,
    group: string | null = null,
  ): TeardownStep {
    return {
      id: `${phase}/${fn.name}`,
      phase,
      action: fn.name,
      argument: null,
      kind: 'function',
      releases: null,
      group,
      scope: null,
      registered: { place: placeIn(file, entry), function: '', via: [] },
      callback: { place: namePlace(fn) },
      conditional: null,
      repeats: null,
      findings: [],
    };
  }

  /** Something that the bus or the driver core does by itself. */
  ofCore(
    { name, what }: UnbindStep,
    { file, entry }: TableFunction,
    phase: StepPhase,
  ): TeardownStep {
    return {
      id: `core/${name}`,
      phase,
      action: name,
      argument: null,
      kind: 'power-domain',
      releases: what,
      group: null,
      scope: null,
      registered: { place: placeIn(file, entry), function: '', via: [] },
      callback: null,
      conditional: null,
      repeats: null,
      findings: [],
    };
  }
}

/** What the driver calls the data of an action that a helper registers. */
function keptBy({ frame, traceEvent }: TracedCall): { readonly keptAs?: string } {
  const data = traceEvent.does === 'acquire' ? traceEvent.registration?.data : undefined;
  const name = keptAs(frame, data?.value);
  return name === null ? {} : { keptAs: name };
}

/** Names the callback's parameter as the registration does. */
function aboutArgument<Words extends string | null>(
  releases: Words,
  target: FunctionRef | undefined,
  argument: string | undefined,
): Words | string {
  const param = target?.facts.params.at(-1)?.name;
  return argument === undefined || param === undefined || releases === null
    ? releases
    : releases.replaceAll(`\`${param}\``, `\`${argument.trim()}\``);
}

/** Whether a call takes something that the entry has to give back. */
export function isTaken(traceEvent: TraceEvent): boolean {
  return (
    traceEvent.does === 'acquire' ||
    traceEvent.does === 'take' ||
    (traceEvent.does === 'milestone' && traceEvent.milestone.role === 'dev-alloc')
  );
}

/** The devres group that a frame runs in. */
export function groupOf(frame: Frame): string | null {
  for (let at: Frame | null = frame; at; at = at.parent) if (at.group !== null) return at.group;
  return null;
}
