/**
 * Drivers that turn their display off in remove() and not when the machine goes down: at reboot and kexec the kernel
 * calls no remove(), only `.shutdown` of the driver that the bus knows.
 */
import type { Pass, Question } from '../pass.ts';
import type { PlacedDef } from '../program/program.ts';
import { type ClosedBinding, firstWith, waysToRole } from '../teardown/bindings.ts';

/** The driver's table that names no `.shutdown`; undefined where one has it, or where its struct knows none. */
export function driverOnAtReboot(pass: Pass, binding: ClosedBinding): PlacedDef | undefined {
  if (!firstWith(waysToRole(pass, 'shutdown'), binding.ends)) return undefined;
  if (pass.ask(turnsOffAtReboot, null)) return undefined;
  const { file, table } = binding.end;
  const isNear = (one: PlacedDef) => one.file === file;
  const drivers = pass.program.tables().filter((one) => isNear(one) && isDriver(pass, one));
  if (drivers.some(namesShutdown)) return undefined;
  return drivers.find((one) => one.table === table) ?? drivers.find(isBound);
}

/** Whether a driver of the module, perhaps that of another part of the device, turns the display off then. */
const turnsOffAtReboot: Question<null, boolean> = {
  answer(pass) {
    const ways = waysToRole(pass, 'shutdown');
    return pass.tableFunctions.some(({ fn, role }) => role === 'shutdown' && ways.has(fn));
  },
};

/** A table whose struct has a member for it. A device outside of the machine is stopped with its bus. */
function isDriver({ catalog }: Pass, { table }: PlacedDef): boolean {
  const ops = catalog.ops.get(table.struct);
  return ops?.bus !== undefined && !ops.outside && Object.values(ops.members).includes('shutdown');
}

/** By its member, whatever stands there: a helper of the kernel, too. */
function namesShutdown({ table }: PlacedDef): boolean {
  return table.entries.some(({ member }) => member.split('.').at(-1) === 'shutdown');
}

function isBound({ table }: PlacedDef): boolean {
  return table.entries.some(({ member }) => member === 'probe');
}
