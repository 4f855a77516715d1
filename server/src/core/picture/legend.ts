/** What the signs of the picture mean, under it; only those that it shows. */
import type { Say } from '../say.ts';
import type { LegendItem, Row } from './picture.ts';
import { isSerious } from './svg-signs.ts';

const swatch = 30;
const gap = 18;
const character = 6.1;
const line = 20;

/** The height that items laid out from `y` on take. */
export interface Legend {
  readonly items: readonly LegendItem[];
  readonly bottom: number;
}

function labelsIn(say: Say): readonly (readonly [LegendItem['kind'], string])[] {
  return [
    ['devm', say('devm: until unbind')],
    ['drmm', say('drmm: until the last drm_dev_put()')],
    ['manual', say('given back by hand')],
    ['runner', say('runs by itself')],
    ['open', say('no release seen')],
    ['conditional', say('under a condition')],
    ['repeats', say('in a loop')],
    ['past', say('used past the end of what it needs')],
    ['perhaps', say('perhaps used past that')],
    ['mark', say('another finding')],
  ];
}

/**
 * @param left where the items begin, `right` where a line of them ends
 * @param top where the first line begins
 */
export function legendOf(
  rows: readonly Row[],
  left: number,
  right: number,
  top: number,
  say: Say,
): Legend {
  const shown = kindsOf(rows);
  let x = left;
  let y = top + line / 2;
  const items: LegendItem[] = [];
  for (const [kind, label] of labelsIn(say)) {
    if (!shown.has(kind)) continue;
    const width = swatch + label.length * character;
    if (x + width > right && x > left) {
      x = left;
      y += line;
    }
    items.push({ kind, label, x, y });
    x = Math.round(x + width + gap);
  }
  return { items, bottom: y + line / 2 };
}

function kindsOf(rows: readonly Row[]): ReadonlySet<LegendItem['kind']> {
  const kinds = new Set<LegendItem['kind']>();
  for (const row of rows) {
    for (const bar of row.type === 'group' ? row.bars : [row.bar]) {
      if (bar !== null) kinds.add(bar.open ? 'open' : bar.look);
      if (bar?.conditional) kinds.add('conditional');
    }
    if (row.type === 'step' && row.repeats) kinds.add('repeats');
    for (const { overrun, severity } of row.notes)
      kinds.add(overrun === null ? 'mark' : isSerious(severity) ? 'past' : 'perhaps');
  }
  return kinds;
}
