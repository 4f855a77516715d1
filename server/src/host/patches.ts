/** A fix of a project as a patch that can be mailed. */
import { Buffer } from 'node:buffer';
import { type Author, mailOf } from '../core/mail/patch.ts';
import { quotedForGit } from '../core/mail/quote.ts';
import { reproducerOf } from '../core/mail/reproducer.ts';
import { prefixOf } from '../core/mail/subject.ts';
import type { Finding, Fix } from '../core/result.ts';
import type { Git } from './git.ts';
import type { ModuleAnalysis, Project } from './project.ts';
import { rewrite, unifiedDiff } from './rewrite.ts';

export interface PatchOptions {
  /** The repository, or undefined when there is none: prefix and tags then come from the path. */
  readonly git: Git | undefined;
  readonly date: Date;
  /** The program's version. */
  readonly version: string;
}

export interface MailablePatch {
  readonly subject: string;
  readonly bytes: Buffer;
}

/** To be replaced by whoever sends it. */
const nobody: Author = { name: 'Author Name', email: 'author@example.org' };

/** The line that brought the trouble in: the registration where the chain names one. */
function origin(finding: Finding): { readonly file: string; readonly line: number } {
  const link = finding.chain.find(({ role }) => role === 'registration');
  const { file, from } = link?.place ?? finding.place;
  return { file, line: from.line + 1 };
}

/**
 * @param base the module that the finding is of
 * @returns why there can be no patch, as a string
 */
export async function patchOf(
  project: Project,
  base: Pick<ModuleAnalysis, 'analysis'>,
  finding: Finding,
  fix: Fix,
  options: PatchOptions,
): Promise<MailablePatch | string> {
  if (fix.edits.length === 0) return fix.reason ?? 'the fix has no edits';
  const prefix = options.git?.prefix ?? '';
  const diffs: Buffer[] = [];
  for (const { file, edits } of fix.edits) {
    const result = rewrite(file, project.read(file), edits);
    if (typeof result === 'string') return `${file}: ${result}`;
    const from = `${prefix}${file}`;
    diffs.push(
      Buffer.from(`diff --git ${quotedForGit(`a/${from}`)} ${quotedForGit(`b/${from}`)}\n`),
      unifiedDiff(result, prefix),
    );
  }
  const { git, date, version } = options;
  const { pass } = base.analysis;
  const { file, line } = origin(finding);
  const mail = mailOf({
    finding,
    fix,
    card: reproducerOf(finding, pass.buses, pass.catalog),
    prefix: prefixOf(finding.place.file, (await git?.subjectsOf(finding.place.file)) ?? []),
    fixes: await git?.blame(file, line),
    author: (await git?.author()) ?? nobody,
    date,
    tool: `Driver Teardown ${version}`,
  });
  const bytes = Buffer.concat([Buffer.from(mail.head), ...diffs, Buffer.from(mail.foot)]);
  return { subject: mail.subject, bytes };
}
