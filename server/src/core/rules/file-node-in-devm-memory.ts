/** devm frees memory at unbind that holds a node which open files keep: a video_device, a cdev, a miscdevice. */
import type { FileNode } from '../catalog.ts';
import { callLink, functionLink, tableLink, wayLinks } from '../chains.ts';
import { followsStruct } from '../hazards/ended-structs.ts';
import type { Way } from '../hazards/ways.ts';
import { placeInside } from '../places.ts';
import { allocatedStruct } from '../program/allocated-struct.ts';
import type { TableFunction } from '../program/entries.ts';
import type { MemoryOrigin } from '../program/memory.ts';
import type { CallSite, FunctionRef } from '../program/program.ts';
import { type Binding, bindingsOf } from '../teardown/bindings.ts';
import type { Pass, Rule, RuleFinding } from './rule.ts';

export const fileNodeInDevmMemory: Rule = {
  id: 'file-node-in-devm-memory',
  summary: 'devm frees memory at unbind that holds a node which open files keep',
  defaultSeverity: 'info',
  run(pass) {
    const told = new Set<object>();
    return pass.catalog.data.fileNodes.flatMap((node) =>
      node.begins.flatMap(({ name, object }) =>
        pass.program
          .callsOf(name)
          .flatMap((site) => judge(pass, node, site, object) ?? [])
          .filter(({ origin }) => !told.has(origin.call) && told.add(origin.call))
          .map(({ finding }) => finding),
      ),
    );
  },
};

interface Judged {
  readonly origin: MemoryOrigin;
  readonly finding: RuleFinding;
}

function judge(pass: Pass, node: FileNode, site: CallSite, object: number): Judged | undefined {
  const { caller, call } = site;
  const argument = call.args[object];
  if (!argument) return undefined;
  const { origins, resolved, complete } = pass.memory.of(caller, argument.value);
  const [origin] = origins;
  const isDevm = (one: MemoryOrigin) => one.scope === 'bound' && one.api?.role === 'alloc-memory';
  if (!origin || !resolved || !origins.every(isDevm)) return undefined;
  const binding = bindingsOf(pass).find(({ starts }) => pass.graph.isReachedFrom(caller, starts));
  if (!binding) return undefined;
  const tag = allocatedStruct(pass.program, origin.fn, origin.call);
  const late = node.only === 'driver' ? lateUser(pass, tag) : undefined;
  if (node.only === 'driver' && !late) return undefined;
  return { origin, finding: findingOf(pass, { node, site, origin, binding, complete, late }) };
}

interface Late {
  readonly user: TableFunction;
  readonly way: Way;
}

/** A function of an open file that follows a pointer to the struct. */
function lateUser(pass: Pass, tag: string | undefined): Late | undefined {
  if (tag === undefined) return undefined;
  for (const user of pass.tableFunctions) {
    if (user.table.struct !== 'file_operations' || user.entry.member === 'open') continue;
    const way = followsStruct(pass, user.fn, tag);
    if (way) return { user, way };
  }
  return undefined;
}

interface Told {
  readonly node: FileNode;
  readonly site: CallSite;
  readonly origin: MemoryOrigin;
  readonly binding: Binding;
  readonly complete: boolean;
  readonly late: Late | undefined;
}

function findingOf(pass: Pass, { node, site, origin, binding, complete, late }: Told): RuleFinding {
  const { start, end } = binding;
  const out: FunctionRef = (end ?? start).fn;
  const { fn, call } = origin;
  // Where a cable is pulled, a file is open as a rule.
  const isPulled = pass.catalog.ops.get(start.table.struct)?.hotplug === true;
  return {
    severity: isPulled ? 'warning' : 'info',
    confidence: complete ? 'certain' : 'likely',
    place: placeInside(fn, call),
    function: fn.name,
    message: `${call.callee}() frees at unbind what ${node.what} lies in; a file that is still open works on it, and its last close ${node.close}`,
    timelines: ['unplug-open'],
    fixes: [],
    identity: [node.struct, fn.name],
    chain: [
      callLink({ caller: fn, call }, 'allocation', 'devm frees it at unbind'),
      callLink(site, 'registration', `${node.what} in it becomes known: files can be opened`),
      end
        ? tableLink(end)
        : functionLink(out, 'callback', `\`${out.name}\` has no function for the way out`),
      ...(late
        ? [
            tableLink(late.user),
            ...wayLinks(late.way, 'follows the pointer, also when the memory is gone', 'note'),
          ]
        : []),
    ],
  };
}
