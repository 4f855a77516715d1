/** A mode-setting object that drmm cleans up, cleaned up by hand: its `destroy` is NULL, or it goes twice. */

import type { ManagedApi } from '../catalog.ts';
import type { CallFact } from '../facts/types.ts';
import { deleteCall } from '../fixes/delete-call.ts';
import { EditSet } from '../fixes/edits.ts';
import { toDrmm } from '../fixes/to-drmm.ts';
import { withoutOwnNames } from '../own-names.ts';
import { placeInside } from '../places.ts';
import {
  type HeldKey,
  type KmsCall,
  type KmsInit,
  kmsCleanups,
  kmsInits,
  sameObject,
} from '../program/kms-objects.ts';
import { memberKey } from '../program/objects.ts';
import type { CallSite } from '../program/program.ts';
import { reachedFrom, wayTo } from '../program/reach.ts';
import type { ChainLink, Fix } from '../result.ts';
import { timelinesOf } from '../teardown/failing.ts';
import type { Pass, Rule, RuleFinding } from './rule.ts';

/** An object that a drmm API initialised, by the member that holds it. */
interface Managed {
  readonly site: CallSite;
  readonly api: ManagedApi;
  readonly keys: readonly HeldKey[];
}

export const manualCleanupOfManagedObject: Rule = {
  id: 'manual-cleanup-of-managed-object',
  summary: 'a mode-setting object that drmm cleans up is cleaned up by hand',
  defaultSeverity: 'error',
  run(pass) {
    const inits = kmsInits(pass.program, pass.catalog);
    const managed = managedObjects(pass, inits);
    if (managed.length === 0) return [];
    const cleanups = kmsCleanups(pass.program, pass.catalog);
    return [
      ...cleanups.flatMap((cleanup) => ofObject(pass, cleanup, cleanups, managed, inits)),
      ...ofDevice(pass, managed),
    ];
  },
};

function managedObjects(pass: Pass, inits: readonly KmsInit[]): Managed[] {
  const inPlace = inits.flatMap(({ api, fn, call, keys }): Managed[] =>
    api ? [{ site: { caller: fn, call }, api, keys }] : [],
  );
  const allocators = pass.catalog.data.managed.filter(
    (api) => api.role === 'alloc-object' && api.scope === 'drm',
  );
  const allocated = allocators.flatMap((api) =>
    pass.program
      .callsOf(api.name)
      .map((site): Managed => ({ site, api, keys: resultKeys(pass, site) })),
  );
  return [...inPlace, ...allocated];
}

/** The members that an allocating call's result is kept in. */
function resultKeys(pass: Pass, { caller, call }: CallSite): HeldKey[] {
  const index = caller.facts.assigned.numberOf(call);
  return caller.facts.assigns.flatMap((assign) => {
    if (assign.value.kind !== 'call' || assign.value.call !== index) return [];
    const key = memberKey(pass.program, caller, assign.target, assign.end);
    return key ? [{ ...key, owner: '' }] : [];
  });
}

/** `drm_encoder_cleanup(&x->encoder)` where `x->encoder` was initialised by drmm, and only so. */
function ofObject(
  pass: Pass,
  cleanup: KmsCall,
  all: readonly KmsCall[],
  managed: readonly Managed[],
  inits: readonly KmsInit[],
): RuleFinding[] {
  const ends = (one: KmsCall, keys: readonly HeldKey[]) =>
    keys.some((key) => one.keys.some((own) => sameObject(pass.program, own, key)));
  const meant = (keys: readonly HeldKey[]) => ends(cleanup, keys);
  const owner = managed.find((one) => meant(one.keys));
  if (!owner || inits.some((init) => init.api === undefined && meant(init.keys))) return [];
  const object = cleanup.argument.text.trim();
  const how =
    cleanup.call.callee === ''
      ? 'calling its `destroy` by hand follows a NULL pointer or cleans it up twice'
      : `${cleanup.call.callee}() cleans it up by hand, and so twice`;
  return [
    finding(
      pass,
      cleanup,
      owner,
      `\`${object}\` is managed by ${owner.api.name}() until the last drm_dev_put(): ${how}`,
      object,
      'certain',
      all
        .filter((one) => one !== cleanup && ends(one, owner.keys))
        .map(({ fn, call }) => ({ caller: fn, call })),
    ),
  ];
}

/** drm_mode_config_cleanup() on the way out of a driver with managed objects: they are still on the lists. */
function ofDevice(pass: Pass, managed: readonly Managed[]): RuleFinding[] {
  const { program, catalog } = pass;
  const cleans = catalog.data.milestones
    .filter(({ role }) => role === 'mode-config-cleanup')
    .map(({ name }) => name);
  const ways = pass.tableFunctions
    .filter(({ role }) => role === 'remove' || role === 'unbind' || role === 'last-put')
    .map((entry) => ({ sites: wayTo(program, entry.fn, cleans), table: entry.table }));
  for (const { target, api } of pass.registrations)
    if (target && api.scope === 'bound')
      ways.push({ sites: wayTo(program, target, cleans), table: noTable });
  const seen = new Set<CallFact>();
  return ways.flatMap(({ sites, table }) => {
    const last = sites?.at(-1);
    if (!last || seen.has(last.call)) return [];
    seen.add(last.call);
    const started = pass.tableFunctions
      .filter((entry) => entry.table === table && (entry.role === 'probe' || entry.role === 'bind'))
      .map(({ fn }) => reachedFrom(program, fn));
    // One that the same driver makes on every way comes first: with it the cleanup always meets a managed object.
    const sure = managed.find(
      (one) => started.some((reached) => reached.has(one.site.caller)) && always(pass, one),
    );
    const owner = sure ?? managed[0];
    return owner
      ? [
          finding(
            pass,
            { fn: last.caller, call: last.call },
            owner,
            `${last.call.callee}() destroys objects that ${owner.api.name}() manages: drmm objects have no \`destroy\`, and go at the last drm_dev_put()${sure ? '' : ', where one was made'}`,
            last.call.callee,
            sure ? 'certain' : 'likely',
            // A probe that fails with objects there does the same harm.
            program
              .callsOfAny(cleans)
              .filter(
                ({ caller, call }) =>
                  call !== last.call && started.some((reached) => reached.has(caller)),
              ),
          ),
        ]
      : [];
  });
}

const noTable = { name: '', struct: '', entries: [], start: 0, end: 0 };

/** Whether an object is made under no condition, as far as its function and the callers of that show. */
function always(pass: Pass, { site }: Managed): boolean {
  const free = ({ caller, call }: CallSite) =>
    pass.catalog.flows
      .of(caller.facts)
      .around(call)
      .every(({ kind }) => kind === 'loop');
  return free(site) && pass.program.callersOf(site.caller).every(free);
}

const why = 'drmm cleans it up at the last drm_dev_put()';

/**
 * Where devm frees the object's memory first, deleting the call leaves drmm with freed memory: both together come
 * first, and the deletion alone says so.
 */
function withMemory(pass: Pass, { site, api }: Managed, deletion: Fix): Fix[] {
  const object = site.call.args[api.object ?? -1];
  const devm =
    object &&
    pass.memory
      .of(site.caller, object.value)
      .origins.find(({ scope, api: from }) => scope === 'bound' && from?.role === 'alloc-memory');
  if (!devm || deletion.edits.length === 0) return [deletion];
  const hazard = `the memory of \`${object.text.trim()}\` comes from ${devm.call.callee}() in \`${devm.fn.name}\`, and devm frees it before drmm cleans up what lies in it (drmm-on-devm-memory): it has to become drmm, too`;
  const alone = { ...deletion, preferred: false, notice: `${deletion.notice ?? why}; ${hazard}` };
  const [memory] = toDrmm(pass, devm);
  if (!memory || memory.edits.length === 0) return [alone];
  const both = new EditSet();
  both.add(deletion.edits);
  both.add(memory.edits);
  return [
    {
      ...deletion,
      id: 'delete-call-to-drmm',
      title: `${deletion.title}, and allocate with the life of the drm_device (drmm)`,
      edits: both.list(),
      notice: `${deletion.notice ?? why}; ${memory.notice ?? ''}`,
    },
    alone,
  ];
}

function finding(
  pass: Pass,
  { fn, call }: Pick<KmsCall, 'fn' | 'call'>,
  owner: Managed,
  message: string,
  object: string,
  confidence: 'certain' | 'likely',
  others: readonly CallSite[] = [],
): RuleFinding {
  const chain: ChainLink[] = [
    {
      role: 'allocation',
      place: placeInside(owner.site.caller, owner.site.call),
      function: owner.site.caller.name,
      message: `${owner.api.name}() registers the cleanup of the ${owner.api.kind} with drmm`,
    },
    {
      role: 'release',
      place: placeInside(fn, call),
      function: fn.name,
      message: 'it is cleaned up by hand here',
    },
  ];
  return {
    severity: confidence === 'certain' ? 'error' : 'warning',
    confidence,
    place: placeInside(fn, call),
    function: fn.name,
    message,
    timelines: timelinesOf(pass, [{ caller: fn, call }], ['unbind', 'unplug-open']),
    chain,
    identity: [withoutOwnNames(fn, object)],
    fixes: () => withMemory(pass, owner, deleteCall(pass, fn, call, why, others)),
  };
}
