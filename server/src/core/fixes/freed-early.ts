/** Managed memory that the driver frees by hand before its time: a function of the other scope would not find it. */
import type { Pass } from '../pass.ts';
import { allocatedStruct, typeOf } from '../program/allocated-struct.ts';
import type { MemoryOrigin } from '../program/memory.ts';
import { pathIn } from '../program/objects.ts';
import type { CallSite } from '../program/program.ts';

/** @returns the name of a call that frees this very memory, as far as that can be told */
export function freedEarly(pass: Pass, origin: MemoryOrigin): string | undefined {
  const frees = pass.catalog.data.managed.filter(
    (one) => one.role === 'free-memory' && one.scope === origin.api?.scope && one.kind === 'memory',
  );
  return frees.find(({ name, data = 1 }) =>
    pass.program.callsOf(name).some((site) => canBe(pass, origin, site, data)),
  )?.name;
}

/** Not another allocation's for certain, and not of another type. */
function canBe(
  pass: Pass,
  origin: MemoryOrigin,
  { caller, call }: CallSite,
  data: number,
): boolean {
  const value = call.args[data]?.value;
  const path = value && pathIn(value);
  if (!value || !path) return true;
  const { origins, resolved } = pass.memory.of(caller, value);
  if (origins.some((one) => one.call === origin.call)) return true;
  const type = typeOf(pass.program, caller, path);
  const tag = allocatedStruct(pass.program, origin.fn, origin.call);
  const other =
    tag !== undefined && type?.tagged === true && type.pointers === 1 && type.name !== tag;
  return !other && !(resolved && origins.length > 0);
}
