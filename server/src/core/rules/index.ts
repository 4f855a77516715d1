/** All rules, in the order of their ids. The page of each is `<id>.md` beside its code. */
import { actionSignatureMismatch } from './action-signature-mismatch.ts';
import { drmmReleasesPinnedBo } from './drmm-releases-pinned-bo.ts';
import type { Rule } from './rule.ts';

/** What others may know of a rule without running it. */
export type RuleInfo = Pick<Rule, 'id' | 'summary' | 'defaultSeverity'>;

export const rules: readonly Rule[] = [actionSignatureMismatch, drmmReleasesPinnedBo];
