/** The picture as SVG: one file that stands alone, or the inside of a page that brings the style. */
import { short } from './labels.ts';
import { sizes } from './layout.ts';
import type { Band, LegendItem, Mark, Picture, Row } from './picture.ts';
import { type Scheme, styleOf } from './style.ts';
import { rowElement } from './svg-rows.ts';
import { barElement, isSerious, overrunElement, signElement } from './svg-signs.ts';
import { element, escapeXml, path } from './xml.ts';

/** The width of one of the subtitle's characters. */
const subtitleCharacter = 6.9;

/** Pictures below each other as a file of its own. */
export function renderSvg(pictures: readonly Picture[], scheme: Exclude<Scheme, 'host'>): string {
  const width = Math.max(sizes.least, ...pictures.map((picture) => picture.width));
  let height = 0;
  const parts = pictures.map((picture) => {
    const y = height;
    height += picture.height;
    return element(
      'svg',
      { y, width: picture.width, height: picture.height },
      content(picture, false),
    );
  });
  const name = pictures.map(({ title, subtitle }) => `${title}: ${subtitle}`).join('; ');
  const attributes = {
    ...rootAttributes(width, Math.max(1, height)),
    role: 'img',
    'aria-label': name,
  };
  const body = [
    `<style>${styleOf(scheme).replace(/&/g, '&amp;').replace(/</g, '&lt;')}</style>`,
    patterns(),
    element('rect', { class: 'paper', width: '100%', height: '100%' }),
    ...parts,
  ];
  return `${element('svg', attributes, '\n', ...body.flatMap((part) => [part, '\n']))}\n`;
}

/** A row apart from its picture, for a page that puts in those that are in sight. */
export interface RenderedRow {
  readonly id: string;
  readonly isGroup: boolean;
  readonly y: number;
  readonly svg: string;
}

/** One picture whose rows can be focused and named one by one; `styleOf('host')` goes with it. */
export function renderInteractive(picture: Picture): {
  readonly frame: string;
  readonly rows: readonly RenderedRow[];
} {
  const attributes = rootAttributes(picture.width, picture.height);
  const frame = element(
    'svg',
    { ...attributes, role: 'group', 'aria-label': `${picture.title}: ${picture.subtitle}` },
    patterns(),
    content(picture, true),
  );
  const rows = picture.rows.map((row, index) => ({
    id: row.id,
    isGroup: row.type === 'group',
    y: row.y,
    svg: rowElement(row, picture, { index, of: picture.rows.length }),
  }));
  return { frame, rows };
}

function rootAttributes(width: number, height: number): Record<string, string | number> {
  return {
    xmlns: 'http://www.w3.org/2000/svg',
    class: 'lifetimes',
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
  };
}

function patterns(): string {
  const pattern = (
    id: string,
    size: number,
    turn: string | undefined,
    ...inside: readonly string[]
  ): string =>
    element(
      'pattern',
      { id, width: size, height: size, patternUnits: 'userSpaceOnUse', patternTransform: turn },
      ...inside,
    );
  return element(
    'defs',
    {},
    pattern(
      'picture-drmm',
      5,
      'rotate(45)',
      element('rect', { class: 'drmm-ground', width: 5, height: 5 }),
      element('rect', { class: 'drmm-stripe', width: 1.2, height: 5 }),
    ),
    pattern(
      'picture-past',
      5,
      undefined,
      element('rect', { class: 'past-ground', width: 5, height: 5 }),
      element('path', { class: 'past-stripe', d: 'M0 0L5 5M0 5L5 0' }),
    ),
    pattern(
      'picture-perhaps',
      5,
      undefined,
      element('rect', { class: 'past-ground', width: 5, height: 5 }),
      element('path', { class: 'perhaps-stripe', d: 'M0 5L5 0' }),
    ),
    pattern(
      'picture-file',
      8,
      undefined,
      element('circle', { class: 'dot', cx: 2, cy: 2, r: 0.8 }),
    ),
  );
}

function content(picture: Picture, interactive: boolean): string {
  const { plot, rows, width } = picture;
  return [
    element('rect', { class: 'paper', width, height: picture.height }),
    element('text', { class: 'heading', x: sizes.margin, y: 28 }, escapeXml(picture.title)),
    element('text', { class: 'subtitle', x: sizes.margin, y: 48 }, escapeXml(subtitleIn(picture))),
    element(
      'g',
      { 'aria-hidden': 'true' },
      ...picture.bands.map((band, i) => bandElement(band, i, picture)),
      ...picture.marks.map((mark) => markLine(mark, picture)),
    ),
    picture.empty === null
      ? ''
      : element(
          'text',
          { class: 'empty', x: sizes.margin, y: plot.top + 34 },
          escapeXml(picture.empty),
        ),
    element('g', { 'aria-hidden': 'true' }, ...linksOf(rows)),
    element(
      'g',
      interactive
        ? { class: 'rows', role: 'tree', 'aria-label': picture.rowsLabel }
        : { class: 'rows' },
      ...(interactive ? [] : rows.map((row) => rowElement(row, picture, null))),
    ),
    picture.bands.length === 0
      ? ''
      : element('g', { class: 'axis', 'aria-hidden': 'true' }, ...axisOf(picture)),
    element('g', { class: 'legend', 'aria-hidden': 'true' }, ...picture.legend.map(legendElement)),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** What fits of the line below the title; a screen reader is told all of it. */
function subtitleIn({ subtitle, width }: Picture): string {
  return short(subtitle, Math.floor((width - 2 * sizes.margin) / subtitleCharacter));
}

function bandElement({ kind, x, width }: Band, index: number, { plot }: Picture): string {
  const box = { x, y: plot.top, width, height: plot.bottom - plot.top };
  const ground = element('rect', { class: index % 2 === 0 ? 'band shaded' : 'band', ...box });
  return kind === 'file'
    ? ground + element('rect', { fill: 'url(#picture-file)', ...box })
    : ground;
}

function markLine({ x }: Mark, { plot }: Picture): string {
  return element('line', { class: 'mark-line', x1: x, y1: plot.top - 16, x2: x, y2: plot.bottom });
}

/** Band names above, names of moments below; it covers what is scrolled under it. */
function axisOf({ width, plot, bands, marks }: Picture): string[] {
  const top = plot.top - sizes.axis;
  const lowest = { rim: plot.top - 0.5, name: plot.top - 7 };
  const last = marks.at(-1);
  return [
    element('rect', { class: 'paper', y: top, width, height: sizes.axis }),
    ...bands.map(({ x, width: own, label }) =>
      element(
        'text',
        { class: 'band-label', x: x + own / 2, y: top + 15, 'text-anchor': 'middle' },
        escapeXml(label),
      ),
    ),
    ...bands.map(({ x, width: own }) =>
      element('path', {
        class: 'rim',
        fill: 'none',
        d: path`M${x + 2} ${top + 25}v-4H${x + own - 2}v4`,
      }),
    ),
    ...marks.map((mark) => {
      const right = mark.kind === 'last-put' && mark === last;
      const at = right ? Math.min(mark.x + 5, width - mark.label.length * 6 - 2) : mark.x - 5;
      return element(
        'text',
        { class: 'mark-label', x: at, y: lowest.name, 'text-anchor': right ? 'start' : 'end' },
        escapeXml(mark.label),
      );
    }),
    ...marks.map(({ x }) =>
      element('line', { class: 'mark-line', x1: x, y1: top + 28, x2: x, y2: plot.top }),
    ),
    element('line', {
      class: 'rim',
      x1: sizes.margin,
      y1: lowest.rim,
      x2: plot.x + plot.width,
      y2: lowest.rim,
    }),
  ];
}

/** From the end of a resource to the row that goes on using it. */
function linksOf(rows: readonly Row[]): string[] {
  const heights = new Map(rows.map((row) => [row.id, row.y]));
  return rows.flatMap((row) =>
    row.notes.flatMap(({ overrun, severity }) => {
      const from = overrun?.resource ? heights.get(overrun.resource) : undefined;
      if (overrun === null || from === undefined || from === row.y) return [];
      const line = element('line', {
        class: isSerious(severity) ? 'link' : 'link perhaps',
        x1: overrun.from,
        y1: from,
        x2: overrun.from,
        y2: row.y,
      });
      const name = isSerious(severity) ? 'link-end' : 'link-end perhaps';
      return [line + element('circle', { class: name, cx: overrun.from, cy: from, r: 2.5 })];
    }),
  );
}

function legendElement({ kind, label, x, y }: LegendItem): string {
  const text = element('text', { x: x + 28, y: y + 4 }, escapeXml(label));
  return signOf(kind, x, y) + text;
}

function signOf(kind: LegendItem['kind'], x: number, y: number): string {
  const bar = { from: x, to: x + 22, open: false, conditional: kind === 'conditional' };
  switch (kind) {
    case 'past':
      return overrunElement({ from: x, to: x + 16, resource: null }, y);
    case 'perhaps':
      return overrunElement({ from: x, to: x + 16, resource: null }, y, 'hint');
    case 'mark':
      return signElement('info', x + 14, y);
    case 'repeats':
      return element('text', { x: x + 4, y: y + 4 }, '×N');
    case 'open':
      return barElement({ ...bar, look: 'manual', to: x + 16, open: true }, y, 9);
    case 'conditional':
      return barElement({ ...bar, look: 'devm' }, y, 9);
    default:
      return barElement({ ...bar, look: kind }, y, 9);
  }
}
