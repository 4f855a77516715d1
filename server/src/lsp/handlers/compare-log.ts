/** driverTeardown/compareLog: a kernel's log beside the predicted order, as `order --log` has it. */
import type { CancellationToken } from 'vscode-languageserver/node';
import type { Place } from '../../core/result.ts';
import { isStressLog, type StressReport, stressReport } from '../../core/stress/report.ts';
import { parseTeardownLog } from '../../core/teardown/log.ts';
import {
  compareLog as compare,
  type LogComparison,
  type Trouble,
} from '../../core/teardown/log-compare.ts';
import { logNamesOf } from '../../core/teardown/log-names.ts';
import { nameAlone } from '../../core/teardown/rows.ts';
import { protoContext, type ServerContext, throwIfCancelled } from '../context.ts';
import type {
  ComparedLog,
  ComparedStress,
  CompareLogParams,
  CompareLogResult,
  LogTrouble,
  OrderLocation,
} from '../protocol.ts';
import { toRange } from '../to-proto.ts';

const titles = {
  unbind: 'unbind',
  'unplug-open': 'unplug with an open file',
  'probe-fail': 'probe fails',
} as const;

type Locate = (place: Place) => OrderLocation;

export async function compareLog(
  server: ServerContext,
  { uri, text }: CompareLogParams,
  token: CancellationToken,
): Promise<CompareLogResult | null> {
  const snapshot = await server.session.analyse(uri, () => token.isCancellationRequested);
  throwIfCancelled(token);
  if (snapshot === undefined) return null;
  const { project } = snapshot.open.handle;
  const { uriOf } = protoContext(server, project, snapshot.analyses);
  const locate: Locate = (place) => ({ uri: uriOf(place.file), range: toRange(place) });
  const log = parseTeardownLog(text);
  const names = logNamesOf(project.catalog);
  if (isStressLog(log, project.catalog)) {
    const named = log.marks.find(({ kind }) => kind === 'stress')?.name;
    const { analyses } = snapshot;
    const [first] = analyses;
    const meant =
      named === undefined ? first : analyses.find(({ module }) => module.name === named);
    if (!first) return null;
    if (!meant) {
      const problem = `the log is of a stress kit for ${named}, not ${first.module.name}`;
      return { comparison: null, stress: null, problem };
    }
    const { analysis, findings } = meant;
    const input = { pass: analysis.pass, order: analysis.order(), findings };
    const stress = comparedStress(stressReport(log, input, names), locate);
    return { comparison: null, stress, problem: null };
  }
  const orders = snapshot.analyses.map(({ analysis }) => analysis.order());
  const result = compare(log, orders, names);
  if ('problem' in result) return { comparison: null, stress: null, problem: result.problem };
  return { comparison: comparedLog(result.comparison, locate), stress: null, problem: null };
}

function logTrouble({ text, line, step, stacks }: Trouble): LogTrouble {
  return { text, line, step, stack: stacks.at.length > 0 ? stacks.at : stacks.others };
}

function comparedLog(comparison: LogComparison, locate: Locate): ComparedLog {
  const { entry, module, timeline, after, device, lines, counts, notes, troubles } = comparison;
  return {
    module,
    entry,
    timeline,
    title: after === null ? titles[timeline] : `${titles[timeline]} after ${after}`,
    device,
    lines,
    counts,
    notes,
    troubles: troubles.map(logTrouble),
    steps: comparison.steps.map(({ state, step, logged }) => ({
      state,
      name: step ? nameAlone(step) : (logged?.name ?? ''),
      phase: step?.phase ?? null,
      line: logged?.line ?? null,
      location: step && locate(step.registered.place),
    })),
  };
}

function comparedStress(
  { module, hazards, unpredicted, scenarios }: StressReport,
  locate: Locate,
): ComparedStress {
  const shown = (fingerprint: string) =>
    scenarios.flatMap(({ troubles }) =>
      troubles.filter(({ findings }) => findings.includes(fingerprint)).map(logTrouble),
    );
  return {
    module,
    hazards: hazards.map(({ finding, state, scenarios: names }) => ({
      state,
      fingerprint: finding.fingerprint,
      rule: finding.rule,
      severity: finding.severity,
      message: finding.message,
      location: locate(finding.place),
      scenarios: names,
      troubles: shown(finding.fingerprint),
    })),
    unpredicted: unpredicted.map(({ trouble, ...rest }) => ({
      ...rest,
      trouble: logTrouble(trouble),
    })),
    scenarios: scenarios.map(({ name, state, reason, problem, comparison, troubles }) => ({
      name,
      state,
      problem: reason ?? problem,
      comparison: comparison && comparedLog(comparison, locate),
      troubles: troubles.map(logTrouble),
    })),
  };
}
