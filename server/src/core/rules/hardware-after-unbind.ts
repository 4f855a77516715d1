/** Registers, resets, power and firmware that code of the last close or of the last put works with. */
import { lateCause } from '../causes.ts';
import { callLink, functionLink, wayLinks } from '../chains.ts';
import { givesBack, type LateHardware, lateHardware } from '../hazards/late-hardware.ts';
import { namePlace, placeInside } from '../places.ts';
import { bindingsOf, firstWith, waysToRole } from '../teardown/bindings.ts';
import type { Pass, Rule, RuleFinding } from './rule.ts';

export const hardwareAfterUnbind: Rule = {
  id: 'hardware-after-unbind',
  summary:
    'code that runs at the last close or the last put works with the hardware of an unbound device',
  defaultSeverity: 'warning',
  run: (pass) => pass.ask(lateHardware, null).flatMap((one) => findingOf(pass, one) ?? []),
};

function unplugs(pass: Pass): boolean {
  const ways = waysToRole(pass, 'unplug');
  return bindingsOf(pass).some(({ ends }) => firstWith(ways, ends));
}

function findingOf(pass: Pass, one: LateHardware): RuleFinding | undefined {
  const { root, way, site, role, plain } = one;
  const registration = pass.registrations.find(
    ({ target, api }) => target === root.fn && api.scope === 'drm',
  );
  // Told by drmm-tears-down-device; what an open file may reach is told by unguarded-after-unplug.
  if (registration && givesBack(pass, root.fn)) return undefined;
  if (root.when === 'close' && (!plain || (role === 'mmio-access' && unplugs(pass))))
    return undefined;
  const when =
    root.when === 'close'
      ? 'when a file that is still open is done with it'
      : 'at the last drm_dev_put(), which an open file can delay past unbind';
  const does = role === 'mmio-access' ? 'touches registers' : 'needs the device';
  const doubt = plain ? '' : ', where its conditions lead there';
  const place = registration ? placeInside(registration.fn, registration.call) : namePlace(root.fn);
  return {
    severity: plain ? 'warning' : 'hint',
    confidence: plain ? 'likely' : 'possible',
    place,
    function: registration?.fn.name ?? root.fn.name,
    message: `\`${root.fn.name}\` (${root.what}) ${does} in ${site.call.callee}() ${when}: the device may be off, gone, or another driver's${doubt}`,
    timelines: ['unplug-open'],
    fixes: [],
    identity: [root.fn.name, role],
    causes: [lateCause(place)],
    chain: [
      ...(registration
        ? [
            callLink(
              { caller: registration.fn, call: registration.call },
              'registration',
              `registered by ${registration.api.name}(): runs at the last drm_dev_put()`,
            ),
          ]
        : []),
      functionLink(root.fn, 'callback', `${root.what}: runs ${when}`),
      ...wayLinks(way, `${does}, with no drm_dev_enter() around`),
    ],
  };
}
