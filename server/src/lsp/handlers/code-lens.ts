/** textDocument/codeLens: what an entry point takes, and when a callback runs. */
import type { CodeLens } from 'vscode-languageserver/node';
import { callbackLabel, entryLabel } from '../../core/annotations/short-texts.ts';
import { namePlace } from '../../core/places.ts';
import type { FunctionRef } from '../../core/program/program.ts';
import type { EntryOrder, Place } from '../../core/result.ts';
import type { AnnotatedDocument, AnnotatedModule } from '../annotated.ts';
import type { ServerContext } from '../context.ts';
import { type OrderEntryParams, orderTextCommand, showOrderCommand } from '../protocol.ts';
import { toRange } from '../to-proto.ts';

/** Of several modules with the same file each function is told of once. */
export function lensesOf(
  server: ServerContext,
  { snapshot, modules }: AnnotatedDocument,
): CodeLens[] {
  if (!server.session.workspace.settings.codeLens) return [];
  const { open } = snapshot;
  const lenses = new Map<number, CodeLens[]>();
  for (const module of modules) {
    for (const fn of module.pass.program.functions) {
      if (fn.file.path !== open.path) continue;
      const place = namePlace(fn);
      if (lenses.has(place.start)) continue;
      const found = lensesAt(server, open.document.uri, module, fn, place);
      if (found.length > 0) lenses.set(place.start, found);
    }
  }
  return [...lenses.values()].flat();
}

function lensesAt(
  server: ServerContext,
  uri: string,
  { positions, findings }: AnnotatedModule,
  fn: FunctionRef,
  place: Place,
): CodeLens[] {
  const range = toRange(place);
  const lens = (title: string, entry: EntryOrder): CodeLens => {
    const params: OrderEntryParams = { uri, entry: entry.entry };
    const command = server.features.showsOrder ? showOrderCommand : orderTextCommand;
    return { range, command: { title, command, arguments: [params] } };
  };
  // Two tables may name one probe.
  const [entry] = positions.entriesAt(place);
  if (entry) return [lens(`${entryLabel(entry, findings)}: show order`, entry)];
  const ran = positions.ranAt(place).filter(({ step }) => step.scope !== null);
  const label = callbackLabel(ran.filter(({ step }) => step.action === fn.name));
  const from = ran.find(({ chain }) => chain !== null)?.entry;
  return label === '' || !from ? [] : [lens(label, from)];
}
