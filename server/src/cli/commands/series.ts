/** `driver-teardown fix --series DIR`: fixes one on top of the other, as a series to mail. */
import { join } from 'node:path';
import { patchName } from '../../core/mail/subject.ts';
import type { Finding } from '../../core/result.ts';
import { coverLetter, type MailablePatch, type PatchOptions, patchOf } from '../../host/patches.ts';
import type { ModuleAnalysis } from '../../host/project.ts';
import { writeWhole } from '../../host/replace.ts';
import { judgedFixes, textsAfter } from '../../host/what-if.ts';
import type { Arguments } from '../arguments.ts';
import type { Inputs } from '../inputs.ts';
import { type Io, UsageError } from '../io.ts';
import { chooseFix } from '../plan.ts';
import { at } from '../render/text.ts';

/** A fix that makes its own finding again must not go on for ever. */
const maximumPatches = 200;

/** A finding that no patch was made for. */
export interface Left {
  readonly finding: Finding;
  readonly reason: string;
}

export interface Series {
  readonly made: readonly MailablePatch[];
  readonly left: readonly Left[];
}

/** Makes the patches of a module, each against the texts that the one before leaves. */
export async function seriesOf(
  base: ModuleAnalysis,
  isWanted: (finding: Finding) => boolean,
  { project }: Inputs,
  args: Arguments,
  options: PatchOptions,
): Promise<Series> {
  const patches: MailablePatch[] = [];
  const left = new Map<string, Left>();
  const known = new Set(base.findings.map(({ fingerprint }) => fingerprint));
  const changed = new Set<string>();
  const choice = { unsafe: args.flag('unsafe'), id: args.text('fix') };
  let now = base;
  const next = async (): Promise<boolean> => {
    for (const finding of now.findings) {
      // What an earlier patch has brought in is mended in the series, whether it was asked for or not.
      const created = !known.has(finding.fingerprint);
      if ((!created && !isWanted(finding)) || left.has(finding.fingerprint)) continue;
      const fixes = (await judgedFixes(project, now, finding)).filter(
        ({ id }) => !id.endsWith('-and-follow-ups'),
      );
      const fix = chooseFix({ ...finding, fixes }, created ? { ...choice, id: undefined } : choice);
      const patch =
        typeof fix === 'string'
          ? fix
          : await patchOf(project, now, finding, fix, { ...options, changed });
      const texts = typeof fix === 'string' ? undefined : textsAfter(project, fix.edits);
      if (typeof patch === 'string' || texts === undefined) {
        const reason = typeof patch === 'string' ? patch : 'its edits do not fit';
        left.set(finding.fingerprint, { finding, reason });
        continue;
      }
      patches.push(patch);
      for (const [file, text] of texts) {
        changed.add(file);
        project.openDocument(file, text);
      }
      now = await project.analyse(base.module);
      return true;
    }
    return false;
  };
  while (patches.length < maximumPatches && (await next()));
  return { made: patches, left: [...left.values()] };
}

/** Writes the cover letter and the patches; two of one series have numbers as wide as the last. */
export async function writeSeries(
  folder: string,
  name: string,
  patches: readonly MailablePatch[],
  options: PatchOptions,
  io: Io,
): Promise<void> {
  const put = (file: string, bytes: Buffer): void => {
    const failed = writeWhole(join(folder, file), bytes);
    if (failed !== undefined)
      throw new UsageError(`${join(name, file)} cannot be written: ${failed.problem}`);
    io.out(`${join(name, file)}\n`);
  };
  if (patches.length > 1) put('0000-cover-letter.patch', await coverLetter(patches, options));
  patches.forEach((patch, i) => {
    const part = { index: i + 1, of: patches.length };
    put(patchName(i + 1, patch.subject), patches.length > 1 ? patch.inSeries(part) : patch.bytes);
  });
}

/** A line for each finding that the series leaves. */
export function sayLeft(left: Series['left'], io: Io): void {
  for (const { finding, reason } of left)
    io.say(`${at(finding.place)}: no patch [${finding.rule}]: ${reason}`);
}
