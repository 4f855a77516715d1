/** Every fix that is offered over some modules, tried alone, with a name that a verdict can be kept by. */
import { createHash } from 'node:crypto';
import type { WhatIf } from '../../server/src/core/fixes/fix-effect.ts';
import type { KernelModule } from '../../server/src/core/program/kbuild.ts';
import type { Finding, Fix } from '../../server/src/core/result.ts';
import type { Project } from '../../server/src/host/project.ts';
import { attempt, textsAfter } from '../../server/src/host/what-if.ts';
import { wrongWithDiff } from './git-apply.ts';
import { applied, bytesOf, offersOf } from './offers.ts';

/** A fix with edits as it is offered, after the trial. */
export interface JudgedOffer {
  readonly finding: Finding;
  readonly fix: Fix;
  readonly diff: string;
  /** Names what the fix changes, wherever in the file that stands. */
  readonly edit: string;
  /** What is wrong with it by the model's own word. */
  readonly complaints: readonly string[];
  /** The changed files, for a compiler. */
  readonly texts: ReadonlyMap<string, Buffer>;
}

/** The changed lines of a diff, as a name: line numbers and what stands around them do not count. */
export function editName(diff: string): string {
  const lines = diff.split('\n').filter((line) => /^[+-]/.test(line));
  return createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 12);
}

/** @param say hears how far it is */
export async function judgedOffers(
  project: Project,
  modules: readonly KernelModule[],
  say: (line: string) => void,
): Promise<readonly JudgedOffer[]> {
  const out = new Map<string, JudgedOffer>();
  const add = (finding: Finding, fix: Fix, whatIf: WhatIf | undefined) => {
    if (fix.edits.length === 0) return;
    const result = applied(project, textsAfter(project, fix.edits) ?? new Map());
    const complaints: string[] = [];
    if (whatIf === undefined || result.files.length === 0) complaints.push('its edits do not fit');
    // A chain may only be there for what its first fix breaks.
    else if (!whatIf.removes.some((one) => one.rule === finding.rule))
      complaints.push('the finding is still there after the fix');
    const git = wrongWithDiff(result);
    if (git !== undefined) complaints.push(git);
    const diff = result.diff.toString('utf8');
    const edit = editName(diff);
    // A file that two modules build is one file.
    out.set(`${finding.fingerprint} ${fix.id} ${edit}`, {
      finding,
      fix,
      diff,
      edit,
      texts: bytesOf(result),
      complaints,
    });
  };
  for await (const base of project.analyseAll(modules)) {
    for (const { finding, fix: offered } of offersOf(base)) {
      if (offered.edits.length === 0) continue;
      const { fix, whatIf, chained } = await attempt(project, base, finding, offered);
      add(finding, fix, whatIf);
      if (chained) add(finding, chained.fix, chained.whatIf);
    }
    if (base.findings.length > 0) say(`${base.module.folder} ${base.module.name}`);
  }
  return [...out.values()].sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
}

function placeOf({ finding, fix, edit }: JudgedOffer): string {
  const { file, from } = finding.place;
  return `${file} ${String(from.line).padStart(6, '0')} ${fix.id} ${edit}`;
}
