/** Work that a drmm action stops too late: stopped by a devm action instead. */

import type { Pass } from '../pass.ts';
import { spanInside } from '../places.ts';
import type { CallSite } from '../program/program.ts';
import type { Registration } from '../program/registrations.ts';
import type { Fix } from '../result.ts';
import { convertToDevm } from './convert-to-devm.ts';
import { EditSet } from './edits.ts';
import { offered, told } from './offer.ts';
import { registerBoth } from './register-both.ts';
import { codeOf, statementOf } from './sources.ts';
import { startWithComment, usedDeclarations } from './split-callback.ts';
import { linesToDelete } from './text/lines.ts';
import { mentions, tokensOf } from './text/tokens.ts';

const id = 'stop-at-unbind';

/** The whole action, where it does nothing else; else the stopping alone. */
export function stopAtUnbind(
  pass: Pass,
  registration: Registration,
  way: readonly CallSite[],
): readonly Fix[] {
  const { target } = registration;
  const [first] = way;
  if (!target || !first) return [];
  const others = target.facts.calls.filter(
    (call) => call !== first.call && !isNeutral(pass, call.callee),
  );
  if (others.length === 0) return convertToDevm(pass, registration);
  const fix = extracted(pass, registration, first);
  const whole = convertToDevm(pass, registration);
  // What ends the object has to wait for the stopping, too: both halves go apart, not the stopping alone.
  const split = whole.filter((one) => one.id === 'split');
  if (split.length > 0) return split;
  return [typeof fix === 'string' ? told(id, 'Stop it by a devm action', fix) : fix];
}

/** What only leads to an object, waits or asserts. */
function isNeutral(pass: Pass, callee: string): boolean {
  return (
    pass.catalog.data.observers.some((one) => one.name === callee) ||
    /assert|container_of|^to_|_to_/.test(callee)
  );
}

/** A devm action with the stopping statement of the callback, which loses it. */
function extracted(
  pass: Pass,
  registration: Registration,
  { caller, call }: CallSite,
): Fix | string {
  const { target, api } = registration;
  const code = target && codeOf(pass, target);
  const placed = code && statementOf(code, call);
  if (!target || !code || caller !== target || placed?.statement.kind !== 'plain' || placed.parent)
    return 'the stopping call does not stand for itself in the action';
  if (!pass.catalog.managed.has(api.counterpart ?? ''))
    return `${api.name}() has no devm counterpart`;
  const declarations = code.statements.filter((one) => one.kind === 'declaration');
  const kept = usedDeclarations(code, declarations, [placed.statement]);
  const drm = target.facts.params[0]?.name ?? '';
  if (
    [...kept, placed.statement].some(
      (one) => mentions(tokensOf(code.text, one.start, one.end), drm).length > 0,
    )
  ) {
    return `\`${target.name}\` reaches the worker from its drm_device parameter`;
  }
  const name = `${target.name.replace(/_?(fini|free|release|destroy|cleanup|exit|remove|close)$/, '')}_stop`;
  if (pass.program.resolve(name, target.file)) return `\`${name}\` is taken as a name`;
  const edits = new EditSet();
  if (!registerBoth(pass, registration, target.name, name, edits))
    return 'the registration does not stand where another one can follow';
  const list = [
    ...kept.map((one) => code.text.slice(one.start, one.end)),
    ...(kept.length > 0 ? [''] : []),
    code.text.slice(placed.statement.start, placed.statement.end),
  ];
  const data = target.facts.params[1]?.name ?? 'data';
  const at = startWithComment(code.text, spanInside(target, { start: 0, end: 0 }).start);
  edits.put(
    target.file.path,
    { start: at, end: at },
    `static void ${name}(void *${data})\n{\n${list.map((line) => (line === '' ? '\n' : `\t${line}\n`)).join('')}}\n\n`,
  );
  edits.put(target.file.path, linesToDelete(code.text, placed.statement), '');
  return offered(id, `Stop it by a devm action of its own, \`${name}\``, edits, {
    notice: 'what is queued after unbind is not run any more, and must not be queued then',
  });
}
