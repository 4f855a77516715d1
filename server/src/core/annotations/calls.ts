/** What a function calls and what calls it, registrations and tables included. */

import type { CallFact, TableDef, TableEntry } from '../facts/types.ts';
import type { Pass } from '../pass.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import type { Unit } from '../program/unit.ts';
import { type ManagedCall, managedCall, takes } from './managed-calls.ts';

/** Calls of one function, or one call that takes something managed. */
export interface Outgoing {
  /** The function of the module that runs, now or at teardown; undefined for one of the kernel. */
  readonly to: FunctionRef | undefined;
  readonly calls: readonly CallFact[];
  /** Set when the call takes something that is given back at teardown. */
  readonly managed: ManagedCall | undefined;
}

/** In the order of the source; a function that is called again stands where it is called first. */
export function outgoingOf(pass: Pass, fn: FunctionRef): Outgoing[] {
  const out: (Outgoing & { readonly calls: CallFact[] })[] = [];
  const known = new Map<FunctionRef, CallFact[]>();
  for (const call of fn.facts.calls) {
    const found = managedCall(pass, fn, call);
    const managed = found && takes(found) ? found : undefined;
    if (managed) {
      out.push({ to: managed.registration?.target, calls: [call], managed });
      continue;
    }
    for (const to of pass.graph.targetsOf(fn, call)) {
      const calls = known.get(to);
      if (calls) calls.push(call);
      else {
        const first = [call];
        known.set(to, first);
        out.push({ to, calls: first, managed: undefined });
      }
    }
  }
  return out;
}

/** A table whose member names the function. */
export interface NamedIn {
  readonly file: Unit;
  readonly table: TableDef;
  readonly entry: TableEntry;
}

export interface Incoming {
  readonly calls: ReadonlyMap<FunctionRef, readonly CallFact[]>;
  readonly registered: readonly ManagedCall[];
  readonly tables: readonly NamedIn[];
}

function byCaller(sites: readonly CallSite[]): Map<FunctionRef, CallFact[]> {
  const out = new Map<FunctionRef, CallFact[]>();
  for (const { caller, call } of sites) out.set(caller, [...(out.get(caller) ?? []), call]);
  return out;
}

export function incomingOf(pass: Pass, fn: FunctionRef): Incoming {
  return {
    calls: byCaller(pass.graph.callersOf(fn)),
    registered: pass.registrations
      .filter(({ target }) => target === fn)
      .map((registration) => {
        const { fn: caller, call, api } = registration;
        return { fn: caller, call, api, registration };
      }),
    tables: [...pass.program.tables()].flatMap(({ file, table }) =>
      table.entries
        .filter(({ value }) => pass.program.resolve(value, file) === fn)
        .map((entry) => ({ file, table, entry })),
    ),
  };
}
