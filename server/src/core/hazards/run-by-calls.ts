/** Callbacks of the driver that a call of its own runs before it returns: the switching off of outputs, a suspend. */

import type { Pass } from '../pass.ts';
import type { TableFunction } from '../program/entries.ts';
import { push } from '../push.ts';

/** The callbacks that calls of a driver run before they return, by the functions called. */
export function runByCalls(pass: Pass): readonly (readonly [readonly string[], TableFunction[]])[] {
  const { catalog } = pass;
  const shutdowns = catalog.data.milestones
    .filter(({ role }) => role === 'shutdown')
    .map(({ name }) => name);
  const found = new Map<string, TableFunction[]>();
  for (const one of pass.tableFunctions) {
    const ops = catalog.ops.get(one.table.struct);
    const isOff = ops?.disabling?.includes(one.entry.member) === true;
    const names = isOff ? shutdowns : (ops?.runBy?.[one.entry.member] ?? []);
    if (names.length === 0) continue;
    push(found, names.join(' '), one);
  }
  return [...found].map(([names, list]) => [names.split(' '), list]);
}
