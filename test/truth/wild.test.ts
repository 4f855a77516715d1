/**
 * The modules in `wild`: what their buggy side must be told, and that their fixed side is told nothing of.
 * Those in `quiet`: nothing at all.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding, Severity, Timeline } from '../../server/src/core/result.ts';
import { type Engine, loadEngine } from '../support/engine.ts';

/** A finding that has to be there. */
interface Row {
  /** Functions that it, or its chain, stands in. */
  readonly mentions: readonly string[];
  readonly timelines: readonly Timeline[];
  readonly minSeverity: Severity;
}

interface Expected {
  readonly bug: readonly Row[];
  /** A step that the order of unbind has. */
  readonly order?: { readonly phase: string; readonly actionMentions: string };
}

const folder = join(import.meta.dirname, 'wild');
const quiet = join(import.meta.dirname, 'quiet');
const severities: readonly Severity[] = ['error', 'warning', 'info', 'hint'];
const rank = (severity: Severity) => severities.indexOf(severity);

function textsIn(path: string): Map<string, string> {
  return new Map(readdirSync(path).map((name) => [name, readFileSync(join(path, name), 'utf8')]));
}

function answers(finding: Finding, { mentions, timelines, minSeverity }: Row): boolean {
  const named = [finding.function, ...finding.chain.map((link) => link.function)];
  return (
    rank(finding.severity) <= rank(minSeverity) &&
    mentions.every((name) => named.includes(name)) &&
    timelines.every((one) => finding.timelines.includes(one))
  );
}

function told({ rule, severity, place }: Finding): string {
  return `${place.file}:${place.from.line + 1} ${severity}: ${rule}`;
}

describe('modules that look wrong and are right', () => {
  let engine: Engine;
  before(async () => {
    engine = await loadEngine('6.12');
  });

  for (const name of readdirSync(quiet).sort())
    it(`nothing is told of ${name}`, () => {
      const { findings } = engine.analyze(textsIn(join(quiet, name))).report;
      assert.deepEqual(findings.map(told), []);
    });
});

describe('modules after public bug reports', () => {
  let engine: Engine;
  before(async () => {
    engine = await loadEngine('6.12');
  });

  for (const name of readdirSync(folder).sort()) {
    const expected = JSON.parse(
      readFileSync(join(folder, name, 'expected.json'), 'utf8'),
    ) as Expected;
    describe(name, () => {
      it('the bug is told', () => {
        const { report, order } = engine.analyze(textsIn(join(folder, name, 'bug')));
        for (const row of expected.bug)
          assert.ok(
            report.findings.some((finding) => answers(finding, row)),
            `${JSON.stringify(row)} is not among ${report.findings.map(told).join(', ')}`,
          );
        if (!expected.order) return;
        const { phase, actionMentions } = expected.order;
        const steps = order().entries.flatMap(({ timelines }) => timelines.unbind);
        assert.ok(
          steps.some((step) => step.phase === phase && step.action.includes(actionMentions)),
        );
      });

      it('nothing of warning or error is told of the fixed one', () => {
        const { findings } = engine.analyze(textsIn(join(folder, name, 'fixed'))).report;
        assert.deepEqual(
          findings.filter(({ severity }) => rank(severity) <= rank('warning')).map(told),
          [],
        );
      });
    });
  }
});
