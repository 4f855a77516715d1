/** What a fix does to the findings of the modules that it reaches, from the reports before and after it. */
import { fingerprintsOf } from '../causes.ts';
import type { Finding, Severity } from '../result.ts';

export interface WhatIf {
  /** Findings that the fixed code has no more, in no words. */
  readonly removes: readonly Finding[];
  /** Findings that the fixed code has and the present code has not, or has as a milder one. */
  readonly creates: readonly Finding[];
}

const ranks: Readonly<Record<Severity, number>> = { error: 3, warning: 2, info: 1, hint: 0 };

/** Compares two reports; findings are the same when their fingerprints are. */
export function compareFindings(before: readonly Finding[], after: readonly Finding[]): WhatIf {
  const was = new Map(before.flatMap(apart).map((finding) => [finding.fingerprint, finding]));
  const is = new Set(after.flatMap(fingerprintsOf));
  const creates = after.flatMap(apart).filter((finding) => {
    const known = was.get(finding.fingerprint);
    return known === undefined || ranks[finding.severity] > ranks[known.severity];
  });
  const gone = before.flatMap(apart).filter((finding) => !is.has(finding.fingerprint));
  return { removes: gone.filter((one) => !creates.some((other) => retells(other, one))), creates };
}

/** A finding and what it tells besides, each as a finding: a fix may end one and leave the other. */
function apart(finding: Finding): readonly Finding[] {
  const { also = [], confidence, timelines, chain } = finding;
  const others = also.map((one) => ({ ...one, confidence, timelines, chain, fixes: [] }));
  return [finding, ...others];
}

/** Whether a finding is another one in other words: the same rule about the same function. */
function retells(now: Finding, before: Finding): boolean {
  return (
    now.rule === before.rule &&
    now.place.file === before.place.file &&
    now.function === before.function
  );
}

/** Several comparisons as one, for a file that more than one module holds: each finding counts once. */
export function together(all: readonly WhatIf[]): WhatIf {
  const once = (lists: readonly (readonly Finding[])[]) => [
    ...new Map(lists.flat().map((finding) => [finding.fingerprint, finding])).values(),
  ];
  const creates = once(all.map((one) => one.creates));
  const kept = new Set(creates.map(({ fingerprint }) => fingerprint));
  const removes = once(all.map((one) => one.removes));
  return { removes: removes.filter(({ fingerprint }) => !kept.has(fingerprint)), creates };
}

/** For the title: `removes 1`, or `removes 1, creates 2: <the first one's message>`. */
export function summaryOf({ removes, creates }: WhatIf): string {
  const gone = `removes ${removes.length}`;
  const [first] = creates;
  return first === undefined ? gone : `${gone}, creates ${creates.length}: ${first.message}`;
}
