/** What a rule is. */
import type { Pass } from '../pass.ts';
import type { ChainLink, Confidence, Fix, Place, Severity, Timeline } from '../result.ts';

export type { Pass } from '../pass.ts';

/** What a rule says of one place. The driver adds the rule's id, the user's severity and the fingerprint. */
export interface RuleFinding {
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly place: Place;
  readonly function: string;
  readonly message: string;
  readonly timelines: readonly Timeline[];
  readonly chain: readonly ChainLink[];
  /** A function where they cost work: they are made when somebody looks. */
  readonly fixes: readonly Fix[] | (() => readonly Fix[]);
  /** Names that tell this finding from others in the same function: they survive edits. */
  readonly identity: readonly string[];
  /** Findings of any rules that share one are told as one (core/causes.ts); none is a cause of its own. */
  readonly causes?: readonly string[];
}

export interface Rule {
  /** Names the bad pattern and never changes. */
  readonly id: string;
  /** One line. */
  readonly summary: string;
  readonly defaultSeverity: Severity;
  run(pass: Pass): RuleFinding[];
}
