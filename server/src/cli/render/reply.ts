/** `check --patch … --format reply`: a mail for each patch that adds findings, ready to be sent. */
import { headerWords } from '../../core/mail/read.ts';
import { replyHeaders, replyText } from '../../core/mail/reply.ts';
import type { PatchFindings } from '../added.ts';

/** One mail, or an mbox of several. */
export function renderReply(patches: readonly PatchFindings[], tool: string): string {
  const bad = patches.filter(({ findings }) => findings.length > 0);
  const mails = bad.map(({ patch, findings }) => {
    const headers = new Map(patch.headers);
    // It stands in the body, which is UTF-8.
    headers.set('from', headerWords(headers.get('from') ?? ''));
    const named = headers.get('from') === '' ? patch : { ...patch, headers };
    const text = replyText(named, findings);
    return [...replyHeaders(patch), '', text, `-- \n${tool}\n`].join('\n');
  });
  if (mails.length < 2) return mails.join('');
  const first = 'From driver-teardown Mon Sep 17 00:00:00 2001';
  // In an mbox such a line would begin the next mail.
  return mails.map((mail) => `${first}\n${mail.replace(/^(>*From )/gm, '>$1')}\n`).join('');
}
