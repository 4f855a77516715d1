/** Takes a plan to the files: what hangs together is rewritten together, or not at all. */
import type { Finding } from '../core/result.ts';
import type { TextEdit } from '../core/text.ts';
import { Failure } from '../host/disk.ts';
import { placeToWrite, type Replacement, replaceAll } from '../host/replace.ts';
import { bytesOf, type Rewritten, rewrite } from '../host/rewrite.ts';
import type { Inputs } from './inputs.ts';
import type { Plan, Planned } from './plan.ts';

/** Fixes that share files, directly or through others. */
interface Batch {
  readonly planned: readonly Planned[];
  readonly files: readonly string[];
}

export interface Applied {
  readonly planned: readonly Planned[];
  readonly files: readonly Rewritten[];
  /** Findings whose fix could not be applied, and why. */
  readonly failed: readonly { readonly finding: Finding; readonly reason: string }[];
}

function batchesOf(planned: readonly Planned[]): readonly Batch[] {
  let batches: Batch[] = [];
  for (const one of planned) {
    const own = one.fix.edits.map(({ file }) => file);
    const shares = (batch: Batch): boolean => batch.files.some((file) => own.includes(file));
    const joined = batches.filter(shares);
    batches = batches.filter((batch) => !shares(batch));
    batches.push({
      planned: [...joined.flatMap((batch) => batch.planned), one],
      files: [...new Set([...joined.flatMap((batch) => batch.files), ...own])].sort(),
    });
  }
  return batches;
}

/** @returns the files after their edits, or why one of them cannot be rewritten */
function rewriteBatch(
  batch: Batch,
  edits: ReadonlyMap<string, readonly TextEdit[]>,
  { project }: Inputs,
): readonly Rewritten[] | string {
  const files: Rewritten[] = [];
  for (const file of batch.files) {
    const result = rewrite(file, project.read(file), edits.get(file) ?? []);
    if (typeof result === 'string') return `${file}: ${result}`;
    files.push(result);
  }
  return files;
}

function writeBatch(files: readonly Rewritten[], { project, places }: Inputs): string | undefined {
  const names = new Map<string, string>();
  const replacements: Replacement[] = [];
  for (const one of files) {
    const file = placeToWrite(project.root.folder, one.file, places);
    if (file instanceof Failure) return `${one.file}: ${file.problem}`;
    names.set(file, one.file);
    replacements.push({ file, ...bytesOf(one) });
  }
  const refused = replaceAll(replacements);
  return refused && `${names.get(refused.file) ?? refused.file}: ${refused.problem}`;
}

/** @param write whether the files are changed; else it is only told what they would be */
export function applyPlan(plan: Plan, inputs: Inputs, write: boolean): Applied {
  const planned: Planned[] = [];
  const files: Rewritten[] = [];
  const failed: { finding: Finding; reason: string }[] = [];
  for (const batch of batchesOf(plan.planned)) {
    const rewritten = rewriteBatch(batch, plan.edits, inputs);
    const problem =
      typeof rewritten === 'string' || !write ? rewritten : writeBatch(rewritten, inputs);
    if (typeof problem === 'string')
      failed.push(...batch.planned.map(({ finding }) => ({ finding, reason: problem })));
    else {
      planned.push(...batch.planned);
      files.push(...(typeof rewritten === 'string' ? [] : rewritten));
    }
  }
  return { planned, files: files.sort((a, b) => (a.file < b.file ? -1 : 1)), failed };
}
