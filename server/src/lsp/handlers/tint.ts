/**
 * driverTeardown/tint: the names of the calls that take something managed, by scope. No semantic
 * tokens: an editor that shows those of one server only would lose the ones of clangd.
 */
import type { CancellationToken } from 'vscode-languageserver/node';
import { managedCallsIn, takes } from '../../core/annotations/managed-calls.ts';
import { placeInside } from '../../core/places.ts';
import type { Place, Scope } from '../../core/result.ts';
import { annotated } from '../annotated.ts';
import type { ServerContext } from '../context.ts';
import type { TintParams, TintResult } from '../protocol.ts';
import { toRange } from '../to-proto.ts';

export async function tint(
  server: ServerContext,
  { uri }: TintParams,
  token: CancellationToken,
): Promise<TintResult | null> {
  const found = await annotated(server, uri, token);
  if (found === undefined) return null;
  const { open, version } = found.snapshot;
  const names = new Map<number, { readonly scope: Scope; readonly place: Place }>();
  for (const managed of found.modules.flatMap(({ pass }) => managedCallsIn(pass, open.path))) {
    const { fn, call, api } = managed;
    const place = placeInside(fn, { start: call.nameStart, end: call.nameEnd });
    if (takes(managed)) names.set(place.start, { scope: api.scope, place });
  }
  const rangesOf = (scope: Scope): TintResult['devm'] =>
    [...names.values()].filter((one) => one.scope === scope).map(({ place }) => toRange(place));
  return { version, devm: rangesOf('bound'), drmm: rangesOf('drm') };
}
