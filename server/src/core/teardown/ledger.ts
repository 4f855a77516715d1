/**
 * What stands on the lists at one moment: devres with its groups, the drmm list, and what was taken by
 * hand. Matching follows the kernel: devm takes the newest match off, drmm_release_action() the oldest.
 */
import type { ManagedApi } from '../catalog.ts';
import type { Program } from '../program/program.ts';
import type { Frame } from '../program/run-through.ts';
import type { Scope, TeardownStep } from '../result.ts';
import { meantBy } from './functions-as-arguments.ts';
import { endersOf, HeldByHand } from './held-by-hand.ts';
import { type Identity, identify, isSame, type Written } from './identity.ts';
import type { TracedCall, TraceEvent } from './trace.ts';

/** One entry of a list. */
export interface Item {
  readonly traced: TracedCall;
  readonly step: TeardownStep;
  readonly scope: Scope | null;
  readonly object: Identity | null;
  /** Of a turn of its loop that was over before the one that failed. */
  readonly earlier: boolean;
}

/** What a devres group goes by: as written at the call, and the object that this is. */
export interface GroupId {
  readonly written: string;
  readonly object: Identity | null;
}

interface Mark {
  readonly mark: 'open' | 'close';
  readonly id: GroupId | null;
}

/** The object that each traceEvent is about: the courses of an entry ask for it again and again. */
export type Objects = Map<TraceEvent, Identity | null>;

type Acquire = Extract<TraceEvent, { does: 'acquire' }>;

export class Ledger {
  private readonly program: Program;
  private devres: (Item | Mark)[] = [];
  private drmm: Item[] = [];
  private hand = new HeldByHand();
  private readonly objects: Objects;

  constructor(program: Program, objects: Objects) {
    this.program = program;
    this.objects = objects;
  }

  /** What stands on the lists now, to go on from there more than once. */
  copy(): Ledger {
    const copy = new Ledger(this.program, this.objects);
    copy.devres = [...this.devres];
    copy.drmm = [...this.drmm];
    copy.hand = this.hand.copy();
    return copy;
  }

  /** The object of a traceEvent, which its argument names. */
  private objectOf(traced: TracedCall, argument: Written | undefined): Identity | null {
    const { frame, call, traceEvent } = traced;
    const known = this.objects.get(traceEvent);
    if (known !== undefined) return known;
    const found = argument ? identify(this.program, frame, argument, call.start) : null;
    this.objects.set(traceEvent, found);
    return found;
  }

  acquire(traced: TracedCall, traceEvent: Acquire, step: TeardownStep, earlier: boolean): void {
    const { call } = traced;
    const argument =
      traceEvent.registration?.data ??
      call.args[traceEvent.api.data ?? traceEvent.api.object ?? -1];
    const object = argument ? this.objectOf(traced, argument) : this.resultOf(traced);
    const item: Item = { traced, step, scope: traceEvent.api.scope, object, earlier };
    if (traceEvent.api.scope === 'drm') this.drmm.push(item);
    else this.devres.push(item);
  }

  take(
    traced: TracedCall,
    step: TeardownStep,
    object: 'return' | { readonly argument: number },
  ): void {
    const argument = object === 'return' ? undefined : traced.call.args[object.argument];
    this.hand.add({
      traced,
      step,
      scope: null,
      earlier: false,
      object: argument ? this.objectOf(traced, argument) : this.resultOf(traced),
    });
  }

  /** The object that a call's result is. */
  private resultOf({ frame, call, traceEvent }: TracedCall): Identity | null {
    const known = this.objects.get(traceEvent);
    if (known !== undefined) return known;
    const { assigned } = frame.fn.facts;
    const [kept] = assigned.ofCall(assigned.numberOf(call));
    const found = kept ? identify(this.program, frame, { value: kept.target }, kept.end) : null;
    this.objects.set(traceEvent, found);
    return found;
  }

  /** What an early release means; undefined when nothing on its list fits. */
  findEarly(traced: TracedCall, api: ManagedApi): Item | undefined {
    const { frame, call } = traced;
    const list = api.scope === 'drm' ? this.drmm : this.devres;
    this.program.queries.effort.spend(1 + (list.length >>> 3));
    const items = list.filter((one): one is Item => 'step' in one);
    // drmm_release_action() searches from the oldest on, everything else from the newest.
    const oldest = api.scope === 'drm' && api.role === 'release-action';
    const sought = oldest ? items : items.reverse();
    const handed = api.callback === undefined ? undefined : call.args[api.callback];
    const callback =
      handed && (meantBy(this.program, frame, handed.value)?.name ?? handed.text.trim());
    const argument = call.args[api.data ?? api.object ?? 1];
    const object = this.objectOf(traced, argument);
    const fits = sought.filter((one) =>
      callback === undefined ? isOfKind(one, api) : one.step.action === callback,
    );
    return (
      fits.find((one) => isSame(one.object, object)) ??
      (callback === undefined ? undefined : fits.find((one) => !isBelow(one.traced.frame, frame)))
    );
  }

  /**
   * What a release of that name gives back of what was taken by hand: the newest that it can mean, with the
   * others that are the same thing, taken by the same call on another way there or in turns of a loop.
   * @param all the release is of everything of its kind
   */
  findByHand(
    traced: TracedCall,
    name: string,
    index: number | undefined,
    all = false,
  ): readonly Item[] {
    this.program.queries.effort.spend(1 + ((this.hand.size + this.devres.length) >>> 3));
    const listed = this.devres
      .filter((one): one is Item => 'step' in one && endersOf(one.traced.traceEvent).includes(name))
      .reverse();
    const byHand = this.hand.endedBy(name);
    const count = listed.length + byHand.size;
    if (count === 0) return [];
    const fits = (): Item[] => [...listed, ...[...byHand].reverse()];
    const object = this.objectOf(traced, index === undefined ? undefined : traced.call.args[index]);
    if (all) return fits();
    const same = [
      ...listed.filter((one) => isSame(one.object, object)),
      ...this.hand.same(name, object),
    ].toSorted((a, b) => sharedArguments(b, traced) - sharedArguments(a, traced));
    const found = same[0] ?? (count === 1 ? fits()[0] : alikeAmong(fits, traced));
    if (!found) return [];
    const isAlso = (one: Item): boolean =>
      one !== found && (one.traced.call === found.traced.call || traced.repeats !== null);
    return [found, ...same.filter(isAlso)];
  }

  dropByHand(items: readonly Item[]): void {
    if (items.length > 0) this.hand.delete(items);
    for (const item of items) this.drop(item);
  }

  /** Whether anything that was taken by hand is still there. */
  get holdsByHand(): boolean {
    return this.hand.size > 0;
  }

  drop(item: Item): void {
    this.program.queries.effort.spend(1 + ((this.drmm.length + this.devres.length) >>> 5));
    this.devres = this.devres.filter((one) => one !== item);
    this.drmm = this.drmm.filter((one) => one !== item);
  }

  replace(item: Item, by: Item): void {
    this.devres = this.devres.map((one) => (one === item ? by : one));
    this.drmm = this.drmm.map((one) => (one === item ? by : one));
  }

  /** Marks a group's begin or end, or forgets its marks. */
  mark(does: 'open' | 'close' | 'remove', id: GroupId | null): void {
    const at = this.openAt(id);
    if (does === 'open') {
      this.devres.push({ mark: does, id });
      return;
    }
    const opened = this.devres[at];
    if (!opened || !('mark' in opened)) return;
    if (does === 'close') {
      this.devres.push({ mark: does, id: opened.id });
      return;
    }
    this.devres = this.devres.filter(
      (one, i) =>
        !('mark' in one) || (i !== at && !(one.mark === 'close' && one.id === opened.id && i > at)),
    );
  }

  /** Takes a group's entries off, the newest first. */
  takeGroup(id: GroupId | null): Item[] {
    const at = this.openAt(id);
    if (at < 0) return [];
    const opened = this.devres[at];
    const name = opened && 'mark' in opened ? opened.id : id;
    const closed = this.devres.findIndex(
      (one, i) => i > at && 'mark' in one && one.mark === 'close' && one.id === name,
    );
    const inside = this.devres.splice(at, (closed < 0 ? this.devres.length : closed + 1) - at);
    return inside.filter((one): one is Item => 'step' in one).reverse();
  }

  /** The newest group of an id; without one, the newest that is open. */
  private openAt(id: GroupId | null): number {
    return this.devres.findLastIndex((one, at) => {
      if (!('mark' in one) || one.mark !== 'open') return false;
      return id !== null
        ? isGroup(one.id, id)
        : !this.devres.some(
            (other, i) =>
              i > at && 'mark' in other && other.mark === 'close' && other.id === one.id,
          );
    });
  }

  /** Takes entries of devres off, the newest first. */
  takeDevres(wanted: (item: Item) => boolean = () => true): Item[] {
    const items = this.devres.filter((one): one is Item => 'step' in one && wanted(one));
    this.devres = this.devres.filter((one) => 'mark' in one || !wanted(one));
    return items.reverse();
  }

  /** Takes entries of the drmm lists off, the newest first. */
  takeDrmm(wanted: (item: Item) => boolean): Item[] {
    const items = this.drmm.filter(wanted);
    this.drmm = this.drmm.filter((one) => !wanted(one));
    return items.reverse();
  }
}

/** Two functions that hand over the same words twice mean the same, also where it is a local. */
function alikeAmong(fits: () => readonly Item[], traced: TracedCall): Item | undefined {
  if (traced.call.args.length < 2) return undefined;
  return fits().find((one) => sharedArguments(one, traced) > 1);
}

/** A device that several things are registered on does not tell them apart: what else is handed over does. */
function sharedArguments({ traced }: Item, { call }: TracedCall): number {
  const texts = new Set(traced.call.args.map(({ text }) => text.trim()));
  return call.args.filter(({ text }) => texts.has(text.trim())).length;
}

function isGroup(a: GroupId | null, b: GroupId): boolean {
  return a !== null && (a.written === b.written || isSame(a.object, b.object));
}

/** Memory is freed by a call that frees memory, a mapping by one that unmaps. */
function isOfKind({ traced }: Item, api: ManagedApi): boolean {
  return (
    traced.traceEvent.does === 'acquire' &&
    !traced.traceEvent.registration &&
    traced.traceEvent.api.kind === api.kind
  );
}

function isBelow(frame: Frame, above: Frame): boolean {
  for (let at: Frame | null = frame; at; at = at.parent) if (at === above) return true;
  return false;
}
