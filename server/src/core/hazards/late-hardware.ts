/**
 * Hardware that is worked with after unbind: the device may be off, gone, or another driver's. A mapping
 * that is still there changes nothing about that.
 */
import type { Milestone } from '../catalog.ts';
import type { Pass, Question } from '../pass.ts';
import { type LateRoot, lateUsersOf } from '../program/late-users.ts';
import { modeConfigEnd } from '../program/mode-config-end.ts';
import { memberKey, pathIn } from '../program/objects.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import { stopsOf } from '../program/stops.ts';
import { closedBindingsOf, firstWith, waysToRole } from '../teardown/bindings.ts';
import { directWays, isPlainWay } from './ends.ts';
import { isOpen, type Way } from './ways.ts';

export interface LateHardware {
  readonly root: LateRoot;
  /** Down to the call that needs the device. */
  readonly way: Way;
  readonly site: CallSite;
  readonly role: Milestone['role'];
  /** Each run of the root comes there. */
  readonly plain: boolean;
}

/** One for each late function that works with the hardware with nothing asked before. */
export const lateHardware: Question<null, readonly LateHardware[]> = { answer: find };

function find(pass: Pass): LateHardware[] {
  const registers = waysToRole(pass, 'register');
  if (!closedBindingsOf(pass).some(({ starts }) => firstWith(registers, starts))) return [];
  const wanted = new Map(
    pass.catalog.data.milestones
      .filter(({ role }) => role === 'mmio-access' || role === 'needs-device')
      .map(({ name, role }) => [name, role]),
  );
  const leads = pass.graph.waysTo(wanted.keys());
  const early = modeConfigEnd(pass).cleanup !== undefined;
  const out = closedBindingsOf(pass).flatMap(({ ends }) => ends);
  return lateUsersOf(pass)
    .rootsBut(undefined)
    .filter(({ fn, isObject }) => leads.has(fn) && !(early && isObject))
    .flatMap((root) => firstIn(pass, root, wanted, leads, out) ?? []);
}

function firstIn(
  pass: Pass,
  root: LateRoot,
  wanted: ReadonlyMap<string, Milestone['role']>,
  leads: { has(fn: FunctionRef): boolean },
  out: readonly FunctionRef[],
): LateHardware | undefined {
  const down = directWays(pass, root.fn, leads);
  let first: LateHardware | undefined;
  for (const caller of down.functions()) {
    const flow = pass.catalog.flows.of(caller.facts);
    for (const call of caller.facts.calls) {
      const role = wanted.get(call.callee);
      if (!role || flow.isGuarded(call) || flow.isOnFailure(call)) continue;
      const site = { caller, call };
      // The way out does the same for all that is open: little is left for the close. That it sends by the
      // same transport says nothing.
      const [, below] = [...down.to(caller), site];
      const done =
        role === 'needs-device' &&
        root.when === 'close' &&
        pass.graph.isReachedFrom(below?.caller ?? caller, out);
      if (done) continue;
      // What devm maps is gone by then: the rule of the order tells that.
      if (root.when === 'put' && isMappedByDevm(pass, site)) continue;
      const way = [...down.to(caller), site];
      if (!isOpen(pass, way)) continue;
      const plain = isPlainWay(pass, way);
      if (plain) return { root, way, site, role, plain };
      first ??= { root, way, site, role, plain };
    }
  }
  return first;
}

function isMappedByDevm({ program, catalog }: Pass, { caller, call }: CallSite): boolean {
  return call.args.some(({ value }) => {
    const path = pathIn(value);
    const key = path && memberKey(program, caller, path, call.start);
    return (
      key !== undefined &&
      program.storesTo(key.member.split('.').at(-1) ?? '').some(({ fn, assign }) => {
        const maps =
          assign.value.kind === 'call' ? fn.facts.calls[assign.value.call]?.callee : undefined;
        return maps !== undefined && catalog.managed.get(maps)?.scope === 'bound';
      })
    );
  });
}

/** Whether the late function gives back something of the device beside, which has a rule of its own. */
export function givesBack(pass: Pass, fn: FunctionRef): boolean {
  return stopsOf(pass, fn).some(
    ({ release }) => !['work', 'workqueue', 'timer'].includes(release.group),
  );
}
