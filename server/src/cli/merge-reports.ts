/**
 * Puts the reports of shards together: what one run over all modules would have written. Only `stats`
 * are sums, since no run has measured the whole.
 */
import { UsageError } from './io.ts';

type Json = Readonly<Record<string, unknown>>;

/** The part of all modules that a report is about. */
interface Shard {
  readonly index: number;
  readonly of: number;
}

interface JsonFinding {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly rule: string;
  readonly severity: string;
  readonly fingerprint: string;
  readonly message: string;
}

interface JsonReport {
  readonly shard?: Shard;
  readonly findings: readonly JsonFinding[];
  readonly modules: readonly unknown[];
  readonly stats: Readonly<Record<string, number>>;
  readonly problems: readonly { readonly file: string; readonly message: string }[];
}

interface SarifPlace {
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string };
    readonly region?: { readonly startLine: number; readonly startColumn: number };
  };
}

interface SarifResult {
  readonly ruleId: string;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly SarifPlace[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
}

interface SarifNotification {
  readonly message: { readonly text: string };
  readonly locations: readonly SarifPlace[];
}

interface SarifRun {
  readonly invocations: readonly {
    readonly toolExecutionNotifications: readonly SarifNotification[];
  }[];
  readonly results: readonly SarifResult[];
  readonly properties?: { readonly shard?: Shard };
}

export interface Merged {
  readonly text: string;
  /** How severe each finding is, in the words of its format. */
  readonly severities: readonly string[];
}

/** @param reports each with the name of its file */
export function mergeReports(
  reports: readonly (readonly [name: string, value: unknown])[],
): Merged {
  const kinds = new Set(reports.map(([name, value]) => kindOf(name, value)));
  if (kinds.size > 1) throw new UsageError('JSON and SARIF cannot be merged with each other');
  const values = reports.map(([, value]) => value as Json);
  return kinds.has('json')
    ? mergedJson(values as unknown as readonly JsonReport[])
    : mergedSarif(values as unknown as readonly { readonly runs: readonly SarifRun[] }[]);
}

function kindOf(name: string, value: unknown): 'json' | 'sarif' {
  const report = value as { readonly runs?: unknown; readonly findings?: unknown } | null;
  if (Array.isArray(report?.findings)) return 'json';
  if (Array.isArray(report?.runs) && report.runs.length === 1) return 'sarif';
  throw new UsageError(`${name}: no report of driver-teardown check in JSON or SARIF`);
}

/** In the order of their parts, which have to be all of them. */
function inOrder<T>(
  reports: readonly T[],
  shardOf: (report: T) => Shard | undefined,
): readonly T[] {
  const sorted = [...reports].sort((a, b) => (shardOf(a)?.index ?? 0) - (shardOf(b)?.index ?? 0));
  const complete = sorted.every((one, i) => {
    const shard = shardOf(one);
    return shard?.index === i + 1 && shard.of === sorted.length;
  });
  if (!complete)
    throw new UsageError('merge needs each part of one check --shard I/N, from 1/N to N/N, once');
  return sorted;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function unique<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}

/** What every N-th was taken from, put back. */
function interleaved<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, i) =>
    lists.flatMap((list) => list.slice(i, i + 1)),
  ).flat();
}

function mergedJson(reports: readonly JsonReport[]): Merged {
  const sorted = inOrder(reports, ({ shard }) => shard);
  const findings = unique(
    sorted.flatMap((report) => report.findings),
    (f) => [f.file, f.line, f.column, f.rule, f.fingerprint].join('\0'),
  ).sort(
    (a, b) =>
      compareText(a.file, b.file) ||
      a.line - b.line ||
      a.column - b.column ||
      compareText(a.rule, b.rule) ||
      compareText(a.fingerprint, b.fingerprint) ||
      compareText(a.message, b.message),
  );
  const problems = unique(
    sorted.flatMap((report) => report.problems),
    ({ file, message }) => `${file}\0${message}`,
  ).sort((a, b) => compareText(a.file, b.file) || compareText(a.message, b.message));
  const stats = Object.fromEntries(
    Object.keys(sorted[0]?.stats ?? {}).map((key) => [
      key,
      sorted.reduce((sum, report) => sum + (report.stats[key] ?? 0), 0),
    ]),
  );
  const { shard: _, ...first } = sorted[0] as JsonReport;
  const modules = interleaved(sorted.map((report) => report.modules));
  return {
    text: `${JSON.stringify({ ...first, findings, modules, stats, problems }, null, 2)}\n`,
    severities: findings.map(({ severity }) => severity),
  };
}

function fileOf(place: SarifPlace | undefined): string {
  return decodeURIComponent(place?.physicalLocation.artifactLocation.uri ?? '');
}

function mergedSarif(logs: readonly { readonly runs: readonly SarifRun[] }[]): Merged {
  const runOf = (log: { readonly runs: readonly SarifRun[] }): SarifRun => log.runs[0] as SarifRun;
  const sorted = inOrder(logs, (log) => runOf(log).properties?.shard);
  const regionOf = (one: SarifResult) => one.locations[0]?.physicalLocation.region;
  const keyOf = (one: SarifResult): string =>
    [
      fileOf(one.locations[0]),
      regionOf(one)?.startLine,
      regionOf(one)?.startColumn,
      one.ruleId,
      ...Object.values(one.partialFingerprints),
    ].join('\0');
  const results = unique(
    sorted.flatMap((log) => runOf(log).results),
    keyOf,
  ).sort(
    (a, b) =>
      compareText(fileOf(a.locations[0]), fileOf(b.locations[0])) ||
      (regionOf(a)?.startLine ?? 0) - (regionOf(b)?.startLine ?? 0) ||
      (regionOf(a)?.startColumn ?? 0) - (regionOf(b)?.startColumn ?? 0) ||
      compareText(a.ruleId, b.ruleId) ||
      compareText(keyOf(a), keyOf(b)) ||
      compareText(a.message.text, b.message.text),
  );
  const notifications = unique(
    sorted.flatMap((log) => runOf(log).invocations[0]?.toolExecutionNotifications ?? []),
    (one) => `${fileOf(one.locations[0])}\0${one.message.text}`,
  ).sort(
    (a, b) =>
      compareText(fileOf(a.locations[0]), fileOf(b.locations[0])) ||
      compareText(a.message.text, b.message.text),
  );
  const first = sorted[0] as { readonly runs: readonly SarifRun[] };
  const { properties: _, ...run } = runOf(first);
  const invocations = run.invocations.map((one) => ({
    ...one,
    toolExecutionNotifications: notifications,
  }));
  return {
    text: `${JSON.stringify({ ...first, runs: [{ ...run, invocations, results }] }, null, 2)}\n`,
    severities: results.map(({ level }) => (level === 'note' ? 'info' : level)),
  };
}
