/** Elements of a table that macros make: `DRM_IOCTL_DEF_DRV(NR, fn, FLAGS)`, and a driver's own macro around it. */
import type { ElementMacro } from '../catalog.ts';
import type { TableEntry } from '../facts/types.ts';
import type { Program } from './program.ts';

/**
 * The member that an element's argument fills, with the function's whole name; undefined when it fills none that is
 * known.
 */
export function elementOf(
  program: Program,
  known: Readonly<Record<string, ElementMacro>>,
  entry: TableEntry,
): TableEntry | undefined {
  const [, name = '', index = ''] = /^(\w+)\((\d+)\)$/.exec(entry.member) ?? [];
  const direct = known[name];
  if (direct)
    return direct.argument === Number(index)
      ? entryAs(entry, direct.member, entry.value)
      : undefined;
  const macro = program.macro(name);
  const [, inner = '', list = ''] = /^(\w+)\s*\(([^()]*)\)$/.exec(macro?.body.trim() ?? '') ?? [];
  const element = known[inner];
  const param = macro?.params[Number(index)];
  if (!element || param === undefined) return undefined;
  const parts = (list.split(',')[element.argument] ?? '').split('##').map((part) => part.trim());
  if (
    !parts.includes(param) ||
    parts.some((part) => part !== param && macro?.params.includes(part))
  )
    return undefined;
  const value = parts.map((part) => (part === param ? entry.value : part)).join('');
  return entryAs(entry, element.member, value);
}

/** An entry by other names: its place moves with the text above it, so it is asked for each time. */
function entryAs(entry: TableEntry, member: string, value: string): TableEntry {
  return {
    member,
    value,
    get start() {
      return entry.start;
    },
    get end() {
      return entry.end;
    },
  };
}
