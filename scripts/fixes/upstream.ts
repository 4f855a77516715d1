/** Our fixes beside what upstream did: the rows of test/truth/conversions.json. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildCatalog, type CatalogData } from '../../server/src/core/catalog.ts';
import { type CParser, factsOf } from '../../server/src/core/facts/parse.ts';
import type { Finding, Fix } from '../../server/src/core/result.ts';
import { catalogFiles, findAssets } from '../../server/src/host/assets.ts';
import { emptyConfiguration } from '../../server/src/host/configuration.ts';
import { openProject } from '../../server/src/host/open.ts';
import type { Project } from '../../server/src/host/project.ts';
import { rootOf } from '../../server/src/host/root.ts';
import { loadRuntime } from '../../server/src/host/runtime.ts';
import { textsAfter } from '../../server/src/host/what-if.ts';
import { type Conversion, liesIn } from '../lib/accuracy-score.ts';
import { agrees, type Comparison, compareChanges } from './tokens.ts';

const root = join(import.meta.dirname, '..', '..');

export type Outcome =
  | { readonly kind: 'same' | 'other'; readonly fix: Fix; readonly comparison: Comparison }
  /** The fix changes other functions than the row's. */
  | { readonly kind: 'elsewhere'; readonly fix: Fix }
  | { readonly kind: 'by-hand'; readonly reason: string }
  | { readonly kind: 'not-found' };

export interface ComparedRow {
  readonly row: Conversion;
  readonly rule: string;
  readonly outcome: Outcome;
}

function treeOf(version: string): string {
  const script = join(root, 'scripts/fetch-kernel.sh');
  const { status, stdout, stderr } = spawnSync(script, [version], { encoding: 'utf8' });
  if (status === 0) return stdout.trim();
  throw new Error(`no kernel ${version}: ${stderr.trim().split('\n').pop() ?? ''}`);
}

async function newParser(): Promise<CParser> {
  const assets = findAssets(import.meta.dirname);
  const parts = catalogFiles(assets).map(
    (file) => JSON.parse(readFileSync(file, 'utf8')) as Partial<CatalogData>,
  );
  return (await loadRuntime(assets)).newCParser(buildCatalog(parts).data.macros);
}

/** The text of a function, undefined when the file has none of that name. */
function functionText(parser: CParser, text: string, name: string): string | undefined {
  const found = factsOf(parser, text).functions.find((one) => one.facts.name === name);
  return found === undefined ? undefined : text.slice(found.start, found.end);
}

function compareFix(project: Project, parser: CParser, row: Conversion, fix: Fix): Outcome {
  const { before, after } = row;
  const present = project.read(before.file);
  const texts = textsAfter(project, fix.edits);
  const fixed = texts?.get(before.file);
  if (present.kind !== 'text' || fixed === undefined) return { kind: 'elsewhere', fix };
  const upstream = readFileSync(join(treeOf(after.tree), after.file), 'utf8');
  const old = functionText(parser, present.text, before.function) ?? '';
  const ours = functionText(parser, fixed, before.function) ?? '';
  if (old === ours) return { kind: 'elsewhere', fix };
  const theirs = functionText(parser, upstream, after.function) ?? '';
  const comparison = compareChanges(old, ours, theirs);
  return { kind: agrees(comparison) ? 'same' : 'other', fix, comparison };
}

const ranks: readonly Outcome['kind'][] = ['same', 'other', 'elsewhere', 'by-hand', 'not-found'];

function better(a: Outcome, b: Outcome): Outcome {
  return ranks.indexOf(b.kind) < ranks.indexOf(a.kind) ? b : a;
}

/** The best that the fixes of one finding come to; the preferred one counts first. */
function compareFinding(
  project: Project,
  parser: CParser,
  row: Conversion,
  finding: Finding,
): Outcome {
  const offered = finding.fixes.filter((fix) => fix.edits.length > 0);
  const byHand = finding.fixes.find((fix) => fix.reason !== undefined)?.reason;
  const nothing: Outcome = { kind: 'by-hand', reason: byHand ?? 'no fix is offered' };
  const ordered = [...offered].sort((a, b) => Number(b.preferred) - Number(a.preferred));
  return ordered.map((fix) => compareFix(project, parser, row, fix)).reduce(better, nothing);
}

/** Compares every row whose function the rules find something in. */
export async function compareWithUpstream(): Promise<readonly ComparedRow[]> {
  const rows = JSON.parse(
    readFileSync(join(root, 'test/truth/conversions.json'), 'utf8'),
  ) as readonly Conversion[];
  const parser = await newParser();
  const compared = new Map<Conversion, ComparedRow>();
  for (const version of [...new Set(rows.map((row) => row.before.tree))].sort()) {
    const { project } = openProject({
      assets: findAssets(import.meta.dirname),
      root: rootOf(treeOf(version)),
      configuration: emptyConfiguration,
    });
    const own = rows.filter((row) => row.before.tree === version);
    for (const row of own) compared.set(row, await compareRow(project, parser, row));
  }
  return rows.flatMap((row) => compared.get(row) ?? []);
}

async function compareRow(
  project: Project,
  parser: CParser,
  row: Conversion,
): Promise<ComparedRow> {
  let best: ComparedRow = { row, rule: row.rules[0] ?? '', outcome: { kind: 'not-found' } };
  for (const module of project.modulesOf(row.before.file)) {
    const { findings } = await project.analyse(module);
    for (const finding of findings) {
      if (!row.rules.includes(finding.rule) || !isAt(finding, row)) continue;
      const outcome = compareFinding(project, parser, row, finding);
      if (better(best.outcome, outcome) === outcome) best = { row, rule: finding.rule, outcome };
    }
  }
  return best;
}

function isAt(finding: Finding, { before }: Conversion): boolean {
  const spot = (file: string, name: string) => ({ file, function: name });
  return liesIn(
    {
      ...spot(finding.place.file, finding.function),
      tree: before.tree,
      rule: finding.rule,
      severity: finding.severity,
      line: finding.place.from.line + 1,
      chain: finding.chain.map((link) => spot(link.place.file, link.function)),
    },
    before,
  );
}
