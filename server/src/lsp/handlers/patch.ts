/** driverTeardown/patch: a fix of a finding as a patch that can be mailed. */
import type { CancellationToken } from 'vscode-languageserver/node';
import { patchName } from '../../core/mail/subject.ts';
import { patchOf } from '../../host/patches.ts';
import { type ServerContext, throwIfCancelled } from '../context.ts';
import type { PatchResult, WhatIfParams } from '../protocol.ts';

/** @throws Error with the reason when the fix cannot be written as a patch */
export async function patch(
  server: ServerContext,
  { uri, fingerprint, fix: id }: WhatIfParams,
  token: CancellationToken,
): Promise<PatchResult | null> {
  const snapshot = await server.session.analyse(uri, () => token.isCancellationRequested);
  throwIfCancelled(token);
  const { project } = snapshot?.open.handle ?? {};
  for (const module of snapshot?.analyses ?? []) {
    const finding = module.findings.find((one) => one.fingerprint === fingerprint);
    const fixes = project && finding ? await server.trials.of(project, module, finding) : [];
    const fix = fixes.find((one) => one.fix.id === id)?.fix;
    if (project === undefined || finding === undefined || fix === undefined) continue;
    const git = await server.session.workspace.gitOf(project.root);
    const made = await patchOf(project, module, finding, fix, {
      git: typeof git === 'string' ? undefined : git,
      date: new Date(),
      version: server.assets.version,
    });
    if (typeof made === 'string') throw new Error(made);
    return {
      subject: made.subject,
      name: patchName(1, made.subject),
      content: made.bytes.toString('base64'),
      note:
        typeof git === 'string'
          ? `${git}: the subject follows the path, and there is no Fixes: tag`
          : null,
    };
  }
  return null;
}
