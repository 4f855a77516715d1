/** docs/accuracy.md from the figures. The same figures give the same text. */
import type { FoundOne, Judged, Score, Severity } from './accuracy-score.ts';
import { passes } from './accuracy-score.ts';

const severities: readonly Severity[] = ['error', 'warning', 'info', 'hint'];

function share({ hits, of }: Score): string {
  return of === 0 ? '–' : `${hits} of ${of} (${((100 * hits) / of).toFixed(1)} %)`;
}

function bar({ atLeast }: Score): string {
  return atLeast === null ? '' : atLeast === 1 ? 'all' : `≥ ${Math.round(100 * atLeast)} %`;
}

function row(score: Score): string {
  return `| ${score.name} | ${share(score)} | ${bar(score)} | ${passes(score) ? '' : '**missed**'} |`;
}

/** Findings by rule and severity, one column pair for each tree. */
function ruleTable(findings: readonly FoundOne[], trees: readonly string[]): string[] {
  const rules = [...new Set(findings.map((one) => one.rule))].sort();
  const count = (rule: string, tree: string) =>
    severities
      .map(
        (severity) =>
          findings.filter(
            (one) => one.rule === rule && one.tree === tree && one.severity === severity,
          ).length,
      )
      .join(' / ');
  return [
    `| rule | ${trees.map((tree) => `${tree}: error / warning / info / hint`).join(' | ')} |`,
    `|---|${trees.map(() => '---|').join('')}`,
    ...rules.map((rule) => `| ${rule} | ${trees.map((tree) => count(rule, tree)).join(' | ')} |`),
  ];
}

export function reportText(
  scores: readonly Score[],
  judged: readonly Judged[],
  findings: readonly FoundOne[],
  trees: readonly string[],
): string {
  const missed = [...scores, ...judged.map((one) => one.score)].filter(
    (score) => score.missed.length > 0,
  );
  const open = judged.flatMap((one) => one.open);
  return [
    '# Accuracy',
    '',
    'Written by `npm run accuracy`, which analyses three kernel trees and compares what it finds with `test/truth/`',
    '(what that is, and when a row counts, stands in its README).',
    '',
    '## Against upstream and the inventories',
    '',
    '| what | figure | bar | |',
    '|---|---|---|---|',
    ...scores.map(row),
    '',
    '## Read by hand: drivers/gpu/drm and drivers/accel',
    '',
    '| what | true of those judged | bar | | findings | unsure | not judged |',
    '|---|---|---|---|---|---|---|',
    ...judged.map(
      (one) => `${row(one.score)} ${one.findings} | ${one.unsure} | ${one.open.length} |`,
    ),
    '',
    'The run fails when a bar is missed, or when a finding of severity error has no verdict.',
    '',
    '## Findings by rule',
    '',
    ...ruleTable(findings, trees),
    '',
    ...(missed.length === 0 && open.length === 0 ? [] : ['## What is missed', '']),
    ...missed.flatMap((score) => [
      `${score.name}:`,
      '',
      ...score.missed.map((name) => `- ${name}`),
      '',
    ]),
    ...(open.length === 0
      ? []
      : ['Without a verdict:', '', ...open.map((name) => `- ${name}`), '']),
  ].join('\n');
}
