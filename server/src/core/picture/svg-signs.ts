/** The small shapes: bars, what is past its end, signs of findings. */
import type { Severity } from '../result.ts';
import type { Bar, Overrun } from './picture.ts';
import { element, path } from './xml.ts';

export function barElement(
  { look, from, to, open, conditional }: Bar,
  y: number,
  height: number,
): string {
  const names = ['bar', look, ...(conditional ? ['conditional'] : [])].join(' ');
  const width = Math.max(2, to - from);
  const fill = look === 'drmm' ? { fill: 'url(#picture-drmm)' } : {};
  const bar = element('rect', {
    class: names,
    ...fill,
    x: from,
    y: y - height / 2,
    width,
    height,
    rx: 1.5,
  });
  // Never given back: the end is an arrow.
  return open
    ? bar +
        element('path', {
          class: `bar ${look}`,
          d: path`M${to} ${y - height / 2}l6 ${height / 2}l-6 ${height / 2}z`,
        })
    : bar;
}

/** What is red: the rest may be nothing. */
export function isSerious(severity: Severity): boolean {
  return severity === 'error' || severity === 'warning';
}

/** Hatched and ended by a cross, and red where it is serious: three signs, so that colour is never the only one. */
export function overrunElement(
  { from, to }: Overrun,
  y: number,
  severity: Severity = 'error',
): string {
  const width = Math.max(1, to - from);
  const serious = isSerious(severity);
  const parts = [
    element('rect', {
      class: 'past',
      fill: serious ? 'url(#picture-past)' : 'url(#picture-perhaps)',
      x: from,
      y: y - 5.5,
      width,
      height: 11,
    }),
    element('circle', { class: 'use', cx: to, cy: y, r: 5.5 }),
    element('path', {
      class: 'cross',
      'stroke-width': 1.8,
      d: path`M${to - 2.5} ${y - 2.5}l5 5m0 -5l-5 5`,
    }),
  ];
  return element('g', { class: serious ? 'late' : 'late perhaps' }, ...parts);
}

/** A triangle for errors and warnings, a disc for the rest, each with its letter. */
export function signElement(severity: Severity, x: number, y: number): string {
  const serious = isSerious(severity);
  const shape = serious
    ? element('path', { class: 'sign', d: path`M${x} ${y - 6.5}l6.5 12h-13z` })
    : element('circle', { class: 'sign', cx: x, cy: y, r: 5.5 });
  const letter = serious
    ? path`M${x} ${y - 2}v3.6m0 1.2v1.2`
    : path`M${x} ${y - 1.2}v4.2m0 -6.4v1.3`;
  return element(
    'g',
    { class: severity },
    shape,
    element('path', { class: 'sign-text', 'stroke-width': 1.5, d: letter }),
  );
}
