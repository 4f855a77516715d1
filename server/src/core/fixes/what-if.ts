/** What a fix does to the findings of its module, from the reports before and after it. */
import type { Finding, Fix, Severity } from '../result.ts';

export interface WhatIf {
  /** Findings that the fixed code has no more. */
  readonly removes: readonly Finding[];
  /** Findings that the fixed code has and the present code has not. */
  readonly creates: readonly Finding[];
}

/** Hints are what could not be decided: they neither speak for a fix nor against it. */
const counted: ReadonlySet<Severity> = new Set(['error', 'warning', 'info']);

/** Compares two reports of one module; findings are the same when their fingerprints are. */
export function compareFindings(before: readonly Finding[], after: readonly Finding[]): WhatIf {
  return { removes: missingFrom(after, before), creates: missingFrom(before, after) };
}

function missingFrom(known: readonly Finding[], list: readonly Finding[]): Finding[] {
  const names = new Set(known.map((finding) => finding.fingerprint));
  return list.filter((finding) => counted.has(finding.severity) && !names.has(finding.fingerprint));
}

/** A fix that makes an error is never the one to take without looking. */
export function createsError({ creates }: WhatIf): boolean {
  return creates.some((finding) => finding.severity === 'error');
}

/** For the title: `removes 1`, or `removes 1, creates 2: <the first one's message>`. */
export function summaryOf({ removes, creates }: WhatIf): string {
  const gone = `removes ${removes.length}`;
  const [first] = creates;
  return first === undefined ? gone : `${gone}, creates ${creates.length}: ${first.message}`;
}

/** The fix with what it does said: `creates` filled, neither safe nor preferred when it makes an error. */
export function judged(fix: Fix, whatIf: WhatIf): Fix {
  const creates = whatIf.creates.map((finding) => finding.fingerprint);
  if (creates.length === 0) return { ...fix, creates };
  const list = whatIf.creates
    .map((finding) => `${finding.severity}: ${finding.message}`)
    .join('; ');
  const notice = [fix.notice, `it creates ${creates.length}: ${list}`]
    .filter((text) => text !== undefined)
    .join('; ');
  const bad = createsError(whatIf);
  return {
    ...fix,
    creates,
    notice,
    safety: bad && fix.safety === 'safe' ? 'unsafe' : fix.safety,
    preferred: fix.preferred && !bad,
  };
}
