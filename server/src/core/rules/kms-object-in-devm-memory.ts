/** A mode-setting object in memory that devm frees at unbind: user space reaches it until the last put. */
import { memoryCause } from '../causes.ts';
import type { Argument } from '../facts/types.ts';
import { kmsToDrmm } from '../fixes/kms-to-drmm.ts';
import { toDrmm } from '../fixes/to-drmm.ts';
import { placeInside } from '../places.ts';
import { allocatedStruct, typeOf } from '../program/allocated-struct.ts';
import { findUse } from '../program/drm-device.ts';
import { type Embedding, embeddings } from '../program/embedding.ts';
import {
  type KmsCall,
  type KmsInit,
  kmsCleanups,
  kmsInits,
  sameObject,
} from '../program/kms-objects.ts';
import type { MemoryOrigin } from '../program/memory.ts';
import { modeConfigEnd } from '../program/mode-config-end.ts';
import { originOf, pathIn } from '../program/objects.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import { reachedFrom } from '../program/reach.ts';
import type { ChainLink, Confidence, Severity, Timeline } from '../result.ts';
import type { Pass, Rule, RuleFinding } from './rule.ts';

/** What the whole module says of the end of its mode-setting objects. */
interface Ends {
  readonly inits: readonly KmsInit[];
  /** Functions that a component's bind runs, and not the bind that makes the drm_device. */
  readonly component: ReadonlySet<FunctionRef>;
  /** The module makes the drm_device itself: what becomes of it can be read. */
  readonly ownDevice: boolean;
  /** It is made by devm: freed devm memory that was allocated later is gone when it goes. */
  readonly deviceFirst: boolean;
  /** `drm_mode_config_cleanup()` on the way out, before devres; with the components still there or not. */
  readonly cleanup: CallSite | undefined;
  readonly afterComponents: boolean;
  /** Objects that the way out cleans up one by one. */
  readonly cleaned: readonly KmsCall[];
}

/** A devm allocation with the objects in it that the module initialises. */
interface Held {
  readonly origin: MemoryOrigin;
  readonly tag: string;
  readonly objects: readonly {
    readonly embedding: Embedding;
    readonly inits: readonly KmsInit[];
  }[];
}

export const kmsObjectInDevmMemory: Rule = {
  id: 'kms-object-in-devm-memory',
  summary: 'devm frees memory at unbind that holds a mode-setting object of the drm_device',
  defaultSeverity: 'warning',
  run(pass) {
    const ends = endsOf(pass);
    if (ends.inits.length === 0) return [];
    return devmAllocations(pass).flatMap((origin) => {
      const held = heldIn(pass, ends, origin);
      return held ? [report(pass, ends, held)] : [];
    });
  },
};

function devmAllocations(pass: Pass): MemoryOrigin[] {
  const names = pass.catalog.data.managed
    .filter((api) => api.scope === 'bound' && api.role === 'alloc-memory')
    .map((api) => api.name);
  return pass.program
    .callsOfAny(names)
    .flatMap(({ caller, call }) => pass.memory.originAt(caller, call) ?? []);
}

function endsOf(pass: Pass): Ends {
  const { program, catalog } = pass;
  const { leaving, cleanup, afterComponents } = modeConfigEnd(pass);
  const devm = program.callsOfAny(
    catalog.data.managed.filter((api) => api.role === 'device-alloc').map((api) => api.name),
  );
  const hand = program.callsOfAny(
    catalog.data.milestones.filter((one) => one.role === 'dev-alloc').map((one) => one.name),
  );
  const makers = new Set([...devm, ...hand].map((site) => site.caller));
  const byDevm = devm.length > 0;
  const byHand = hand.length > 0;
  const component = new Set<FunctionRef>();
  for (const { role, fn } of pass.tableFunctions) {
    const reached = role === 'bind' ? [...reachedFrom(program, fn)] : [];
    if (!reached.some((one) => makers.has(one))) for (const one of reached) component.add(one);
  }
  return {
    inits: kmsInits(program, catalog),
    component,
    ownDevice: byDevm || byHand,
    deviceFirst: byDevm && !byHand,
    cleanup,
    afterComponents,
    cleaned: kmsCleanups(program, catalog).filter((one) => leaving.has(one.fn)),
  };
}

function heldIn(pass: Pass, ends: Ends, origin: MemoryOrigin): Held | undefined {
  const { program, catalog } = pass;
  const tag = allocatedStruct(program, origin.fn, origin.call);
  if (tag === undefined) return undefined;
  const own: Embedding[] = catalog.kms.has(tag)
    ? [{ struct: tag, path: [], key: { tag: '', member: '' } }]
    : [];
  const inside = [...own, ...embeddings(program, tag, new Set(catalog.kms.keys()), origin.fn.file)];
  const objects = inside
    .map((embedding) => ({ embedding, inits: initsOf(pass, ends, origin, tag, embedding) }))
    .filter((one) => one.inits.length > 0);
  return objects.length > 0 ? { origin, tag, objects } : undefined;
}

/** The initialisations of an embedded object: by the member that holds it, else by where its memory comes from. */
function initsOf(
  pass: Pass,
  ends: Ends,
  origin: MemoryOrigin,
  tag: string,
  embedding: Embedding,
): KmsInit[] {
  const named = ends.inits.filter((init) => init.object.struct === embedding.struct);
  const byMember =
    embedding.path.length === 0
      ? []
      : named.filter((init) =>
          init.keys.some((key) => sameObject(pass.program, key, { ...embedding.key, owner: tag })),
        );
  return byMember.length > 0
    ? byMember
    : named.filter(
        (init) =>
          (embedding.path.length === 0 || init.keys.length === 0) &&
          pass.memory
            .of(init.fn, init.argument.value)
            .origins.some((one) => one.call === origin.call),
      );
}

function report(pass: Pass, ends: Ends, held: Held): RuleFinding {
  const { origin, tag, objects } = held;
  const { fn, call, api } = origin;
  const whole = objects.some(({ embedding }) => embedding.path.length === 0);
  const kinds = [...new Set(objects.map(({ embedding }) => embedding.struct))];
  const listed = kinds
    .map((kind) => `a ${kind}`)
    .join(', ')
    .replace(/, (?=[^,]*$)/, ' and ');
  const { end, timelines, severity, confidence } = weigh(pass, ends, held);
  const chain: ChainLink[] = [
    {
      role: 'allocation',
      place: placeInside(fn, call),
      function: fn.name,
      message: `${api?.name ?? call.callee}(): devm frees \`struct ${tag}\` ${end}`,
    },
  ];
  for (const { embedding, inits } of objects) {
    for (const init of inits.slice(0, 2)) {
      chain.push({
        role: 'call',
        place: placeInside(init.fn, init.call),
        function: init.fn.name,
        message: `${init.call.callee}() makes ${whole ? 'it' : `\`${embedding.path.join('.')}\``} an object of the drm_device`,
      });
    }
  }
  if (ends.cleanup) {
    const { caller, call: at } = ends.cleanup;
    chain.push({
      role: 'note',
      place: placeInside(caller, at),
      function: caller.name,
      message: `${at.callee}() cleans up what is left of the mode objects here`,
    });
  }
  const managed = objects.every(({ inits }) => inits.every((init) => init.api !== undefined));
  return {
    severity,
    confidence,
    place: placeInside(fn, call),
    function: fn.name,
    message: `${whole ? listed : `\`struct ${tag}\` holds ${listed}, which`} ${kinds.length > 1 ? 'live' : 'lives'} until the last drm_dev_put(), but devm frees its memory ${end}`,
    timelines,
    chain,
    causes: [memoryCause(placeInside(fn, call))],
    identity: [tag, ...objects.map(({ embedding }) => embedding.path.join('.'))],
    fixes: () => (managed ? toDrmm(pass, origin) : kmsToDrmm(pass, held, obstacleTo(ends, held))),
  };
}

/** Why drmm must not own the objects: they are on the lists that are cleaned up by hand before. */
function obstacleTo(ends: Ends, { objects }: Held): string | undefined {
  if (ends.cleanup) {
    const { caller, call } = ends.cleanup;
    return `\`${caller.name}\` calls ${call.callee}(), which destroys objects that drmm owns: initialise the mode config by drmm first`;
  }
  const mixed = objects
    .flatMap(({ inits }) => inits)
    .find((init) => init.object.managed === undefined);
  return mixed && `a ${mixed.object.struct} has no drmm variant`;
}

/** `drm->dev`: the device of the aggregate. */
function onDrmDevice({ program }: Pass, fn: FunctionRef, owner: Argument | undefined): boolean {
  const path = owner && pathIn(owner.value);
  if (!path) return false;
  const { path: from } = path.steps.length > 0 ? { path } : originOf(fn, path, fn.facts.body.end);
  return (
    from.steps.length > 0 &&
    typeOf(program, fn, { ...from, steps: from.steps.slice(0, -1) })?.name === 'drm_device'
  );
}

interface Weight {
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly timelines: readonly Timeline[];
  readonly end: string;
}

function weigh(pass: Pass, ends: Ends, held: Held): Weight {
  const {
    origin: { fn, call, api },
    objects,
  } = held;
  // What a component's bind takes on the aggregate's device goes with the aggregate.
  const inBind = ends.component.has(fn) && !onDrmDevice(pass, fn, call.args[api?.device ?? 0]);
  const managed = objects.some(({ inits }) => inits.some((init) => init.api !== undefined));
  const byHand = objects.every((one) => cleanedByHand(pass, ends, held, one.embedding));
  const cleanedFirst = (ends.cleanup !== undefined && !(inBind && ends.afterComponents)) || byHand;
  // Nothing shows that user space has left the drm_device when the component cleans up and goes.
  if (!managed && inBind && byHand && !ends.ownDevice)
    return {
      severity: 'warning',
      confidence: 'likely',
      timelines: ['unplug-open'],
      end: 'when the component is unbound, where it is cleaned up by hand with files still open',
    };
  if (!managed && cleanedFirst)
    return {
      severity: 'info',
      confidence: 'possible',
      timelines: ['unplug-open'],
      end: 'at unbind, after it was cleaned up by hand',
    };
  if (!managed && !ends.ownDevice && ends.component.size > 0) {
    return {
      severity: 'info',
      confidence: 'possible',
      timelines: ['unbind', 'unplug-open'],
      end: 'at unbind: harmless only where the driver of the drm_device cleans it up first',
    };
  }
  if (inBind)
    return {
      severity: 'error',
      confidence: 'certain',
      timelines: ['unbind', 'unplug-open'],
      end: 'when the component is unbound, before the drm_device goes',
    };
  if (ends.deviceFirst && findUse(fn, call) !== undefined) {
    return {
      severity: 'error',
      confidence: 'certain',
      timelines: ['unbind', 'unplug-open', 'probe-fail'],
      end: 'at unbind, before it drops the drm_device',
    };
  }
  return {
    severity: 'warning',
    confidence: 'likely',
    timelines: ['unplug-open'],
    end: 'at unbind, while an open file can keep the drm_device',
  };
}

/** By its member, or as one of a list that the way out in the same file walks. */
function cleanedByHand(
  pass: Pass,
  ends: Ends,
  { origin, tag }: Held,
  { struct, key }: Embedding,
): boolean {
  return ends.cleaned.some(
    (one) =>
      one.object.struct === struct &&
      (one.keys.some((own) => sameObject(pass.program, own, { ...key, owner: tag })) ||
        (one.keys.length === 0 && one.fn.file === origin.fn.file)),
  );
}
