/** Makes a failed registration count: its result is returned, or the action runs at once. */
import type { CallFact } from '../facts/types.ts';
import type { FunctionRef } from '../program/program.ts';
import type { Registration } from '../program/registrations.ts';
import type { Fix } from '../result.ts';
import type { Pass } from '../rules/rule.ts';
import { positionAt } from '../text.ts';
import { EditSet } from './edits.ts';

/** The fix for a result that is dropped: keep it and return it. */
export function returnError(fn: FunctionRef, call: CallFact): Fix[] {
  const id = 'return-error';
  const title = `Return the error of ${call.callee}()`;
  const manual = (reason: string): Fix[] => [{ id, title, safety: 'manual', preferred: false, edits: [], reason, creates: [] }];
  const { facts } = fn;
  if (facts.returns.name !== 'int' || facts.returns.pointers > 0) return manual(`\`${facts.name}\` returns no error number`);
  if (facts.labels.length > 0) return manual(`\`${facts.name}\` unwinds by goto: choose the label`);
  const holder = facts.locals.find((local) => local.type.name === 'int' && local.type.pointers === 0 && /^(ret|err|rc|r|error|result)$/.test(local.name));
  if (!holder) return manual(`\`${facts.name}\` has no variable that keeps an error number`);
  if (call.context >= 0) return manual('the call stands under a condition: its braces have to be seen');
  const { character } = positionAt(fn.file.lineStarts, fn.def.start + call.start);
  const indent = '\t'.repeat(character);
  const edits = new EditSet();
  edits.putInside(fn, { start: call.start, end: call.start }, `${holder.name} = `);
  // The statement's semicolon follows the call.
  edits.putInside(fn, { start: call.end + 1, end: call.end + 1 }, `\n${indent}if (${holder.name})\n${indent}\treturn ${holder.name};`);
  return [{
    id, title, safety: 'unsafe', preferred: true, edits: edits.list(), creates: [],
    notice: 'what the function took before by hand has to be released on this way out',
  }];
}

/** The fix for an API that leaves the action alone when it fails: its twin that runs it. */
export function registerOrReset(pass: Pass, { api, call, fn }: Registration): Fix[] {
  const twin = pass.catalog.data.managed.find((other) => other.role === api.role && other.scope === api.scope && other.orReset
    && other.name.startsWith(`${api.name}_`) && other.owner === api.owner);
  if (!twin) return [];
  const edits = new EditSet();
  edits.putInside(fn, { start: call.nameStart, end: call.nameEnd }, twin.name);
  return [{ id: 'or-reset', title: `Use ${twin.name}()`, safety: 'safe', preferred: true, edits: edits.list(), creates: [] }];
}
