/** Chooses a fix for each finding, and leaves out those whose edits would collide. */
import type { FileEdit, Finding, Fix } from '../core/result.ts';
import type { TextEdit } from '../core/text.ts';

export interface FixChoice {
  readonly unsafe: boolean;
  /** `--fix ID`. */
  readonly id: string | undefined;
}

export interface Planned {
  readonly finding: Finding;
  readonly fix: Fix;
}

export interface Plan {
  readonly planned: readonly Planned[];
  /** Findings without a fix in this plan, and why. */
  readonly left: readonly { readonly finding: Finding; readonly reason: string }[];
  /** All edits by file, without repeats, in order. */
  readonly edits: ReadonlyMap<string, readonly TextEdit[]>;
}

/** The fix to take for a finding, or why there is none. */
export function chooseFix(finding: Finding, choice: FixChoice): Fix | string {
  const offered = finding.fixes.filter((fix) => fix.safety !== 'manual');
  if (offered.length === 0)
    return finding.fixes.find((fix) => fix.reason !== undefined)?.reason ?? 'no fix is offered';
  const named = choice.id === undefined ? offered : offered.filter((fix) => fix.id === choice.id);
  if (named.length === 0)
    return `no fix ${choice.id} (offered: ${offered.map((fix) => fix.id).join(', ')})`;
  const allowed = named.filter((fix) => choice.unsafe || fix.safety === 'safe');
  return allowed.find((fix) => fix.preferred) ?? allowed[0] ?? 'its fixes need --unsafe';
}

function same(a: TextEdit, b: TextEdit): boolean {
  return a.start === b.start && a.end === b.end && a.newText === b.newText;
}

/** Two insertions at one place collide too: their order would be a guess. */
function collides(a: TextEdit, b: TextEdit): boolean {
  if (a.start === b.start) return true;
  return a.start < b.end && b.start < a.end;
}

class Edits {
  private readonly byFile = new Map<string, TextEdit[]>();

  /** Adds all edits or none. Edits that are there already do not count as a collision. */
  add(files: readonly FileEdit[]): boolean {
    for (const { file, edits } of files) {
      const present = this.byFile.get(file) ?? [];
      if (
        edits.some((edit) => present.some((other) => !same(edit, other) && collides(edit, other)))
      )
        return false;
    }
    for (const { file, edits } of files) {
      const present = this.byFile.get(file) ?? [];
      const fresh = edits.filter((edit) => !present.some((other) => same(edit, other)));
      this.byFile.set(
        file,
        [...present, ...fresh].sort((a, b) => a.start - b.start || a.end - b.end),
      );
    }
    return true;
  }

  get all(): ReadonlyMap<string, readonly TextEdit[]> {
    return new Map([...this.byFile.entries()].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

export function planFixes(findings: readonly Finding[], choice: FixChoice): Plan {
  const edits = new Edits();
  const planned: Planned[] = [];
  const left: { finding: Finding; reason: string }[] = [];
  for (const finding of findings) {
    const fix = chooseFix(finding, choice);
    if (typeof fix === 'string') left.push({ finding, reason: fix });
    else if (edits.add(fix.edits)) planned.push({ finding, fix });
    else
      left.push({
        finding,
        reason: `"${fix.title}" overlaps another fix; run again after this one`,
      });
  }
  return { planned, left, edits: edits.all };
}
