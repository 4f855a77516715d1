/**
 * The drm_devices of an entry: nearly always one. Each has a list of drmm actions and a last put of its
 * own, so where there are several it matters to whom an action, a get or a put belongs.
 */

import { holderOf } from '../facts/flow/results.ts';
import type { Argument } from '../facts/types.ts';
import { allocatedStruct } from '../program/allocated.ts';
import type { Pass } from '../rules/rule.ts';
import { type Identity, identify, isSame } from './identity.ts';
import type { Deeds } from './trace.ts';

export interface DrmDevice {
  /** The call that allocates it; null when the entry finds it allocated. */
  readonly allocation: Deeds | null;
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
  constructor(pass: Pass, way: readonly Deeds[]) {
    this.pass = pass;
    const devices = distinct(
      way.filter(({ deed }) => isAllocation(deed)).map((deeds) => this.knownBy(deeds)),
    );
    this.known = devices;
    const registered = new Set(
      devices.length > 1
        ? way
            .filter(({ deed }) => deed.does === 'milestone' && deed.milestone.role === 'register')
            .map((deeds) => this.match(deeds))
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
  of(deeds: Deeds): DrmDevice {
    return (this.known.length > 1 ? this.match(deeds) : undefined) ?? this.all[0] ?? found;
  }

  private match(deeds: Deeds): Known | undefined {
    const argument = deviceArgument(deeds);
    const object = isAllocation(deeds.deed)
      ? this.resultOf(deeds)
      : argument
        ? identify(this.pass.program, deeds.frame, argument, deeds.call.start)
        : null;
    return (
      this.known.find((one) => one.allocation?.call === deeds.call) ??
      this.known.find((one) => isSame(one.object, object)) ??
      this.known.find(
        ({ struct }) => struct !== undefined && object?.keys.some((key) => key.tag === struct),
      )
    );
  }

  private knownBy(deeds: Deeds): Known {
    return {
      allocation: deeds,
      registered: true,
      struct: allocatedStruct(this.pass.program, deeds.frame.fn, deeds.call),
      object: this.resultOf(deeds),
    };
  }

  private resultOf({ frame, call }: Deeds): Identity | null {
    const kept = holderOf(frame.fn.facts, call);
    return kept ? identify(this.pass.program, frame, { value: kept.target }, kept.end) : null;
  }
}

export function isAllocation(deed: Deeds['deed']): boolean {
  return (
    (deed.does === 'acquire' && deed.api.role === 'device-alloc') ||
    (deed.does === 'milestone' && deed.milestone.role === 'dev-alloc')
  );
}

/** The drm_device as a call is handed it. */
function deviceArgument({ deed, call }: Deeds): Argument | undefined {
  if (deed.does === 'acquire')
    return deed.registration ? deed.registration.device : call.args[deed.api.device];
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
