/**
 * The one judge of fixes. A rule proposes; what it calls safe is safe only when the edited text was
 * analysed, in every module that the edits reach, and shows that the finding is gone, that no other
 * one came, and that the text still reads as C. A deletion that leaves the modules no better is told,
 * not done.
 */
import type { Finding, Fix, Severity } from '../result.ts';
import type { WhatIf } from './fix-effect.ts';

/** What came out of a trial of a fix. */
export interface Verdict {
  readonly whatIf: WhatIf;
  /** A file that reads worse after the edits than before, if any does. */
  readonly damages: string | undefined;
}

/** Whether the fix does what it is there for and nothing else. */
export function isClean({ whatIf, damages }: Verdict, finding: Finding): boolean {
  return damages === undefined && whatIf.creates.length === 0 && removes(whatIf, finding);
}

/** Of two alike in one function the second takes the first one's name when that is gone. */
function removes(whatIf: WhatIf, finding: Finding): boolean {
  return whatIf.removes.some(
    (one) =>
      one.fingerprint === finding.fingerprint ||
      (one.rule === finding.rule &&
        one.place.file === finding.place.file &&
        one.function === finding.function &&
        one.message === finding.message),
  );
}

/**
 * The fix with what it does said: neither safe nor preferred unless it is clean, and with no edits at
 * all when these would leave a text that does not parse.
 */
export function judged(fix: Fix, finding: Finding, verdict: Verdict): Fix {
  const { whatIf, damages } = verdict;
  if (damages !== undefined)
    return withoutEdits(fix, `${damages} would not parse cleanly after it`);
  const creates = whatIf.creates.map((one) => one.fingerprint);
  if (isNoGain(whatIf)) {
    const list = whatIf.creates.map((one) => `${one.severity}: ${one.message}`).join('; ');
    const head = deletions.has(fix.id)
      ? 'without it the module is no better: that'
      : 'it would leave the module no better: it';
    return withoutEdits({ ...fix, creates }, `${head} creates ${creates.length}: ${list}`);
  }
  if (isClean(verdict, finding)) return { ...fix, creates };
  const list = whatIf.creates.map((one) => `${one.severity}: ${one.message}`).join('; ');
  const notice = [
    fix.notice,
    removes(whatIf, finding) ? undefined : 'it does not remove the finding',
    creates.length === 0 ? undefined : `${createdWords}${creates.length}: ${list}`,
  ]
    .filter((text) => text !== undefined)
    .join('; ');
  return { ...fix, creates, notice, safety: 'unsafe', preferred: false };
}

const createdWords = 'it creates ';

/** What a notice says beside the list of what the fix creates, which stands at its end; for who lists that anyway. */
export function noticeAlone({ notice, creates }: Fix): string | null {
  if (notice === undefined) return null;
  const at = creates.length === 0 ? -1 : notice.indexOf(`${createdWords}${creates.length}: `);
  const alone = at < 0 ? notice : notice.slice(0, at).replace(/; $/, '');
  return alone === '' ? null : alone;
}

/** Fixes that only take something out: what comes of it is what that was there for. */
const deletions: ReadonlySet<string> = new Set([
  'delete-call',
  'delete-calls',
  'delete-call-to-drmm',
]);

/** Whether what comes is as grave as what goes: errors weigh more than any number of warnings. */
function isNoGain({ removes: gone, creates }: WhatIf): boolean {
  const count = (list: readonly Finding[], severity: Severity): number =>
    list.filter((one) => one.severity === severity).length;
  const errors = count(creates, 'error') - count(gone, 'error');
  if (errors !== 0) return errors > 0;
  const warnings = count(creates, 'warning');
  return warnings + count(creates, 'error') > 0 && warnings >= count(gone, 'warning');
}

/** A fix that is told, not done: its edits are dropped. */
export function withoutEdits({ id, title, creates }: Fix, reason: string): Fix {
  return { id, title, creates, safety: 'manual', preferred: false, edits: [], reason };
}

/**
 * The judged fixes of one finding with one that is preferred, where the rule's own choice did not
 * stand: the first one that is safe.
 */
export function withPreference(fixes: readonly Fix[]): readonly Fix[] {
  if (fixes.some((fix) => fix.preferred)) return fixes;
  const next = fixes.find((fix) => fix.safety === 'safe' && fix.edits.length > 0);
  return fixes.map((fix) => (fix === next ? { ...fix, preferred: true } : fix));
}
