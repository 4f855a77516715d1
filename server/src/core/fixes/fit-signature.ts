/** Gives a callback the parameters of the scope that it is registered in. */

import type { ActionShape } from '../catalog.ts';
import type { Pass } from '../pass.ts';
import type { Registration } from '../program/registrations.ts';
import type { Fix } from '../result.ts';
import { referencesTo } from './callback-references.ts';
import { planBody, rewriteCallback } from './callback-signature.ts';
import { EditSet } from './edits.ts';
import { offered, told } from './offer.ts';

const id = 'fit-signature';

/** The fix for a callback that still has, or already has, the other scope's shape. */
export function fitSignature(pass: Pass, registration: Registration, shape: ActionShape): Fix[] {
  const { target } = registration;
  if (!target) return [];
  const { facts } = target;
  const title = `Give \`${facts.name}\` the parameters (${shape.parameters.join(', ')})`;
  const manual = (reason: string): Fix[] => [told(id, title, reason)];
  const references = referencesTo(pass.program, pass.catalog, pass.registrations, target);
  const foreign = references.registrations.find((r) => r.api.scope !== registration.api.scope);
  if (foreign)
    return manual(
      `\`${facts.name}\` is also registered by ${foreign.api.name}() in \`${foreign.fn.name}\``,
    );
  const [other] = references.others;
  if (other)
    return manual(
      `\`${facts.name}\` is also used at ${other.file}:${other.from.line + 1}, where its parameters cannot be changed`,
    );
  const done = (edits: EditSet): Fix[] => [
    offered(id, title, edits, { safety: references.direct.length === 0 ? 'safe' : 'unsafe' }),
  ];

  const types = facts.params
    .map((param) => `${param.type.name}${'*'.repeat(param.type.pointers)}`)
    .join();
  if (types === 'drm_device*,void*' && registration.api.scope === 'bound') {
    const plan = planBody(pass, target, references);
    if (plan.kind !== 'unused') return manual(`\`${facts.name}\` uses its drm_device parameter`);
    const edits = new EditSet();
    rewriteCallback(pass, target, references, plan, edits);
    return done(edits);
  }
  if (types === 'void*' && registration.api.scope === 'drm') {
    if (references.direct.length > 0)
      return manual(`\`${facts.name}\` is also called directly, without a drm_device`);
    const used = new Set([
      ...facts.locals.map((local) => local.name),
      ...facts.params.map((param) => param.name),
    ]);
    const name = ['drm', 'dev', 'ddev', 'drm_dev'].find((free) => !used.has(free)) ?? 'drm_device';
    const edits = new EditSet();
    const [only] = facts.params;
    if (only)
      edits.putInside(
        target,
        { start: only.start, end: only.start },
        `struct drm_device *${name}, `,
      );
    for (const { file, prototype } of references.prototypes) {
      const [first] = prototype.params;
      if (first)
        edits.put(
          file.path,
          { start: first.start, end: first.start },
          `struct drm_device *${name}, `,
        );
    }
    return done(edits);
  }
  return manual(`\`${facts.name}\` has the parameters of no managed action`);
}
