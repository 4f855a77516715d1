/** Elements of a table that macros make: `DRM_IOCTL_DEF_DRV(NR, fn, FLAGS)`, and a driver's own macro around it. */
import type { ElementMacro } from '../catalog.ts';
import type { TableEntry } from '../facts/types.ts';
import type { Program } from './program.ts';

/** The member that an element's argument fills, with the function's whole name; undefined when it fills none that is known. */
export function elementOf(
  program: Program,
  known: Readonly<Record<string, ElementMacro>>,
  entry: TableEntry,
): TableEntry | undefined {
  const [, name = '', index = ''] = /^(\w+)\((\d+)\)$/.exec(entry.member) ?? [];
  const direct = known[name];
  if (direct)
    return direct.argument === Number(index) ? { ...entry, member: direct.member } : undefined;
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
  return {
    ...entry,
    member: element.member,
    value: parts.map((part) => (part === param ? entry.value : part)).join(''),
  };
}
