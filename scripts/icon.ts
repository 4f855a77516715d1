/**
 * Draws client/resources/icon.png, which the galleries show: what the icon of the view shows, in colours.
 * `--check` only says whether it is up to date.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { box, type Colour, line, Picture, pixelsOf } from './lib/raster.ts';

const file = join(import.meta.dirname, '../client/resources/icon.png');
const [ground, devm, drmm, late]: readonly Colour[] = [
  [30, 34, 42],
  [79, 163, 255],
  [214, 137, 214],
  [240, 96, 88],
] as const;

/** On a field of 24 by 24, as client/resources/teardown.svg. */
function icon(): Buffer {
  const picture = new Picture(256);
  const paint = (shape: Parameters<Picture['paint']>[0], colour: Colour | undefined): void =>
    picture.paint(shape, colour ?? [0, 0, 0], 24);
  paint(box(0, 0, 24, 24, 5), ground);
  paint(box(4, 5, 9.5, 3.6, 1.1), devm);
  paint(box(4, 10.4, 9.5, 3.6, 1.1), drmm);
  // What ends too late is there in pieces only.
  for (const left of [4, 7.45, 10.9]) paint(box(left, 15.8, 2.6, 3.6, 0.9), late);
  paint(line(18.3, 5.3, 18.3, 18.6, 1.7), [236, 238, 242]);
  paint(line(15.8, 16.2, 18.3, 18.7, 1.7), [236, 238, 242]);
  paint(line(20.8, 16.2, 18.3, 18.7, 1.7), [236, 238, 242]);
  return picture.png();
}

const made = icon();
const current = existsSync(file) && pixelsOf(readFileSync(file)).equals(pixelsOf(made));
if (process.argv.includes('--check')) {
  if (!current) {
    console.error('client/resources/icon.png is out of date: npm run icon');
    process.exitCode = 1;
  }
} else if (!current) writeFileSync(file, made);
