/** The patches in a mailbox: one, a series, or a thread with replies and earlier versions. */
import { diffsIn, type FileDiff } from './diff.ts';
import { headerWords, mailsIn, type ReadMail } from './read.ts';

export interface MailedPatch {
  /** As in its `Subject:`, decoded; null for a patch that was not mailed. */
  readonly subject: string | null;
  /** `2` of `[PATCH 2/3]`; 0 when there is none. */
  readonly number: number;
  readonly version: number;
  readonly messageId: string | null;
  /** Headers as they were sent, for an answer. */
  readonly headers: ReadonlyMap<string, string>;
  readonly files: readonly FileDiff[];
  /** Why the rest of it could not be read. */
  readonly problem: string | undefined;
}

function patchIn({ headers, text }: ReadMail): MailedPatch {
  const sent = headers.get('subject');
  const subject = sent === undefined ? null : headerWords(sent).replace(/\s+/g, ' ');
  const tag = /\[([^\]]*\b(?:PATCH|RFC)\b[^\]]*)\]/i.exec(subject ?? '')?.[1] ?? '';
  const { files, problem } = diffsIn(text);
  return {
    subject,
    number: Number(/\b(\d+)\/\d+\b/.exec(tag)?.[1] ?? 0),
    version: Number(/\bv(\d+)\b/i.exec(tag)?.[1] ?? 1),
    messageId: headers.get('message-id') ?? null,
    headers,
    files,
    problem,
  };
}

/**
 * The patches of the latest version in the order of their numbers. Cover letters and replies, which
 * quote diffs, hold none.
 */
export function patchesIn(bytes: Uint8Array): readonly MailedPatch[] {
  const all = mailsIn(bytes)
    .map(patchIn)
    .filter(({ files, problem }) => files.length > 0 || problem !== undefined);
  const latest = Math.max(...all.map(({ version }) => version));
  const kept = all.filter(({ version, subject }) => subject === null || version === latest);
  // A mail that came twice is one.
  const unique = kept.filter(
    (one, i) =>
      one.messageId === null || kept.findIndex((o) => o.messageId === one.messageId) === i,
  );
  return unique.every(({ number }) => number > 0)
    ? [...unique].sort((a, b) => a.number - b.number)
    : unique;
}
