/** Links of evidence from calls. */
import type { CallFact } from './facts/types.ts';
import { namePlace, placeIn, placeInside } from './places.ts';
import type { TableFunction } from './program/entries.ts';
import { pathIn, showPath } from './program/objects.ts';
import type { CallSite, FunctionRef } from './program/program.ts';
import type { ChainLink, LinkRole } from './result.ts';

/** The calls along a way; `last` says what the last of them does. */
export function wayLinks(
  way: readonly CallSite[],
  last: string,
  role: LinkRole = 'release',
): ChainLink[] {
  return way.map(({ caller, call }, i) => ({
    role: i === way.length - 1 ? role : 'call',
    place: placeInside(caller, call),
    function: caller.name,
    message: i === way.length - 1 ? last : callWords(call),
  }));
}

/** What a call on the way does, for a reader. */
export function callWords({ callee, through }: CallFact): string {
  if (callee !== '') return `calls \`${callee}\``;
  const path = through && pathIn(through);
  return path ? `calls through the pointer \`${showPath(path)}\`` : 'calls through a pointer';
}

/** One call on its own. */
export function callLink({ caller, call }: CallSite, role: LinkRole, message: string): ChainLink {
  return { role, place: placeInside(caller, call), function: caller.name, message };
}

/** A function where it is defined. */
export function functionLink(fn: FunctionRef, role: LinkRole, message: string): ChainLink {
  return { role, place: namePlace(fn), function: fn.name, message };
}

/** The member of a table that names a function. */
export function tableLink({ fn, file, table, entry }: TableFunction): ChainLink {
  return {
    role: 'registration',
    place: placeIn(file, entry),
    function: '',
    message: `\`${fn.name}\` is \`.${entry.member}\` of the ${table.struct} \`${table.name}\``,
  };
}
