/** A fix of a project as a patch that can be mailed. */
import { Buffer } from 'node:buffer';
import { type Recipients, recipientsOf } from '../core/mail/maintainers.ts';
import { type Author, coverOf, mailOf, type Part, type PatchInput } from '../core/mail/patch.ts';
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
  /** Files whose lines are not those of history any more: nobody is blamed for them. */
  readonly changed?: ReadonlySet<string>;
}

export interface MailablePatch {
  readonly subject: string;
  /** What it mends, in the words of the finding. */
  readonly message: string;
  readonly recipients: Recipients;
  readonly bytes: Buffer;
  /** The same as one of a series. */
  inSeries(part: Part): Buffer;
}

/** The cover letter of a series of patches. */
export async function coverLetter(
  patches: readonly MailablePatch[],
  { git, date, version }: PatchOptions,
): Promise<Buffer> {
  const lists = (of: 'to' | 'cc') => [...new Set(patches.flatMap((one) => one.recipients[of]))];
  const to = lists('to');
  const text = coverOf({
    author: (await git?.author()) ?? nobody,
    date,
    tool: `Driver Teardown ${version}`,
    subjects: patches.map(({ subject }) => subject),
    sentences: patches.map(({ message }) => message),
    recipients: { to, cc: lists('cc').filter((one) => !to.includes(one)) },
  });
  return Buffer.from(text);
}

/** Whom MAINTAINERS of the tree names for some files. */
function recipients(project: Project, paths: readonly string[]): Recipients {
  const source = project.read('MAINTAINERS');
  return source.kind === 'text' ? recipientsOf(source.text, paths) : { to: [], cc: [] };
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
  const diffs: Buffer[] = [];
  for (const { file, edits } of fix.edits) {
    const result = rewrite(file, project.read(file), edits);
    if (typeof result === 'string') return `${file}: ${result}`;
    diffs.push(
      Buffer.from(`diff --git ${quotedForGit(`a/${file}`)} ${quotedForGit(`b/${file}`)}\n`),
      unifiedDiff(result),
    );
  }
  const { git, date, version } = options;
  const { pass } = base.analysis;
  const { file, line } = origin(finding);
  const whom = recipients(
    project,
    fix.edits.map((one) => one.file),
  );
  const input: PatchInput = {
    finding,
    fix,
    card: reproducerOf(finding, pass.buses, pass.catalog),
    prefix: prefixOf(finding.place.file, (await git?.subjectsOf(finding.place.file)) ?? []),
    fixes: options.changed?.has(file) ? undefined : await git?.blame(file, line),
    author: (await git?.author()) ?? nobody,
    recipients: whom,
    date,
    tool: `Driver Teardown ${version}`,
  };
  const bytesAs = (part?: Part): Buffer => {
    const { head, foot } = mailOf(input, part);
    return Buffer.concat([Buffer.from(head), ...diffs, Buffer.from(foot)]);
  };
  return {
    subject: mailOf(input).subject,
    message: finding.message,
    recipients: whom,
    bytes: bytesAs(),
    inSeries: bytesAs,
  };
}
