/** driverTeardown/compareLog: a kernel's log beside the predicted order, as `order --log` has it. */
import type { CancellationToken } from 'vscode-languageserver/node';
import { compareWithLog } from '../../core/teardown/log-compare.ts';
import { logNamesOf } from '../../core/teardown/log-names.ts';
import { nameAlone } from '../../core/teardown/rows.ts';
import { protoContext, type ServerContext, throwIfCancelled } from '../context.ts';
import type { ComparedLog, CompareLogParams, CompareLogResult } from '../protocol.ts';
import { toRange } from '../to-proto.ts';

const titles = {
  unbind: 'unbind',
  'unplug-open': 'unplug with an open file',
  'probe-fail': 'probe fails',
} as const;

export async function compareLog(
  server: ServerContext,
  { uri, text }: CompareLogParams,
  token: CancellationToken,
): Promise<CompareLogResult | null> {
  const snapshot = await server.session.analyse(uri, () => token.isCancellationRequested);
  throwIfCancelled(token);
  if (snapshot === undefined) return null;
  const { project } = snapshot.open.handle;
  const orders = snapshot.analyses.map(({ analysis }) => analysis.order());
  const result = compareWithLog(text, orders, logNamesOf(project.catalog));
  if ('problem' in result) return { comparison: null, problem: result.problem };
  const { comparison } = result;
  const { uriOf } = protoContext(server, project, snapshot.analyses);
  const { entry, module, timeline, after, device, lines, counts, notes } = comparison;
  const compared: ComparedLog = {
    module,
    entry,
    timeline,
    title: after === null ? titles[timeline] : `${titles[timeline]} after ${after}`,
    device,
    lines,
    counts,
    notes,
    steps: comparison.steps.map(({ state, step, logged }) => ({
      state,
      name: step ? nameAlone(step) : (logged?.name ?? ''),
      phase: step?.phase ?? null,
      line: logged?.line ?? null,
      location: step && {
        uri: uriOf(step.registered.place.file),
        range: toRange(step.registered.place),
      },
    })),
  };
  return { comparison: compared, problem: null };
}
