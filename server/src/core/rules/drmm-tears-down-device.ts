/**
 * A drmm action or drm_driver.release that gives back something of the parent device: at the last put the device is
 * unbound.
 */
import { lateCause } from '../causes.ts';
import { callLink, functionLink, tableLink, wayLinks } from '../chains.ts';
import { convertToDevm } from '../fixes/convert-to-devm.ts';
import { isPlain } from '../hazards/ends.ts';
import { namePlace, placeInside } from '../places.ts';
import type { TableFunction } from '../program/entries.ts';
import type { FunctionRef } from '../program/program.ts';
import type { Registration } from '../program/registrations.ts';
import { type Stop, stopsOf } from '../program/stops.ts';
import type { Severity } from '../result.ts';
import type { Pass, Rule, RuleFinding } from './rule.ts';

/** Groups that another rule judges. */
const workers = new Set(['work', 'workqueue', 'timer']);
/** What does no harm by itself when it goes late. */
const harmless = new Set([
  'mmio',
  'device-link',
  'mtrr',
  'interconnect',
  'pm-qos',
  'reserved-memory',
]);
/** Nodes below something else than the parent device: a DRM minor or connector. */
const childNode = /\bkdev\b/;

export const drmmTearsDownDevice: Rule = {
  id: 'drmm-tears-down-device',
  summary:
    'a drmm action or drm_driver.release gives back a resource of the parent device, after the device is unbound',
  defaultSeverity: 'warning',
  run(pass) {
    const actions = pass.registrations.flatMap((registration): Last[] =>
      registration.api.scope === 'drm' && registration.target
        ? [{ target: registration.target, registration }]
        : [],
    );
    const releases = pass.tableFunctions
      .filter(({ role }) => role === 'last-put')
      .map((table): Last => ({ target: table.fn, table }));
    return [...actions, ...releases].flatMap((last) => judge(pass, last));
  },
};

/** What the last put runs: an action, or drm_driver.release. */
type Last = { readonly target: FunctionRef } & (
  | { readonly registration: Registration; readonly table?: undefined }
  | { readonly table: TableFunction; readonly registration?: undefined }
);

function judge(pass: Pass, { target, registration, table }: Last): RuleFinding[] {
  const stops = stopsOf(pass, target).filter(
    (stop) =>
      !workers.has(stop.release.group) && !childNode.test(stop.written) && !isBalanced(pass, stop),
  );
  const severe = stops.filter((stop) => severityOf(pass, stop) === 'warning');
  const first = severe[0] ?? stops.find((stop) => severityOf(pass, stop) === 'info') ?? stops[0];
  if (!first) return [];
  const severity = severityOf(pass, first);
  // release() is where much belongs that drivers take by hand: what is certain alone is told.
  if (table && !(severity === 'warning' && first.way.every((site) => isPlain(pass, site))))
    return [];
  const repeats = exclusive(pass, first) ? '; until then the next probe fails on it' : '';
  const place = registration ? placeInside(registration.fn, registration.call) : namePlace(target);
  return [
    {
      severity,
      confidence: severity === 'warning' ? 'likely' : 'possible',
      place,
      causes: [lateCause(place)],
      function: registration?.fn.name ?? target.name,
      message: `\`${target.name}\` gives back the ${first.release.what}${first.written ? ` \`${first.written}\`` : ''} at the last drm_dev_put(), after the device is unbound${repeats}`,
      timelines: ['unplug-open'],
      fixes: () => (registration ? convertToDevm(pass, registration) : []),
      identity: [target.name, ...new Set(stops.map((stop) => stop.release.name))],
      chain: [
        registration
          ? callLink(
              { caller: registration.fn, call: registration.call },
              'registration',
              `registered by ${registration.api.name}(): runs at the last drm_dev_put()`,
            )
          : tableLink(table),
        functionLink(
          target,
          'callback',
          `\`${target.name}\` runs at the last drm_dev_put(), which an open file can delay past unbind`,
        ),
        ...stops.flatMap((stop) =>
          wayLinks(
            stop.way,
            `${stop.release.name}() gives back the ${stop.release.what}${stop.written ? ` \`${stop.written}\`` : ''}`,
          ),
        ),
      ].filter(
        (link, i, all) =>
          all.findIndex(
            (other) =>
              other.place.file === link.place.file && other.place.start === link.place.start,
          ) === i,
      ),
    },
  ];
}

/** A loop over what is pending gives back nothing when nothing is. */
function severityOf(pass: Pass, { release, way }: Stop): Severity {
  if (
    way.some(({ caller, call }) => pass.catalog.flows.of(caller.facts).loopOf(call) !== undefined)
  )
    return 'hint';
  return harmless.has(release.group) ? 'info' : 'warning';
}

/** Whether the same way takes the thing first: a runtime PM reference around a register access. */
function isBalanced(pass: Pass, { release, way }: Stop): boolean {
  const takes = pass.catalog.data.takes
    .filter((take) => take.releases.includes(release.name))
    .map((take) => take.name);
  const ways = pass.graph.waysTo(takes);
  return way.some(({ caller, call }) =>
    caller.facts.calls.some(
      (other) =>
        other.start < call.start &&
        (takes.includes(other.callee) ||
          pass.graph.targetsOf(caller, other).some((target) => ways.has(target))),
    ),
  );
}

function exclusive(pass: Pass, { release }: Stop): boolean {
  return pass.catalog.data.takes.some(
    (take) => take.exclusive === true && take.releases.includes(release.name),
  );
}
