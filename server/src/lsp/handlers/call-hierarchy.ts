/**
 * Call hierarchy: callees in the order of the source, callbacks and managed allocations among them;
 * callers through tables and registrations too.
 */
import {
  type CallHierarchyIncomingCall,
  type CallHierarchyItem,
  type CallHierarchyOutgoingCall,
  type CallHierarchyPrepareParams,
  type CancellationToken,
  SymbolKind,
} from 'vscode-languageserver/node';
import {
  incomingOf,
  type NamedIn,
  type Outgoing,
  outgoingOf,
} from '../../core/annotations/calls.ts';
import type { ManagedCall } from '../../core/annotations/managed-calls.ts';
import { callbackLabel, hintLabel, scopeNames } from '../../core/annotations/short-texts.ts';
import { targetAt } from '../../core/annotations/target.ts';
import type { CallFact } from '../../core/facts/types.ts';
import { namePlace, placeIn, placeInside } from '../../core/places.ts';
import type { FunctionRef } from '../../core/program/program.ts';
import { type AnnotatedModule, annotated } from '../annotated.ts';
import { protoContext, type ServerContext } from '../context.ts';
import { type ProtoContext, toRange } from '../to-proto.ts';

/** What an item carries: enough to find the function again when the files have changed. */
interface ItemData {
  /** The open document that the hierarchy began with: its module is the one that is asked. */
  readonly origin: string;
  /** Absent for what has no body in the module. */
  readonly file?: string;
  readonly name?: string;
}

/** Makes the items of one answer. */
class Items {
  readonly module: AnnotatedModule;
  private readonly proto: ProtoContext;
  private readonly origin: string;

  constructor(module: AnnotatedModule, proto: ProtoContext, origin: string) {
    this.module = module;
    this.proto = proto;
    this.origin = origin;
  }

  ofFunction(fn: FunctionRef, detail: string): CallHierarchyItem {
    const name = namePlace(fn);
    const data: ItemData = { origin: this.origin, file: name.file, name: fn.name };
    return {
      name: fn.name,
      kind: SymbolKind.Function,
      detail: detail === '' ? name.file : detail,
      uri: this.proto.uriOf(name.file),
      range: toRange(placeIn(fn.file, fn.def)),
      selectionRange: toRange(name),
      data,
    };
  }

  /** A function of the kernel, shown where it is called. */
  private ofCall({ fn, call, registration }: ManagedCall, detail: string): CallHierarchyItem {
    const data: ItemData = { origin: this.origin };
    return {
      name: registration?.callback ?? call.callee,
      kind: SymbolKind.Function,
      detail,
      uri: this.proto.uriOf(fn.file.path),
      range: toRange(placeInside(fn, call)),
      selectionRange: toRange(placeInside(fn, { start: call.nameStart, end: call.nameEnd })),
      data,
    };
  }

  private ofTable({ file, table, entry }: NamedIn): CallHierarchyItem {
    const data: ItemData = { origin: this.origin };
    return {
      name: `${table.name}.${entry.member}`,
      kind: SymbolKind.Field,
      detail: `struct ${table.struct}`,
      uri: this.proto.uriOf(file.path),
      range: toRange(placeIn(file, table)),
      selectionRange: toRange(placeIn(file, entry)),
      data,
    };
  }

  /** `drmm action, last put 38/41`. */
  private detailOf({ fn, call, api }: ManagedCall): string {
    const label = hintLabel(this.module.positions.registeredAt(placeInside(fn, call)));
    return [`${scopeNames[api.scope]} ${api.kind}`, label].filter((text) => text !== '').join(', ');
  }

  /** When teardown runs a function; else what is taken below it: `takes 3 devm, 1 drmm`. */
  labelOf(fn: FunctionRef): string {
    const { positions } = this.module;
    const ran = positions.ranAt(namePlace(fn)).filter(({ step }) => step.scope !== null);
    const label = callbackLabel(ran);
    if (label !== '') return label;
    const { name } = fn.facts;
    const below = positions.order.entries
      .map(({ acquired }) => acquired.filter(({ registered }) => registered.via.includes(name)))
      .find((steps) => steps.length > 0);
    if (below === undefined) return '';
    const devm = below.filter(({ scope }) => scope === 'bound').length;
    const drmm = below.filter(({ scope }) => scope === 'drm').length;
    return `takes ${devm} devm, ${drmm} drmm`;
  }

  outgoing(fn: FunctionRef, { to, calls, managed }: Outgoing): CallHierarchyOutgoingCall {
    const detail = managed ? this.detailOf(managed) : to ? this.labelOf(to) : '';
    const item = to ? this.ofFunction(to, detail) : managed && this.ofCall(managed, detail);
    return { to: item ?? this.ofFunction(fn, ''), fromRanges: rangesIn(fn, calls) };
  }

  incoming(fn: FunctionRef): CallHierarchyIncomingCall[] {
    const { calls, registered, tables } = incomingOf(this.module.pass, fn);
    return [
      ...registered.map((managed) => ({
        from: this.ofFunction(managed.fn, `registers it: ${this.detailOf(managed)}`),
        fromRanges: rangesIn(managed.fn, [managed.call]),
      })),
      ...[...calls].map(([caller, list]) => ({
        from: this.ofFunction(caller, this.labelOf(caller)),
        fromRanges: rangesIn(caller, list),
      })),
      ...tables.map((named) => ({
        from: this.ofTable(named),
        fromRanges: [toRange(placeIn(named.file, named.entry))],
      })),
    ];
  }
}

function rangesIn(fn: FunctionRef, calls: readonly CallFact[]): CallHierarchyItem['range'][] {
  return calls.map((call) => {
    const name = call.callee === '' ? call : { start: call.nameStart, end: call.nameEnd };
    return toRange(placeInside(fn, name));
  });
}

export async function prepareCallHierarchy(
  server: ServerContext,
  { textDocument: { uri }, position }: CallHierarchyPrepareParams,
  token: CancellationToken,
): Promise<CallHierarchyItem[] | null> {
  const found = await annotated(server, uri, token);
  if (found === undefined) return null;
  const { open, analyses } = found.snapshot;
  const offset = open.document.offsetAt(position);
  const proto = protoContext(server, open.handle.project, analyses);
  for (const module of found.modules) {
    const target = targetAt(module.pass, open.path, offset);
    if (target?.kind !== 'function') continue;
    const items = new Items(module, proto, uri);
    return [items.ofFunction(target.fn, items.labelOf(target.fn))];
  }
  return null;
}

/** The function that an item stands for, in the module as it is now. */
async function find(
  server: ServerContext,
  item: CallHierarchyItem,
  token: CancellationToken,
): Promise<{ readonly fn: FunctionRef; readonly items: Items } | undefined> {
  const { origin, file, name } = (item.data ?? {}) as Partial<ItemData>;
  if (origin === undefined || name === undefined) return undefined;
  const opened = server.session.get(origin) === undefined ? item.uri : origin;
  const found = await annotated(server, opened, token);
  if (found === undefined) return undefined;
  const proto = protoContext(server, found.snapshot.open.handle.project, found.snapshot.analyses);
  for (const module of found.modules) {
    const fn = module.pass.program.named(name).find((one) => one.file.path === file);
    if (fn) return { fn, items: new Items(module, proto, opened) };
  }
  return undefined;
}

export async function outgoingCalls(
  server: ServerContext,
  { item }: { readonly item: CallHierarchyItem },
  token: CancellationToken,
): Promise<CallHierarchyOutgoingCall[] | null> {
  const found = await find(server, item, token);
  if (found === undefined) return null;
  const { fn, items } = found;
  return outgoingOf(items.module.pass, fn).map((one) => items.outgoing(fn, one));
}

export async function incomingCalls(
  server: ServerContext,
  { item }: { readonly item: CallHierarchyItem },
  token: CancellationToken,
): Promise<CallHierarchyIncomingCall[] | null> {
  const found = await find(server, item, token);
  return found === undefined ? null : found.items.incoming(found.fn);
}
