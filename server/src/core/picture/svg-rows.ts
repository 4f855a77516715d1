/** One row of the picture: its words on the left, its bar and its findings on the right. */

import { short } from './labels.ts';
import { sizes } from './layout.ts';
import type { GroupRow, Note, Picture, Row, StepRow } from './picture.ts';
import { barElement, overrunElement, signElement } from './svg-signs.ts';
import { element, escapeXml, path } from './xml.ts';

/** Widths of one character of the fonts that the style names. */
const wide = 7.25;
const narrow = 6.35;
/** A label of fewer characters does not tell things apart. */
const leastLabel = 24;
const tagX = sizes.margin + 14;
const labelX = tagX + 52;

/** Where a row stands among all, for those who are told and do not see. */
interface Turn {
  readonly index: number;
  readonly of: number;
}

/** @param turn null for a file, whose rows nobody walks through */
export function rowElement(row: Row, picture: Picture, turn: Turn | null): string {
  const height = row.type === 'group' ? sizes.group : sizes.row;
  const hit = { class: 'hit', x: 0, y: row.y - height / 2, width: picture.width, height };
  const body = row.type === 'group' ? groupBody(row, picture) : stepBody(row, picture);
  const title = element('title', {}, escapeXml(row.title));
  return element('g', attributesOf(row, turn), title, element('rect', hit), ...body);
}

function attributesOf(row: Row, turn: Turn | null): Record<string, string | number | undefined> {
  const common = { class: `row ${row.type}`, 'data-id': row.id };
  const place =
    row.type === 'step'
      ? { 'data-file': row.place.file, 'data-line': row.place.from.line + 1 }
      : {};
  if (turn === null) return { ...common, ...place };
  const isGroup = row.type === 'group';
  return {
    ...common,
    ...place,
    role: 'treeitem',
    tabindex: -1,
    'aria-level': isGroup ? 1 : 2,
    'aria-posinset': turn.index + 1,
    'aria-setsize': turn.of,
    'aria-expanded': isGroup ? String(!row.collapsed) : undefined,
    'aria-label': row.title.replace(/\n+ */g, '; '),
  };
}

function groupBody(row: GroupRow, { plot }: Picture): string[] {
  const { y } = row;
  const d = row.collapsed
    ? path`M${sizes.margin} ${y - 4.5}l6 4.5l-6 4.5z`
    : path`M${sizes.margin - 1} ${y - 3}h9l-4.5 6z`;
  const room = (beside: string): number =>
    Math.floor((plot.x - tagX - 10 - beside.length * narrow) / wide);
  // Where both do not fit, the name says more than how many there are.
  const least = row.counted.split(', ').at(-1) ?? '';
  const words = row.label.length <= room(row.counted) ? row.counted : least;
  const label = short(row.label, room(words));
  return [
    element('path', { class: 'chevron', d }),
    element('text', { class: 'group-label', x: tagX, y: y + 4 }, escapeXml(label)),
    element(
      'text',
      { class: 'group-count', x: plot.x - 10, y: y + 4, 'text-anchor': 'end' },
      escapeXml(words),
    ),
    ...row.bars.map((bar, i) => barElement(bar, y + (i - (row.bars.length - 1) / 2) * 6, 5)),
    ...row.notes.map((note) => noteSigns(note, y)),
  ];
}

function stepBody(row: StepRow, { plot }: Picture): string[] {
  const { y, bar, tag } = row;
  const room = plot.x - 10 - labelX;
  // The label comes first; the place keeps enough for its line, or goes where there is too little room.
  const loop = row.repeats ? 3 : 0;
  const whereLeast = Math.min(row.where.length, 11) * narrow;
  const beside = Math.floor((room - whereLeast - 8) / wide) - loop;
  const isNarrow = beside < leastLabel && row.label.length > beside;
  const label = short(row.label, isNarrow ? Math.floor(room / wide) - loop : beside);
  const where = isNarrow
    ? ''
    : ending(row.where, Math.floor((room - (label.length + loop) * wide - 8) / narrow));
  const look = bar?.look ?? (tag === 'devm' || tag === 'drmm' ? tag : 'manual');
  return [
    element('text', { class: `tag ${look}`, x: tagX, y: y + 4 }, escapeXml(tag)),
    element('text', { class: 'label', x: labelX, y: y + 4 }, escapeXml(label)),
    ...(row.repeats
      ? [
          element(
            'text',
            { class: 'loop', x: labelX + (label.length + 0.6) * wide, y: y + 4 },
            '×N',
          ),
        ]
      : []),
    element(
      'text',
      { class: 'where', x: plot.x - 10, y: y + 4, 'text-anchor': 'end' },
      escapeXml(where),
    ),
    bar === null
      ? element('path', {
          class: 'moment',
          d: path`M${row.at} ${y - 5.5}l5.5 5.5l-5.5 5.5l-5.5 -5.5z`,
        })
      : barElement(bar, y, 11),
    ...row.notes.map((note) => noteSigns(note, y)),
    ...captionOf(row, plot),
  ];
}

/** The end of a text tells files apart better than its beginning, and holds the line. */
function ending(text: string, length: number): string {
  return text.length <= length ? text : `…${text.slice(text.length - Math.max(1, length - 1))}`;
}

function noteSigns(note: Note, y: number): string {
  const { overrun, severity, x } = note;
  return overrun === null ? signElement(severity, x, y) : overrunElement(overrun, y, severity);
}

/** The rules' names beside the bar: before it where there is room, else behind it, else on it. */
function captionOf({ notes, bar, at, y }: StepRow, plot: Picture['plot']): string[] {
  const first = notes[0];
  if (first === undefined) return [];
  const others = new Set(notes.map((note) => note.rule)).size - 1;
  const text = `${first.rule}${others > 0 ? ` +${others}` : ''}`;
  const width = text.length * 5.95;
  const xs = notes.flatMap((note) => [note.x, note.overrun?.from ?? note.x]);
  const left = Math.min(bar?.from ?? at, ...xs) - 11;
  const right = Math.max(bar?.to ?? at, ...xs) + 11;
  const before = left - width > plot.x;
  const behind = !before && right + width < plot.x + plot.width;
  const x = before ? left : behind ? right : left + 22;
  const anchor = before ? 'end' : 'start';
  // On the bar it would be read against the hatching: it gets a ground of its own.
  const ground =
    before || behind
      ? ''
      : element('rect', {
          class: 'rule-ground',
          x: x - 3,
          y: y - 7,
          width: width + 6,
          height: 14,
          rx: 3,
        });
  const name = element(
    'text',
    { class: 'rule', x, y: y + 4, 'text-anchor': anchor },
    escapeXml(text),
  );
  return [element('g', { class: first.severity }, ground + name)];
}
