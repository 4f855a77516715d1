/** A drmm action that gives back a pinned or kernel BO: at the last put its IOMMU group may be gone. */

import type { ReleaseVerb } from '../catalog.ts';
import { lateCause } from '../causes.ts';
import { callWords } from '../chains.ts';
import { convertToDevm } from '../fixes/convert-to-devm.ts';
import { namePlace, placeInside } from '../places.ts';
import type { ReleaseEffect } from '../program/effects.ts';
import { lateUsersOf } from '../program/late-users.ts';
import type { Allocation } from '../program/object-origins.ts';
import { type MemberKey, memberKey, pathIn, showPath } from '../program/objects.ts';
import type { Program } from '../program/program.ts';
import type { Registration } from '../program/registrations.ts';
import type { ChainLink, Confidence, Severity } from '../result.ts';
import type { Pass, Rule, RuleFinding } from './rule.ts';

/** A release with what is known of its object. */
interface Harm {
  readonly effect: ReleaseEffect;
  readonly object: string;
  readonly allocations: readonly Allocation[];
}

/** Verbs that only pinned or mapped memory knows; the worst first. */
const verbs: readonly ReleaseVerb[] = [
  'unpins',
  'dma-unmaps',
  'frees',
  'puts',
  'puts-owner',
  'unmaps',
];
const harmfulAlone = new Set<ReleaseVerb>(['unpins', 'dma-unmaps', 'frees', 'puts-owner']);
const maximumAllocationsShown = 3;

export const drmmReleasesPinnedBo: Rule = {
  id: 'drmm-releases-pinned-bo',
  summary: 'a drmm action releases a pinned or kernel BO, after the device is unbound',
  defaultSeverity: 'error',
  run(pass) {
    return pass.registrations
      .filter((r) => r.api.scope === 'drm')
      .flatMap((registration) => {
        const finding = judge(pass, registration);
        return finding ? [finding] : [];
      });
  },
};

function judge(pass: Pass, registration: Registration): RuleFinding | undefined {
  const { target, fn, call } = registration;
  if (!target) return undefined;
  const harms = harmsOf(pass, registration, pass.effects.releasesOf(target));
  const worst = verbs
    .map((verb) => harms.find((harm) => harm.effect.release.verb === verb))
    .find((harm) => harm !== undefined);
  if (!worst) return undefined;
  const { severity, confidence, assumption } = weigh(pass, registration, harms);
  const verb = verbText(worst.effect.release.verb);
  return {
    severity,
    confidence,
    place: placeInside(fn, call),
    function: fn.name,
    message: `\`${registration.callback}\` ${verb} \`${worst.object}\` at the last drm_dev_put(), after the device is unbound${assumption}`,
    timelines: ['unplug-open'],
    chain: chainOf(registration, harms),
    fixes: () => convertToDevm(pass, registration),
    causes: [lateCause(placeInside(fn, call))],
    identity: [registration.callback, ...new Set(harms.map((harm) => harm.effect.release.name))],
  };
}

/** The releases that do harm: of pinned memory by their nature, or by where the object came from. */
function harmsOf(
  pass: Pass,
  registration: Registration,
  effects: readonly ReleaseEffect[],
): Harm[] {
  const found = effects.map((effect) => {
    const keys = keysOf(pass, registration, effect);
    return {
      effect,
      keys,
      object: objectText(registration, effect),
      allocations: pass.allocations.of(keys),
    };
  });
  const unpinned = new Set(
    found.filter((f) => harmfulAlone.has(f.effect.release.verb)).map((f) => f.object),
  );
  return found.filter(
    ({ effect, keys, object, allocations }) =>
      !(effect.release.holds === true && waitsForFiles(pass, registration, keys)) &&
      (harmfulAlone.has(effect.release.verb) ||
        unpinned.has(object) ||
        allocations.some((allocation) => allocation.acquire.pinned)),
  );
}

/**
 * Whether what open files leave behind is taken out of it at their last close: then it has to go
 * after that, and is late on purpose.
 */
function waitsForFiles(pass: Pass, { target }: Registration, keys: readonly MemberKey[]): boolean {
  return lateUsersOf(pass)
    .of(keys, target)
    .some((use) => use.certain && use.root.when === 'close');
}

/** The members that hold the released object, the data argument's own included. */
function keysOf(
  pass: Pass,
  registration: Registration,
  effect: ReleaseEffect,
): readonly MemberKey[] {
  const data = registration.data && pathIn(registration.data.value);
  if (
    !data ||
    effect.object?.param !== dataParameter(registration) ||
    effect.object.steps.length > 0
  )
    return effect.keys;
  const key = memberKey(pass.program, registration.fn, data, registration.call.start);
  return key ? [...effect.keys, key] : effect.keys;
}

/** The data is the last parameter of an action in either scope. */
function dataParameter(registration: Registration): number {
  return (registration.target?.facts.params.length ?? 0) - 1;
}

/** The object as its registration sees it when it is the data itself, else as the callback writes it. */
function objectText(registration: Registration, effect: ReleaseEffect): string {
  const data = registration.data && pathIn(registration.data.value);
  if (
    data &&
    effect.object?.param === dataParameter(registration) &&
    effect.object.steps.length === 0
  )
    return showPath(data);
  return effect.written;
}

/** Whether the memory behind an allocation can only be VRAM, given what holds where the action is registered. */
function inVram(
  pass: Pass,
  registration: Registration,
  { acquire, placement }: Allocation,
): boolean {
  const under = acquire.placement?.vramUnder ?? [];
  return (
    placement === 'vram' ||
    (placement === 'either' &&
      under.length > 0 &&
      pass.catalog.flows
        .of(registration.fn.facts)
        .holdsBefore(registration.call, predicatesOf(pass.program, under)))
  );
}

function weigh(
  pass: Pass,
  registration: Registration,
  harms: readonly Harm[],
): { severity: Severity; confidence: Confidence; assumption: string } {
  const allocations = harms
    .flatMap((harm) => harm.allocations)
    .filter((allocation) => allocation.acquire.pinned);
  const sure = harms.some((harm) => !harm.effect.conditional);
  const freesOnly = harms.every((harm) =>
    ['puts', 'unmaps', 'frees'].includes(harm.effect.release.verb),
  );
  if (!pass.buses.has('pci') && freesOnly && allocations.length === 0) {
    return {
      severity: 'info',
      confidence: 'possible',
      assumption: '; harmless where the device has no IOMMU',
    };
  }
  if (allocations.length === 0)
    return {
      severity: 'warning',
      confidence: 'likely',
      assumption: '; where it was pinned was not found',
    };
  // A mapping for the CPU leaves the BO where it was pinned.
  const placed = allocations.filter((allocation) => allocation.acquire.kind !== 'cpu-map');
  if (
    (placed.length > 0 ? placed : allocations).every((allocation) =>
      inVram(pass, registration, allocation),
    )
  ) {
    return { severity: 'warning', confidence: 'likely', assumption: '; it lies in VRAM only' };
  }
  return { severity: 'error', confidence: sure ? 'certain' : 'likely', assumption: '' };
}

function verbText(verb: ReleaseVerb): string {
  return verb === 'puts-owner' ? 'puts' : verb === 'dma-unmaps' ? 'DMA-unmaps' : verb;
}

function chainOf(registration: Registration, harms: readonly Harm[]): ChainLink[] {
  const { fn, call, target, api } = registration;
  const chain: ChainLink[] = [
    {
      role: 'registration',
      place: placeInside(fn, call),
      function: fn.name,
      message: `registered by ${api.name}(): released at the last drm_dev_put()`,
    },
  ];
  if (target) {
    chain.push({
      role: 'callback',
      place: namePlace(target),
      function: target.name,
      message: `\`${target.name}\` runs at the last drm_dev_put(), which an open file can delay past unbind`,
    });
  }
  const seen = new Set<object>();
  for (const { effect, object } of harms) {
    for (const [i, site] of effect.calls.entries()) {
      if (seen.has(site.call)) continue;
      seen.add(site.call);
      const last = i === effect.calls.length - 1;
      const { release } = effect;
      chain.push({
        role: last ? 'release' : 'call',
        place: placeInside(site.caller, site.call),
        function: site.caller.name,
        message: last
          ? `${release.name}() ${verbText(release.verb)} the ${release.what} \`${object}\``
          : callWords(site.call),
      });
    }
  }
  const shown = new Set<object>();
  for (const { object, allocations } of harms) {
    const pinned = allocations.filter((allocation) => allocation.acquire.pinned);
    for (const allocation of (pinned.length > 0 ? pinned : allocations).slice(
      0,
      maximumAllocationsShown,
    )) {
      if (shown.has(allocation.call)) continue;
      shown.add(allocation.call);
      chain.push({
        role: 'allocation',
        place: placeInside(allocation.fn, allocation.call),
        function: allocation.fn.name,
        message: `\`${object}\` comes from ${allocation.acquire.name}()${allocation.acquire.pinned ? ', pinned or mapped for the device' : ''}`,
      });
    }
  }
  return chain;
}

/** The words themselves and the predicates that answer one of them: `bool has_x(d) { return IS_X(d); }`. */
function predicatesOf(program: Program, words: readonly string[]): string[] {
  const known = new Set(words);
  // A set hands out what is added while it is walked.
  for (const word of known) {
    for (const { caller, call } of program.callsOf(word)) {
      const { calls, returnsOf } = caller.facts;
      const value = returnsOf.length === 1 ? returnsOf[0]?.value : undefined;
      if (value?.kind === 'call' && calls[value.call] === call) known.add(caller.name);
    }
  }
  return [...known];
}
