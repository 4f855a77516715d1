/** How a fix is written down: one that is told, and one with edits. */
import type { Fix, FixSafety } from '../result.ts';
import type { EditSet } from './edits.ts';

/** What is not the same for every fix with edits. */
export interface OfferOptions {
  /** `unsafe` when it is left out: only a fix whose edit alone can be right begins as `safe` (fixes/judge.ts). */
  readonly safety?: FixSafety;
  /** False where another fix of the same finding comes first. */
  readonly preferred?: boolean;
  /** What the user should know before applying. */
  readonly notice?: string | undefined;
}

/** A remedy that is told, not done. */
export function told(id: string, title: string, reason: string): Fix {
  return { id, title, safety: 'manual', preferred: false, edits: [], reason, creates: [] };
}

/** A remedy with its edits. */
export function offered(
  id: string,
  title: string,
  edits: EditSet,
  { safety = 'unsafe', preferred = true, notice }: OfferOptions = {},
): Fix {
  const fix = { id, title, safety, preferred, edits: edits.list(), creates: [] };
  return notice === undefined ? fix : { ...fix, notice };
}
