/** driverTeardown/whatIf: the teardown order before and after a fix, without applying it. */
import type { CancellationToken } from 'vscode-languageserver/node';
import { noticeAlone } from '../../core/fixes/judge.ts';
import type { Finding } from '../../core/result.ts';
import type { ModuleAnalysis } from '../../host/project.ts';
import { tryFix } from '../../host/what-if.ts';
import { protoContext, type ServerContext, throwIfCancelled } from '../context.ts';
import type { WhatIfParams, WhatIfResult } from '../protocol.ts';
import { changesOf } from '../to-changes.ts';
import { toOrder } from '../to-order.ts';
import { toRange } from '../to-proto.ts';

export async function whatIf(
  server: ServerContext,
  { uri, fingerprint, fix: id }: WhatIfParams,
  token: CancellationToken,
): Promise<WhatIfResult | null> {
  const snapshot = await server.session.analyse(uri, () => token.isCancellationRequested);
  throwIfCancelled(token);
  if (snapshot === undefined) return null;
  const { project } = snapshot.open.handle;
  for (const module of snapshot.analyses) {
    const finding = module.findings.find((one) => one.fingerprint === fingerprint);
    const fixes = finding ? await server.trials.of(project, module, finding) : [];
    const fix = fixes.find((one) => one.fix.id === id)?.fix;
    const trial = fix && (await tryFix(project, module, fix));
    throwIfCancelled(token);
    if (fix === undefined || trial === undefined) continue;
    const context = protoContext(server, project, snapshot.analyses);
    const order = ({ analysis, findings }: ModuleAnalysis) =>
      toOrder(analysis.order(), findings, context);
    const said = (findings: readonly Finding[]) =>
      findings.map(({ severity, rule, message, place }) => ({
        severity,
        rule,
        message,
        location: { uri: context.uriOf(place.file), range: toRange(place) },
      }));
    const after = trial.after.module;
    return {
      title: fix.title,
      removes: said(trial.whatIf.removes),
      creates: said(trial.whatIf.creates),
      before: order(module),
      after: order(after),
      changes: changesOf(module.analysis.order(), after.analysis.order(), context),
      notice: noticeAlone(fix),
    };
  }
  return null;
}
