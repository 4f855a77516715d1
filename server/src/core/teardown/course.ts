/**
 * One course of events: what probe takes, what remove() does, devres in reverse, the last put. The
 * kernel's rules are in docs/semantics.md. Each timeline is a course of its own.
 */
import type { Catalog, UnbindStep } from '../catalog.ts';
import { denied } from '../facts/flow/conditions.ts';
import { holderOf } from '../facts/flow/result-use.ts';
import type { Argument } from '../facts/types.ts';
import type { TableFunction } from '../program/entries.ts';
import { showPath } from '../program/objects.ts';
import type { FunctionRef } from '../program/program.ts';
import type { Frame } from '../program/run-through.ts';
import type { StepPhase, TeardownStep } from '../result.ts';
import { type DrmDevice, isAllocation } from './devices.ts';
import { identify } from './identity.ts';
import { type GroupId, type Item, Ledger } from './ledger.ts';
import type { EntryParts } from './parts.ts';
import type { Trace, TracedCall } from './trace.ts';

/** Something that runs on a course: a call of a way out, or the callback of an entry of a list. */
export interface CourseEvent {
  readonly traced: TracedCall;
  /** `callback`: what the call registered runs. */
  readonly runs: 'call' | 'callback';
}

export class Course {
  readonly steps: TeardownStep[] = [];
  /** The call that a step stands for, by the step's index. */
  readonly sources = new Map<number, TracedCall>();
  /** Ids of what probe gave back itself. */
  readonly endedInProbe = new Set<string>();
  /** The same as it happens, for those who ask what each of it gives back. */
  readonly events: CourseEvent[] = [];
  private readonly parts: EntryParts;
  private ledger: Ledger;
  private readonly catalog: Catalog;
  private readonly holds: boolean;
  /** References to each drm_device that are known; none before it is allocated. */
  private readonly references = new Map<DrmDevice, number>();
  private readonly over = new Set<DrmDevice>();
  /** Components that are bound, in that order. */
  private bound: Frame[] = [];
  private readonly running = new Set<FunctionRef>();
  private readonly silent: boolean;
  private readonly stays: boolean;

  /**
   * @param holds user space has a file open until the end
   * @param stays nothing unregisters the drm_device: its last reference is never dropped
   * @param silent nobody looks at the steps: what calls of ways out would show is left out
   */
  constructor(parts: EntryParts, holds: boolean, silent = false, stays = false) {
    this.parts = parts;
    this.holds = holds;
    this.stays = stays;
    this.silent = silent;
    this.catalog = parts.pass.catalog;
    this.ledger = new Ledger(parts.pass.program, parts.objects);
  }

  /** The same so far, to go on from here more than once. */
  copy(): Course {
    const copy = new Course(this.parts, this.holds, this.silent, this.stays);
    copy.ledger = this.ledger.copy();
    copy.bound = [...this.bound];
    copy.steps.push(...this.steps);
    copy.events.push(...this.events);
    for (const [at, traced] of this.sources) copy.sources.set(at, traced);
    for (const id of this.endedInProbe) copy.endedInProbe.add(id);
    for (const [device, count] of this.references) copy.references.set(device, count);
    for (const device of this.over) copy.over.add(device);
    return copy;
  }

  /** The way in: things are put on the lists, nothing is shown. */
  enter(traced: readonly TracedCall[], earlier = false): void {
    for (const one of traced) {
      this.bindComponent(one.frame);
      const { traceEvent } = one;
      switch (traceEvent.does) {
        case 'release':
          this.endOnTheWayIn(one);
          break;
        case 'end-early':
          this.endEarly(one, null);
          break;
        case 'group':
          this.group(one, null);
          break;
        default:
          this.put(one, earlier);
      }
    }
  }

  /** What probe gives back itself. On a condition, as when a later step fails, it does not always. */
  private endOnTheWayIn(traced: TracedCall): void {
    const given = this.givenBackBy(traced).filter(
      (one) =>
        traced.conditional === null ||
        (traced.conditional === one.traced.conditional && traced.frame.fn === one.traced.frame.fn),
    );
    this.ledger.dropByHand(given);
    for (const { step } of given) this.endedInProbe.add(step.id);
  }

  private givenBackBy(traced: TracedCall): readonly Item[] {
    const { traceEvent } = traced;
    return traceEvent.does === 'release'
      ? this.ledger.findByHand(
          traced,
          traceEvent.release.name,
          traceEvent.release.object,
          traceEvent.release.all,
        )
      : [];
  }

  /** Puts what a call takes on its list. */
  private put(traced: TracedCall, earlier = false): void {
    const { traceEvent } = traced;
    if (traceEvent.does === 'acquire') {
      this.ledger.acquire(traced, traceEvent, this.parts.steps.of(traced), earlier);
      if (traceEvent.api.role === 'device-alloc') this.allocated(this.parts.devices.of(traced));
    } else if (traceEvent.does === 'take')
      this.ledger.take(traced, this.parts.steps.of(traced), traceEvent.take.object);
    else if (traceEvent.does === 'milestone' && !earlier) this.count(traced);
  }

  private allocated(device: DrmDevice): void {
    if (this.references.has(device)) return;
    const held = (this.holds && device.registered ? 1 : 0) + (this.stays ? 1 : 0);
    this.references.set(device, 1 + held);
  }

  /** Counts the references to a drm_device. */
  private count(traced: TracedCall): void {
    const { traceEvent, conditional } = traced;
    if (traceEvent.does !== 'milestone') return;
    const device = this.parts.devices.of(traced);
    if (traceEvent.milestone.role === 'dev-alloc') this.allocated(device);
    if (conditional !== null) return;
    if (traceEvent.milestone.role === 'dev-get') this.refer(device, 1);
    if (traceEvent.milestone.role === 'dev-put') this.refer(device, -1);
  }

  private refer(device: DrmDevice, by: number): void {
    const known = this.references.get(device);
    if (known !== undefined) this.references.set(device, known + by);
  }

  /** Whether nothing refers to a device any more, for the first time. */
  private isLast(device: DrmDevice): boolean {
    return this.references.get(device) === 0 && !this.over.has(device);
  }

  private bindComponent(frame: Frame): void {
    for (let at: Frame | null = frame; at?.parent; at = at.parent) {
      if (at.group === null) continue;
      if (!this.bound.includes(at)) this.bound.push(at);
      return;
    }
  }

  /** The way out: what each call does is shown where it happens. */
  act(trace: Trace, phase: StepPhase): void {
    for (const traced of trace.traced) this.perform(traced, phase);
  }

  private perform(traced: TracedCall, phase: StepPhase): void {
    const { traceEvent } = traced;
    switch (traceEvent.does) {
      case 'end-early':
        this.endEarly(traced, phase);
        return;
      case 'group':
        this.group(traced, phase);
        return;
      case 'acquire':
      case 'take':
        this.put(traced);
        return;
      case 'milestone':
        this.milestone(traced, phase);
        return;
      case 'unbind-components':
        this.show(traced, phase);
        this.unbindComponents();
        return;
      case 'release': {
        const [first, ...others] = this.givenBackBy(traced);
        if (first) this.ledger.dropByHand([first, ...others]);
        this.show(traced, phase, first?.step.id, others);
        return;
      }
      case 'enter':
        this.show(traced, phase);
    }
  }

  private show(
    traced: TracedCall,
    phase: StepPhase,
    id?: string,
    others: readonly Item[] = [],
  ): void {
    this.events.push({ traced, runs: 'call' });
    if (this.silent) return;
    const step = this.parts.steps.of(traced);
    this.steps.push({ ...step, phase, id: id ?? step.id, ...endsOf(others) });
    this.sources.set(this.steps.length - 1, traced);
  }

  private milestone(traced: TracedCall, phase: StepPhase): void {
    const { traceEvent } = traced;
    this.count(traced);
    if (traceEvent.does !== 'milestone' || traceEvent.milestone.role === 'dev-get') return;
    const puts = traceEvent.milestone.role === 'dev-put';
    const device = this.parts.devices.of(traced);
    const last = puts && this.isLast(device);
    const allocated =
      puts && device.allocation?.traceEvent.does === 'milestone' ? device.allocation : undefined;
    this.show(traced, last ? 'last-put' : phase, allocated && this.parts.steps.of(allocated).id);
    if (last) this.lastPut(device);
  }

  /** devm_release_action(), devm_kfree() and the like. */
  private endEarly(traced: TracedCall, phase: StepPhase | null): void {
    if (traced.traceEvent.does !== 'end-early') return;
    const { api } = traced.traceEvent;
    const found = this.ledger.findEarly(traced, api);
    if (!found) return;
    const { conditional } = traced;
    const runs = api.role !== 'remove-action';
    if (conditional !== null && conditional !== found.traced.conditional && phase === null) {
      this.ledger.replace(found, {
        ...found,
        step: { ...found.step, conditional: unless(found.step.conditional, conditional) },
      });
      return;
    }
    this.ledger.drop(found);
    if (phase !== null && runs) this.run(found, { ...found.step, phase });
  }

  private group(traced: TracedCall, phase: StepPhase | null): void {
    if (traced.traceEvent.does !== 'group') return;
    const { does, id: index } = traced.traceEvent.group;
    const argument = traced.call.args[index];
    // A group that is opened without a name goes by the pointer that the call answers.
    const named =
      argument?.text.trim() === 'NULL'
        ? does === 'open'
          ? resultOf(traced)
          : undefined
        : argument;
    const id: GroupId | null = named
      ? {
          written: named.text.trim(),
          object: identify(this.parts.pass.program, traced.frame, named, named.end),
        }
      : null;
    if (does !== 'release') this.ledger.mark(does, id);
    else
      for (const item of this.ledger.takeGroup(id))
        if (phase === null) this.drop(item);
        else this.run(item, { ...item.step, phase });
  }

  /** A reference goes without being shown: probe gives back what it took. */
  private drop(item: Item): void {
    if (isAllocation(item.traced.traceEvent)) this.refer(this.parts.devices.of(item.traced), -1);
  }

  /** Runs one entry of a list. */
  private run(item: Item, step: TeardownStep): void {
    if (!isAllocation(item.traced.traceEvent)) {
      this.sources.set(this.steps.length, item.traced);
      this.steps.push({ ...step, ...endsOf(this.givenBackInside(item)) });
      this.runCallback(item);
      return;
    }
    const device = this.parts.devices.of(item.traced);
    this.refer(device, -1);
    const last = this.isLast(device);
    this.steps.push(last ? { ...step, phase: 'last-put' } : step);
    if (last) this.lastPut(device);
  }

  /** What was taken by hand and is given back by what an entry of a list runs. */
  private givenBackInside({ traced }: Item): readonly Item[] {
    if (this.silent || !this.ledger.holdsByHand) return [];
    const given = this.parts
      .callbackTrace(traced)
      .traced.flatMap((inner) => this.givenBackBy(inner));
    this.ledger.dropByHand(given);
    return given;
  }

  /** What a callback does to the lists while it runs; what it releases is told by its step. */
  private runCallback({ traced }: Item): void {
    const target =
      traced.traceEvent.does === 'acquire' ? traced.traceEvent.registration?.target : undefined;
    if (!target || this.running.has(target)) return;
    this.events.push({ traced, runs: 'callback' });
    this.running.add(target);
    for (const inner of this.parts.callback(target, traced.frame)) this.perform(inner, 'devm');
    this.running.delete(target);
  }

  /** The last reference to a drm_device is dropped. */
  private lastPut(device: DrmDevice): void {
    if (this.over.has(device)) return;
    this.over.add(device);
    const { release, releaseTrace, devices } = this.parts;
    if (release && this.references.has(device)) {
      this.steps.push(this.parts.releaseStep ?? this.parts.steps.ofTable(release, 'release'));
      if (releaseTrace) this.act(releaseTrace, 'release');
    }
    for (const item of this.ledger.takeDrmm((one) => devices.of(one.traced) === device))
      this.run(item, item.step);
  }

  /** component_unbind_all(): in reverse, the group of each after its unbind. */
  unbindComponents(): void {
    const bound = this.bound.reverse();
    this.bound = [];
    for (const frame of bound) this.unbindComponent(frame, () => true);
  }

  private unbindComponent(frame: Frame, wanted: (item: Item) => boolean): void {
    const from = this.steps.length;
    const unbind = this.parts.unbindOf(frame.fn);
    if (unbind) {
      this.steps.push(unbind.step);
      this.act(unbind.trace, 'remove');
    }
    // Nobody can tell how many components of a kind there are.
    for (const [i, step] of this.steps.entries())
      if (i >= from) this.steps[i] = { ...step, repeats: step.repeats ?? frame.repeats };
    this.releaseFrame(frame, (item) => wanted(item) && !this.parts.isOnParent(item));
  }

  /** Releases what a component's bind put on lists. */
  private releaseFrame(frame: Frame, wanted: (item: Item) => boolean): void {
    for (const item of this.ledger.takeDevres(
      (one) => isInside(one.traced.frame, frame) && wanted(one),
    ))
      this.run(item, item.step);
  }

  /** A component's bind fails: its group goes, then the components before it. */
  failBind(frame: Frame): void {
    this.bound = this.bound.filter((one) => one !== frame);
    this.releaseFrame(frame, (item) => !item.earlier);
    this.unbindComponent(frame, (item) => item.earlier);
    this.unbindComponents();
  }

  /** An action runs because it could not be registered. */
  runUnregistered(traced: TracedCall): void {
    const step = this.parts.steps.of(traced);
    this.steps.push(step);
    this.runCallback({ traced, step, scope: null, object: null, earlier: false });
  }

  /** Whether an entry is on the list of the entry's own device: a component's device has one of its own. */
  private isOwn(item: Item): boolean {
    return (
      !this.bound.some((frame) => isInside(item.traced.frame, frame)) || this.parts.isOnParent(item)
    );
  }

  /** From the end of remove(), or of a failed probe, to the end of the drm_device. */
  finish(table: TableFunction, failed = false): void {
    const { bus } = this.catalog.ops.get(table.table.struct) ?? {};
    const core = this.catalog.data.unbindSteps
      .filter((one) => bus !== undefined && one.buses.includes(bus))
      .slice(-1);
    const detach = (when: UnbindStep['when']) => {
      for (const one of core)
        if (one.when === when)
          this.steps.push(
            this.parts.steps.ofCore(
              one,
              table,
              when === 'before-devres' && !failed ? 'remove' : 'manual',
            ),
          );
    };
    detach('before-devres');
    // What an action registers meanwhile stays on the list: this one was taken off as a whole.
    for (const item of this.ledger.takeDevres((one) => this.isOwn(one))) this.run(item, item.step);
    detach('after-devres');
    if (!this.stays) for (const device of this.parts.devices.all) this.lastPut(device);
  }
}

function endsOf(items: readonly Item[]): Pick<TeardownStep, 'ends'> {
  return items.length === 0 ? {} : { ends: [...new Set(items.map(({ step }) => step.id))] };
}

/** The variable or member that keeps what a call answers, as an argument would name it. */
function resultOf({
  frame,
  call,
}: TracedCall): Pick<Argument, 'text' | 'value' | 'end'> | undefined {
  const kept = holderOf(frame.fn.facts, call);
  return kept && { text: showPath(kept.target), value: kept.target, end: kept.end };
}

function unless(conditional: string | null, condition: string): string {
  return `${conditional === null ? '' : `${conditional}; `}${denied(condition)}`;
}

function isInside(frame: Frame, outer: Frame): boolean {
  for (let at: Frame | null = frame; at; at = at.parent) if (at === outer) return true;
  return false;
}
