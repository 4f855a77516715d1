/** Rewrites a callback, its prototypes and its plain calls from the drmm shape to the devm shape. */

import type { Pass } from '../pass.ts';
import type { FunctionRef } from '../program/program.ts';
import type { Span } from '../text.ts';
import type { CallbackReferences } from './callback-references.ts';
import { drmDevicePath } from './drm-device-path.ts';
import type { EditSet } from './edits.ts';
import { textOf } from './sources.ts';

/** How the body reaches the drm_device once the parameter is gone. */
export type BodyPlan =
  | { readonly kind: 'unused' }
  /** Each use is rewritten to an expression over the data: `&xe->drm`. */
  | { readonly kind: 'derive'; readonly expression: string }
  /** The data was unused: the drm_device is handed over as the data instead. */
  | { readonly kind: 'pass' }
  | { readonly kind: 'impossible'; readonly reason: string };

/** Decides how a drmm callback can do without its first parameter. */
export function planBody(
  pass: Pass,
  target: FunctionRef,
  references: CallbackReferences,
): BodyPlan {
  const { facts } = target;
  const [drm, data] = facts.params;
  if (!drm || !data)
    return {
      kind: 'impossible',
      reason: `\`${facts.name}\` has not the parameters of a drmm action`,
    };
  const uses = facts.paramUses.filter((use) => use.param === 0);
  if (uses.length === 0) return { kind: 'unused' };
  const dataUsed = facts.paramUses.some((use) => use.param === 1);
  if (!dataUsed && references.direct.length === 0) return { kind: 'pass' };
  const expression = drmDevicePath(pass, target, references, uses[0]?.start ?? 0);
  if (expression !== undefined) return { kind: 'derive', expression };
  return {
    kind: 'impossible',
    reason: `\`${facts.name}\` uses its drm_device parameter \`${drm.name}\`, and its registration does not show how to reach it from \`${data.name}\``,
  };
}

/**
 * Writes the plan: definition, prototypes, plain calls, uses in the body.
 * @param stays whether a use, by its offset in the function, is still there afterwards
 */
export function rewriteCallback(
  pass: Pass,
  target: FunctionRef,
  references: CallbackReferences,
  plan: BodyPlan,
  edits: EditSet,
  stays: (use: Span) => boolean = () => true,
): void {
  const { facts } = target;
  const [drm, data] = facts.params;
  if (!drm || !data) return;
  edits.putInside(target, { start: drm.start, end: data.start }, '');
  for (const { file, prototype } of references.prototypes) {
    const [first, second] = prototype.params;
    if (first && second) edits.put(file.path, { start: first.start, end: second.start }, '');
  }
  for (const { caller, call } of references.direct) {
    const [first, second] = call.args;
    if (first && second) edits.putInside(caller, { start: first.start, end: second.start }, '');
  }
  if (plan.kind === 'pass') {
    const open = facts.body.start + 1;
    const name = data.name === '' ? freshName(target) : data.name;
    if (data.name === '') nameParameter(pass, target, data.end, name, edits);
    edits.putInside(
      target,
      { start: open, end: open },
      `\n\tstruct drm_device *${drm.name} = ${name};${facts.locals.length === 0 ? '\n' : ''}`,
    );
  }
  if (plan.kind !== 'derive') return;
  const pointed = plan.expression.startsWith('&')
    ? `${plan.expression.slice(1)}.`
    : `${plan.expression}->`;
  for (const use of facts.paramUses.filter((u) => u.param === 0 && stays(u))) {
    if (use.memberStart >= 0)
      edits.putInside(target, { start: use.start, end: use.memberStart }, pointed);
    else edits.putInside(target, use, plan.expression);
  }
}

/**
 * A parameter that nothing uses may have no name: `void *`; or one that reads as an attribute, `void *__unused`,
 * which goes with the reason for it.
 */
function nameParameter(
  pass: Pass,
  { file, def, facts }: FunctionRef,
  end: number,
  name: string,
  edits: EditSet,
): void {
  const head = textOf(pass, file)?.slice(def.start + end, def.start + facts.body.start) ?? '';
  const rest = /^[^,)]*/.exec(head)?.[0].trimEnd() ?? '';
  const start = def.start + end;
  edits.put(file.path, { start, end: start + rest.length }, name);
}

function freshName({ facts }: FunctionRef): string {
  const taken = new Set([...facts.params, ...facts.locals].map(({ name }) => name));
  return ['data', 'arg', 'ptr'].find((name) => !taken.has(name)) ?? 'unnamed';
}
