/** Every place of a module where a callback's name stands for the function. */

import type { Catalog, ManagedApi } from '../catalog.ts';
import type { Prototype, Value } from '../facts/types.ts';
import { namePlace, placeIn, placeInside } from '../places.ts';
import { pathIn } from '../program/objects.ts';
import type { CallSite, FunctionRef, Program } from '../program/program.ts';
import type { Registration } from '../program/registrations.ts';
import type { Unit } from '../program/unit.ts';
import type { Place } from '../result.ts';

export interface CallbackReferences {
  readonly registrations: readonly Registration[];
  /** Calls that run or remove the registered action early. */
  readonly releases: readonly { readonly site: CallSite; readonly api: ManagedApi }[];
  /** Calls of the callback as a plain function. */
  readonly direct: readonly CallSite[];
  readonly prototypes: readonly { readonly file: Unit; readonly prototype: Prototype }[];
  /** Uses of another kind: nobody can tell what they need. */
  readonly others: readonly Place[];
}

/** Collects the references to `target`, in the whole module or, when it is static, in its file. */
export function referencesTo(
  program: Program,
  catalog: Catalog,
  all: readonly Registration[],
  target: FunctionRef,
): CallbackReferences {
  const { name } = target.facts;
  const registrations = all.filter((r) => r.target === target);
  const registered = new Set(registrations.map((r) => r.call));
  const releases: { site: CallSite; api: ManagedApi }[] = [];
  // Where a pointer, or one of two, is registered the name stands elsewhere.
  const others = registrations
    .filter((one) => one.when !== null || !isNamed(one, name))
    .map((one): Place => placeInside(one.fn, one.callbackArgument));
  for (const caller of program.functions) {
    if (program.resolve(name, caller.file) !== target) continue;
    for (const call of caller.facts.calls) {
      if (registered.has(call)) continue;
      for (const argument of call.args) {
        if (!names(argument.value, name)) continue;
        const api = catalog.managed.get(call.callee);
        const early =
          api &&
          (api.role === 'release-action' || api.role === 'remove-action') &&
          call.args[api.callback ?? -1] === argument;
        if (early) releases.push({ site: { caller, call }, api });
        else others.push(placeInside(caller, argument));
      }
    }
    for (const assign of caller.facts.assigns)
      if (names(assign.value, name)) others.push(placeInside(caller, assign));
    for (const returned of caller.facts.returnsOf)
      if (returned.value && names(returned.value, name)) others.push(placeInside(caller, returned));
  }
  for (const { file, table } of program.tables()) {
    if (program.resolve(name, file) !== target) continue;
    for (const entry of table.entries) if (entry.value === name) others.push(placeIn(file, entry));
  }
  const word = new RegExp(`\\b${name}\\b`);
  for (const file of program.files)
    for (const macro of file.macros) if (word.test(macro.body)) others.push(placeIn(file, macro));
  const prototypes = program
    .prototypesOf(name)
    .filter(({ file }) => !target.isStatic || file === target.file);
  return { registrations, releases, direct: program.callersOf(target), prototypes, others };
}

/** Where a reader finds the callback. */
export function callbackPlace(target: FunctionRef): Place {
  return namePlace(target);
}

function isNamed({ callbackArgument: { value } }: Registration, name: string): boolean {
  return value.kind === 'path' && value.steps.length === 0 && value.root === name;
}

function names(value: Value, name: string): boolean {
  switch (value.kind) {
    case 'path':
      return pathIn(value)?.root === name && value.steps.length === 0;
    case 'choice':
      return value.of.some((part) => names(part, name));
    case 'words':
      return value.words.includes(name);
    default:
      return false;
  }
}
