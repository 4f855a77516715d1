/** How to see a finding on a running kernel, and what would not show it: a card of catalogue entries. */
import type { Catalog, Reproducer } from '../catalog.ts';
import type { StressScenario } from '../catalog-entries.ts';
import type { Finding } from '../result.ts';

export interface ReproducerCard {
  /** IGT subtests. */
  readonly tests: readonly Reproducer[];
  /** Shell commands, with the module's bus filled in. */
  readonly commands: readonly Reproducer[];
  /** Kernel options that make it loud. */
  readonly options: readonly Reproducer[];
  /** What misses it although one might expect otherwise. */
  readonly blind: readonly Reproducer[];
}

const anyBus = 'BUS';

function fits(entry: Reproducer, finding: Finding, buses: ReadonlySet<string>): boolean {
  if (!entry.timelines.some((timeline) => finding.timelines.includes(timeline))) return false;
  if (entry.buses !== undefined && !entry.buses.some((bus) => buses.has(bus))) return false;
  if (entry.rules !== undefined && !entry.rules.includes(finding.rule)) return false;
  const { file } = finding.place;
  if (entry.folders !== undefined && !entry.folders.some((one) => file.startsWith(`${one}/`)))
    return false;
  // What misses one timeline may show another that the finding is on too.
  return entry.kind !== 'blind' || finding.timelines.every((one) => entry.timelines.includes(one));
}

/** One entry for each bus that the module has drivers on. */
function onBuses(entry: Reproducer, buses: ReadonlySet<string>): Reproducer[] {
  if (!entry.name.includes(`/${anyBus}/`)) return [entry];
  const real = [...buses].filter((bus) => bus !== 'component').sort();
  if (real.length === 0) return [entry];
  return real.map((bus) => ({
    ...entry,
    name: entry.name.replaceAll(`/${anyBus}/`, `/${bus}/`),
  }));
}

/**
 * The card of a finding.
 * @param buses the buses that its module has drivers on: `pci`, `platform`, …
 */
export function reproducerOf(
  finding: Finding,
  buses: ReadonlySet<string>,
  catalog: Catalog,
): ReproducerCard {
  const entries = catalog.data.reproducers.filter((entry) => fits(entry, finding, buses));
  const of = (kind: Reproducer['kind']): Reproducer[] =>
    entries.filter((entry) => entry.kind === kind).flatMap((entry) => onBuses(entry, buses));
  return { tests: of('igt'), commands: of('command'), options: of('option'), blind: of('blind') };
}

/** Whether there is nothing to say: a finding without a timeline cannot be run. */
export function isEmptyCard(card: ReproducerCard): boolean {
  return card.tests.length + card.commands.length + card.options.length === 0;
}

/** The card as Markdown, without a heading. */
export function cardMarkdown(card: ReproducerCard): string {
  const list = (title: string, entries: readonly Reproducer[]): string[] =>
    entries.length === 0
      ? []
      : [`${title}:`, '', ...entries.map(({ name, what }) => `- \`${name}\`: ${what}`), ''];
  return [
    ...list('IGT', card.tests),
    ...list('By hand', card.commands),
    ...list('Kernel options that show it', card.options),
    ...list('Would not show it', card.blind),
  ].join('\n');
}

/**
 * How a stress kit shows a finding, as Markdown without a heading.
 * @param folder of the driver, as it is typed
 */
export function stressMarkdown(scenarios: readonly StressScenario[], folder: string): string[] {
  if (scenarios.length === 0) return [];
  const names = scenarios.map(({ name }) => name).join(',');
  return [
    'With a stress kit, on a test machine:',
    '',
    `- \`driver-teardown stress ${folder} -o DIR\`, and there \`sh stress.sh --break-this-machine --only ${names}\``,
    ...scenarios.map(({ name, what }) => `- \`${name}\` ${what}`),
    '',
  ];
}
