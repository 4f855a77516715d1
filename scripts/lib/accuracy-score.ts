/** Compares findings with the truth of test/truth: pure, so that tests can feed it. */

export type Severity = 'error' | 'warning' | 'info' | 'hint';

export interface Spot {
  readonly file: string;
  readonly function: string;
}

export interface FoundOne extends Spot {
  readonly tree: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly line: number;
  readonly chain: readonly Spot[];
  /** Another finding of the same cause tells it: what is found counts, what is counted does not. */
  readonly within?: true;
}

export interface Anchor extends Spot {
  readonly tree: string;
}

export interface Conversion {
  readonly id: string;
  readonly bug: boolean;
  readonly tier: 'core' | 'stretch';
  readonly rules: readonly string[];
  readonly before: Anchor;
  readonly after: Anchor;
}

/** A row of open-violations.json or must-not-flag.json. */
export interface Anchored {
  readonly id: string;
  readonly rules: readonly string[];
  readonly anchors: readonly Anchor[];
}

export interface Verdict extends Spot {
  readonly rule: string;
  readonly verdict: 'true' | 'false' | 'unsure';
  readonly why: string;
}

/** One figure with its bar. */
export interface Score {
  readonly name: string;
  readonly hits: number;
  readonly of: number;
  /** The least share that passes; null when the figure is only reported. */
  readonly atLeast: number | null;
  /** What missed, by name. */
  readonly missed: readonly string[];
}

export function passes({ hits, of, atLeast }: Score): boolean {
  return atLeast === null || of === 0 || hits / of >= atLeast;
}

const serious = new Set<Severity>(['error', 'warning']);
const anywhere = new Set(['__any__', '__file__']);

function holds(spot: Spot, at: Anchor): boolean {
  return spot.file === at.file && (anywhere.has(at.function) || spot.function === at.function);
}

/** Whether a finding, or a link of its chain, lies at the place. */
export function liesIn(finding: FoundOne, at: Anchor): boolean {
  return (
    finding.tree === at.tree &&
    (holds(finding, at) || finding.chain.some((link) => holds(link, at)))
  );
}

function score(
  name: string,
  atLeast: number | null,
  rows: readonly { readonly label: string; readonly hit: boolean }[],
): Score {
  return {
    name,
    atLeast,
    hits: rows.filter((row) => row.hit).length,
    of: rows.length,
    missed: rows.filter((row) => !row.hit).map((row) => row.label),
  };
}

const label = (id: string, rules: readonly string[], at: Anchor): string =>
  `${id} ${at.tree} ${at.file} ${at.function} (${rules.join(', ')})`;

export function scoreConversions(
  rows: readonly Conversion[],
  findings: readonly FoundOne[],
): Score[] {
  const found = (row: Conversion) =>
    findings.some((one) => row.rules.includes(one.rule) && liesIn(one, row.before));
  const cleared = (row: Conversion) =>
    !findings.some(
      (one) => row.rules.includes(one.rule) && serious.has(one.severity) && liesIn(one, row.after),
    );
  const part = (
    name: string,
    bug: boolean,
    tier: Conversion['tier'],
    before: number | null,
    after: number | null,
  ): Score[] => {
    const chosen = rows.filter((row) => row.bug === bug && row.tier === tier);
    return [
      score(
        `${name}: found in before`,
        before,
        chosen.map((row) => ({ label: label(row.id, row.rules, row.before), hit: found(row) })),
      ),
      score(
        `${name}: cleared in after`,
        after,
        chosen.map((row) => ({ label: label(row.id, row.rules, row.after), hit: cleared(row) })),
      ),
    ];
  };
  return [
    ...part('upstream bug fixes, core', true, 'core', 0.9, 0.95),
    ...part('upstream bug fixes, stretch', true, 'stretch', null, null),
    ...part('upstream conversions that fix no bug', false, 'core', null, null),
  ];
}

/** Each row counts once in each tree that it has an anchor in. */
export function scoreOpen(rows: readonly Anchored[], findings: readonly FoundOne[]): Score {
  return score(
    'violations still open: found',
    0.9,
    rows.flatMap((row) =>
      [...new Set(row.anchors.map((at) => at.tree))].map((tree) => {
        const anchors = row.anchors.filter((at) => at.tree === tree);
        const [first] = anchors;
        return {
          label: first ? label(row.id, row.rules, first) : row.id,
          hit: anchors.some((at) =>
            findings.some((one) => row.rules.includes(one.rule) && liesIn(one, at)),
          ),
        };
      }),
    ),
  );
}

export function scoreSilent(rows: readonly Anchored[], findings: readonly FoundOne[]): Score {
  return score(
    'correct code that looks suspicious: silent',
    1,
    rows.flatMap((row) =>
      row.anchors.map((at) => ({
        label: label(row.id, row.rules, at),
        hit: !findings.some(
          (one) =>
            one.tree === at.tree &&
            row.rules.includes(one.rule) &&
            one.severity !== 'hint' &&
            holds(one, at),
        ),
      })),
    ),
  );
}

export function scoreKms(
  rows: readonly Spot[],
  tree: string,
  rule: string,
  findings: readonly FoundOne[],
): Score {
  return score(
    'KMS objects in devm memory, 6.12: found',
    0.95,
    rows.map((row) => {
      const at = { ...row, tree };
      return {
        label: label('', [rule], at).trim(),
        hit: findings.some((one) => one.rule === rule && liesIn(one, at)),
      };
    }),
  );
}

export interface Judged {
  readonly tree: string;
  readonly severity: Severity;
  readonly score: Score;
  readonly findings: number;
  readonly unsure: number;
  /** Findings without a verdict, by name. */
  readonly open: readonly string[];
}

const spotKey = (rule: string, spot: Spot): string => `${rule} ${spot.file} ${spot.function}`;

/** The share of the judged findings that are true. */
export function judge(
  tree: string,
  severity: Severity,
  atLeast: number,
  verdicts: readonly Verdict[],
  findings: readonly FoundOne[],
): Judged {
  const known = new Map(
    verdicts.map((verdict) => [spotKey(verdict.rule, verdict), verdict.verdict]),
  );
  const ours = findings.filter((one) => one.tree === tree && one.severity === severity);
  const verdictOf = (one: FoundOne) => known.get(spotKey(one.rule, one));
  const name = (one: FoundOne) => `${tree} ${one.rule} ${one.file}:${one.line} ${one.function}`;
  const decided = ours.filter((one) => verdictOf(one) === 'true' || verdictOf(one) === 'false');
  return {
    tree,
    severity,
    findings: ours.length,
    score: score(
      `linux ${tree}: precision of ${severity}`,
      atLeast,
      decided.map((one) => ({ label: name(one), hit: verdictOf(one) === 'true' })),
    ),
    unsure: ours.filter((one) => verdictOf(one) === 'unsure').length,
    open: ours.filter((one) => verdictOf(one) === undefined).map(name),
  };
}
