/** Headers that edited code needs, and those that nothing in it needs any more. */
import type { Catalog } from '../catalog.ts';
import type { Pass } from '../pass.ts';
import type { TextEdit } from '../text.ts';
import { linesToDelete } from './text/lines.ts';
import { type Outline, outlineOf } from './text/outline.ts';
import type { Token } from './text/tokens.ts';

/** A file without headers of the kernel's own is no driver source: it is left alone. */
export function includeEdits(
  pass: Pass,
  before: Outline,
  after: Outline,
  path: string,
): TextEdit[] {
  if (!path.endsWith('.c') || includesIn(after).length === 0) return [];
  const old = calledWords(before);
  const fresh = [...calledWords(after)].filter((word) => !old.has(word));
  const headers = pass.once.get('headers', () => headersOf(pass.catalog));
  const wanted = new Set(fresh.flatMap((word) => headers.get(word) ?? []));
  const have = new Set(includesIn(after).map((one) => one.name));
  const added = [...wanted].filter((name) => !have.has(name)).map((name) => insertion(after, name));
  return [...merged(added), ...dropped(pass.catalog, before, after)];
}

/**
 * What includes a header in a text, none where that does already: among its headers, else below its guard.
 * @returns undefined where it has neither
 */
export function includeEdit(text: string, name: string): readonly TextEdit[] | undefined {
  const outline = outlineOf(text);
  const all = includesIn(outline);
  if (all.some((one) => one.name === name)) return [];
  if (all.length > 0) return [insertion(outline, name)];
  const guard = /^#\s*ifndef\s+(\w+)\s*\n#\s*define\s+\1\b[^\n]*/m.exec(text);
  if (!guard) return undefined;
  const at = guard.index + guard[0].length;
  return [{ start: at, end: at, newText: `\n\n#include <${name}>` }];
}

/** The header of each function that stands in one of the DRM core, which drivers include by name. */
function headersOf({ data }: Catalog): Map<string, string> {
  const out = new Map<string, string>();
  for (const { name, source } of [
    ...data.managed,
    ...data.milestones,
    ...data.guards,
    ...data.deviceReleases,
  ]) {
    const header = /^include\/(drm\/[\w/-]+\.h)(?::|$)/.exec(source ?? '')?.[1];
    if (header !== undefined) out.set(name, header);
  }
  return out;
}

interface Include {
  readonly token: Token;
  readonly name: string;
}

function includesIn({ tokens }: Outline): Include[] {
  return tokens.flatMap((token) => {
    const name =
      token.kind === 'directive' ? /^#\s*include\s*<([^>]+)>/.exec(token.text)?.[1] : undefined;
    return name === undefined ? [] : [{ token, name }];
  });
}

function calledWords({ tokens }: Outline): Set<string> {
  return new Set(
    tokens.flatMap((token, i) =>
      token.kind === 'word' && tokens[i + 1]?.text === '(' ? [token.text] : [],
    ),
  );
}

/** In its folder's list before the first name that sorts after it, else behind the list. */
function insertion(outline: Outline, name: string): TextEdit {
  const all = includesIn(outline);
  const folder = name.slice(0, name.indexOf('/') + 1);
  const list = all.filter((one) => one.name.startsWith(folder));
  const next = list.find((one) => one.name > name);
  const line = `#include <${name}>`;
  if (next) return { start: next.token.start, end: next.token.start, newText: `${line}\n` };
  const last = list[list.length - 1] ?? all[all.length - 1];
  const at = last?.token.end ?? 0;
  return { start: at, end: at, newText: list.length > 0 ? `\n${line}` : `\n\n${line}` };
}

/** Two headers that go to one place go there together, in order. */
function merged(edits: readonly TextEdit[]): TextEdit[] {
  const byPlace = new Map<number, TextEdit>();
  for (const edit of [...edits].sort((a, b) => (a.newText < b.newText ? -1 : 1))) {
    const known = byPlace.get(edit.start);
    byPlace.set(edit.start, known ? { ...known, newText: known.newText + edit.newText } : edit);
  }
  return [...byPlace.values()];
}

/**
 * The header of a scope's API goes with the last name that it declares. Where the file includes
 * another source, as for its KUnit tests, that one may live on the header too, and it stays.
 */
function dropped({ data }: Catalog, before: Outline, after: Outline): TextEdit[] {
  if (
    after.tokens.some(
      ({ kind, text }) => kind === 'directive' && /^#\s*include\s.*\.c\b/.test(text),
    )
  )
    return [];
  return data.actions.flatMap(({ header, prefix }) => {
    if (header === undefined || prefix === undefined) return [];
    const used = ({ tokens }: Outline) =>
      tokens.some(
        (token) =>
          (token.kind === 'word' ||
            (token.kind === 'directive' && !/^#\s*include/.test(token.text))) &&
          token.text.includes(prefix),
      );
    const include = includesIn(after).find((one) => one.name === header);
    return include && used(before) && !used(after)
      ? [{ ...linesToDelete(after.text, include.token), newText: '' }]
      : [];
  });
}
