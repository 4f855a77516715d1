/** The recordings of real drivers that test/kernel/drivers has, and what is predicted for each. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileOf, orderName } from '../../scripts/kernel-drivers/convert.ts';
import type { GoldenOrder } from '../../scripts/kernel-drivers/golden.ts';

export interface Subject {
  readonly name: string;
  /** A file of the module, below drivers/gpu/drm. */
  readonly source: string;
  readonly scenarios: readonly string[];
}

export interface Recording {
  readonly name: string;
  readonly source: string;
  readonly scenario: string;
  readonly path: string;
}

export const folder = join(import.meta.dirname, 'drivers');

export const { subjects } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../scripts/kernel-drivers/subjects.json'), 'utf8'),
) as { readonly subjects: readonly Subject[] };

export const recorded: readonly Recording[] = subjects.flatMap(({ name, source, scenarios }) =>
  scenarios
    .map((scenario) => ({ name, source, scenario, path: join(folder, name, fileOf(scenario)) }))
    .filter(({ path }) => existsSync(path)),
);

export function goldenAt(source: string): GoldenOrder {
  return JSON.parse(
    readFileSync(join(folder, 'orders', `${orderName(source)}.json`), 'utf8'),
  ) as GoldenOrder;
}
