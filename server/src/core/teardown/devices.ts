/**
 * The drm_devices of an entry: nearly always one. Each has a list of drmm actions and a last put of its
 * own, so where there are several it matters to whom an action, a get or a put belongs.
 */

import { holderOf } from '../facts/flow/result-use.ts';
import type { Argument } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import { allocatedStruct } from '../program/allocated-struct.ts';
import { type Identity, identify, isSame } from './identity.ts';
import type { TracedCall } from './trace.ts';

export interface DrmDevice {
  /** The call that allocates it; null when the entry finds it allocated. */
  readonly allocation: TracedCall | null;
  /** Registered with user space: a file can be open on it. */
  readonly registered: boolean;
}

interface Known extends DrmDevice {
  readonly struct: string | undefined;
  readonly object: Identity | null;
}

const found: DrmDevice = { allocation: null, registered: true };

export class DrmDevices {
  readonly all: readonly DrmDevice[];
  private readonly pass: Pass;
  private readonly known: readonly Known[];

  /** @param way what the entry does on its way in */
  constructor(pass: Pass, way: readonly TracedCall[]) {
    this.pass = pass;
    const devices = distinct(
      way
        .filter(({ traceEvent }) => isAllocation(traceEvent))
        .map((traced) => this.knownBy(traced)),
    );
    this.known = devices;
    const registered = new Set(
      devices.length > 1
        ? way
            .filter(
              ({ traceEvent }) =>
                traceEvent.does === 'milestone' && traceEvent.milestone.role === 'register',
            )
            .map((traced) => this.match(traced))
        : [],
    );
    // Who registers none leaves it to somebody else.
    this.known = devices.map((one) => ({
      ...one,
      registered: registered.size === 0 || registered.has(one),
    }));
    this.all = this.known.length === 0 ? [found] : this.known;
  }

  /** The device that an action, a reference or a registration belongs to. */
  of(traced: TracedCall): DrmDevice {
    return (this.known.length > 1 ? this.match(traced) : undefined) ?? this.all[0] ?? found;
  }

  private match(traced: TracedCall): Known | undefined {
    const argument = deviceArgument(traced);
    const object = isAllocation(traced.traceEvent)
      ? this.resultOf(traced)
      : argument
        ? identify(this.pass.program, traced.frame, argument, traced.call.start)
        : null;
    return (
      this.known.find((one) => one.allocation?.call === traced.call) ??
      this.known.find((one) => isSame(one.object, object)) ??
      this.known.find(
        ({ struct }) => struct !== undefined && object?.keys.some((key) => key.tag === struct),
      )
    );
  }

  private knownBy(traced: TracedCall): Known {
    return {
      allocation: traced,
      registered: true,
      struct: allocatedStruct(this.pass.program, traced.frame.fn, traced.call),
      object: this.resultOf(traced),
    };
  }

  private resultOf({ frame, call }: TracedCall): Identity | null {
    const kept = holderOf(frame.fn.facts, call);
    return kept ? identify(this.pass.program, frame, { value: kept.target }, kept.end) : null;
  }
}

export function isAllocation(traceEvent: TracedCall['traceEvent']): boolean {
  return (
    (traceEvent.does === 'acquire' && traceEvent.api.role === 'device-alloc') ||
    (traceEvent.does === 'milestone' && traceEvent.milestone.role === 'dev-alloc')
  );
}

/** The drm_device as a call is handed it. */
function deviceArgument({ traceEvent, call }: TracedCall): Argument | undefined {
  if (traceEvent.does === 'acquire')
    return traceEvent.registration
      ? traceEvent.registration.device
      : call.args[traceEvent.api.device];
  return call.args[0];
}

/** Alternatives (`if (a) drm = alloc(A); else drm = alloc(B);`) make one device. */
function distinct(devices: readonly Known[]): Known[] {
  const out: Known[] = [];
  for (const one of devices) {
    const known = out.some(
      (other) =>
        (one.struct !== undefined && one.struct !== 'drm_device' && other.struct === one.struct) ||
        isSame(other.object, one.object),
    );
    if (!known) out.push(one);
  }
  return out;
}
