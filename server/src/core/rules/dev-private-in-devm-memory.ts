/** A refcounted drm_device whose private struct is devm memory: an open file reaches it after unbind. */

import { memoryCause } from '../causes.ts';
import type { AssignFact } from '../facts/types.ts';
import { embedDevice } from '../fixes/embed-device.ts';
import { withoutOwnNames } from '../own-names.ts';
import { placeIn, placeInside } from '../places.ts';
import type { MemoryOrigin, Origins } from '../program/memory.ts';
import { modeConfigEnd } from '../program/mode-config-end.ts';
import type { FunctionRef } from '../program/program.ts';
import type { ChainLink } from '../result.ts';
import type { Pass, Rule, RuleFinding } from './rule.ts';

/** A store into the private pointer of a drm_device. */
interface Store {
  readonly fn: FunctionRef;
  readonly assign: AssignFact;
}

export const devPrivateInDevmMemory: Rule = {
  id: 'dev-private-in-devm-memory',
  summary: 'the private struct of a refcounted drm_device is devm memory',
  defaultSeverity: 'warning',
  run(pass) {
    const seen = new Set<object>();
    return privateStores(pass).flatMap((store) => {
      const device = pass.memory.of(store.fn, {
        ...store.assign.target,
        steps: store.assign.target.steps.slice(0, -1),
      });
      const allocs = device.origins.filter(
        (one) => pass.catalog.milestones.get(one.call.callee)?.role === 'dev-alloc',
      );
      const own = pass.memory.of(store.fn, store.assign.value);
      const devm = own.origins.filter(
        (one) => one.scope === 'bound' && one.api?.role === 'alloc-memory' && !seen.has(one.call),
      );
      const [alloc] = allocs;
      if (!alloc || allocs.length !== device.origins.length) return [];
      return devm.map((one) => {
        seen.add(one.call);
        return report(pass, store, alloc, one, own);
      });
    });
  },
};

function privateStores(pass: Pass): Store[] {
  return pass.program.storesTo('dev_private').flatMap(({ fn, assign }) => {
    const holder = { ...assign.target, steps: assign.target.steps.slice(0, -1) };
    const type =
      holder.steps.length === 0
        ? pass.program.typeOfRoot(fn, holder.root)
        : pass.program.memberOf(fn, holder)?.type;
    return type?.name === 'drm_device' ? [{ fn, assign }] : [];
  });
}

function report(
  pass: Pass,
  { fn, assign }: Store,
  alloc: MemoryOrigin,
  devm: MemoryOrigin,
  own: Origins,
): RuleFinding {
  const calledByFiles = openFileEntry(pass);
  const only = own.origins.length === 1;
  const { cleanup } = modeConfigEnd(pass);
  const sure = only && own.resolved;
  const chain: ChainLink[] = [
    {
      role: 'allocation',
      place: placeInside(devm.fn, devm.call),
      function: devm.fn.name,
      message: `${devm.call.callee}() frees it at unbind`,
    },
    {
      role: 'note',
      place: placeInside(fn, assign),
      function: fn.name,
      message: 'it becomes the private struct of the drm_device',
    },
    {
      role: 'allocation',
      place: placeInside(alloc.fn, alloc.call),
      function: alloc.fn.name,
      message: `${alloc.call.callee}(): an open file holds a reference to this drm_device`,
    },
  ];
  if (calledByFiles) chain.push(calledByFiles);
  if (cleanup) {
    const { caller, call } = cleanup;
    chain.push({
      role: 'note',
      place: placeInside(caller, call),
      function: caller.name,
      message: `after ${call.callee}() no mode-setting ioctl finds an object that leads to it`,
    });
  }
  return {
    severity:
      own.complete && calledByFiles
        ? 'error'
        : !sure
          ? 'hint'
          : cleanup && !calledByFiles
            ? 'info'
            : 'warning',
    confidence:
      own.complete && calledByFiles ? 'certain' : sure && !cleanup ? 'likely' : 'possible',
    place: placeInside(devm.fn, devm.call),
    function: devm.fn.name,
    message: `the private struct of the drm_device is devm memory, freed at unbind, while an open file keeps the drm_device until the last drm_dev_put()${calledByFiles ? '' : '; it matters where an ioctl reaches it then'}`,
    timelines: ['unplug-open'],
    chain,
    fixes: () => embedDevice(pass, devm, alloc),
    identity: [withoutOwnNames(fn, assign.target.root)],
    causes: [memoryCause(placeInside(devm.fn, devm.call))],
  };
}

/** Where the driver hands its own ioctls to the DRM core: they run for an open file after unbind, too. */
function openFileEntry(pass: Pass): ChainLink | undefined {
  for (const { file, table } of pass.program.tables()) {
    const ioctls = pass.catalog.ops.has(table.struct)
      ? table.entries.find(({ member }) => member === 'ioctls')
      : undefined;
    if (ioctls)
      return {
        role: 'note',
        place: placeIn(file, ioctls),
        function: '',
        message: `\`${ioctls.value}\` run for an open file, after unbind too`,
      };
  }
  return undefined;
}
