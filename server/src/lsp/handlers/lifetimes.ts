/** driverTeardown/lifetimes: the picture of what a module takes and when it gives it back. */
import type { CancellationToken } from 'vscode-languageserver/node';
import { groupsToCollapse, pictureOf } from '../../core/picture/layout.ts';
import type { Course, Picture, PictureOptions } from '../../core/picture/picture.ts';
import { styleOf } from '../../core/picture/style.ts';
import { renderInteractive, renderSvg } from '../../core/picture/svg.ts';
import type { EntryOrder } from '../../core/result.ts';
import type { ModuleAnalysis } from '../../host/project.ts';
import { protoContext, type ServerContext, throwIfCancelled } from '../context.ts';
import type { LifetimesParams, LifetimesResult, OrderLocation } from '../protocol.ts';
import type { Snapshot } from '../session.ts';
import { entriesById } from '../to-order.ts';
import { toRange } from '../to-proto.ts';
import { type OrderHandler, orderedModule } from './order.ts';

/** @returns null for a document that is not open */
export async function lifetimes(
  server: ServerContext,
  order: OrderHandler,
  params: LifetimesParams,
  token: CancellationToken,
): Promise<LifetimesResult | null> {
  // Who has asked for the order is told when it changes, and the picture changes with it.
  await order.request({ uri: params.uri }, token);
  const snapshot = await server.session.analyse(params.uri, () => token.isCancellationRequested);
  throwIfCancelled(token);
  const module = snapshot && orderedModule(snapshot);
  if (snapshot === undefined || module === undefined) return null;
  const entries = entriesById(module.analysis.order());
  const chosen =
    params.entry !== null && entries.has(params.entry) ? params.entry : mainEntry(entries);
  const entry = chosen === null ? undefined : entries.get(chosen);
  const base = {
    module: module.module.name,
    entries: [...entries].map(([id, { entry: name }]) => ({ id, name })),
    entry: chosen,
    note: module.analysis.order().note,
  };
  if (entry === undefined) return { ...base, ...nothing };
  return { ...base, ...drawn(server, snapshot, module, entry, params) };
}

const nothing = {
  failure: 0,
  failures: [],
  groups: [],
  collapsed: [],
  svg: null,
  style: '',
  places: {},
  rows: [],
  chains: {},
  notes: [],
} as const;

/** The entry with the most steps that have findings, else the first. */
function mainEntry(entries: ReadonlyMap<string, EntryOrder>): string | null {
  const marked = ({ acquired }: EntryOrder): number =>
    acquired.filter((step) => step.findings.length > 0).length;
  const sorted = [...entries].sort(([, a], [, b]) => marked(b) - marked(a));
  return sorted[0]?.[0] ?? null;
}

type Drawn = Omit<LifetimesResult, 'module' | 'entries' | 'entry' | 'note'>;

function drawn(
  server: ServerContext,
  { open, analyses }: Snapshot,
  module: ModuleAnalysis,
  entry: EntryOrder,
  params: LifetimesParams,
): Drawn {
  const failures =
    params.timeline === 'probe-fail' ? entry.timelines['probe-fail'].map(({ after }) => after) : [];
  const failure = Math.min(params.failure ?? failures.length - 1, failures.length - 1);
  const course: Course = { timeline: params.timeline, failure };
  const draw = (options: PictureOptions): Picture =>
    pictureOf(module.module.name, entry, module.findings, course, options);
  const { width, findingsOnly, filter } = params;
  const { say } = server.features;
  const options = { width, findingsOnly, filter, say, collapsed: new Set<string>() };
  const collapsed =
    params.collapsed === null ? groupsToCollapse(draw(options)) : new Set(params.collapsed);
  const picture = draw({ ...options, collapsed });
  const { uriOf } = protoContext(server, open.handle.project, analyses);
  return {
    failure: Math.max(0, failure),
    failures,
    groups: picture.groups.map(({ id }) => id),
    collapsed: [...collapsed],
    ...rendered(picture, params.scheme),
    chains: chainsOf(picture, uriOf),
    notes: picture.notes,
    style: params.scheme === 'host' ? styleOf('host') : '',
    places: placesOf(picture, uriOf),
  };
}

function rendered(
  picture: Picture,
  scheme: LifetimesParams['scheme'],
): Pick<LifetimesResult, 'svg' | 'rows'> {
  if (scheme !== 'host') return { svg: renderSvg([picture], scheme), rows: [] };
  const { frame, rows } = renderInteractive(picture);
  return { svg: frame, rows };
}

function chainsOf({ rows }: Picture, uriOf: (file: string) => string): LifetimesResult['chains'] {
  return Object.fromEntries(
    rows.flatMap((row) =>
      row.type === 'group' || row.chain.length === 0
        ? []
        : [
            [
              row.id,
              row.chain.map(({ message, place }) => ({
                message,
                location: { uri: uriOf(place.file), range: toRange(place) },
              })),
            ],
          ],
    ),
  );
}

function placesOf(
  { rows }: Picture,
  uriOf: (file: string) => string,
): Record<string, OrderLocation> {
  return Object.fromEntries(
    rows.flatMap((row) =>
      row.type === 'group'
        ? []
        : [[row.id, { uri: uriOf(row.place.file), range: toRange(row.place) }]],
    ),
  );
}
