/** An answer to a mailed patch: its hunks quoted, and under the lines what is found there. */
import type { Finding, Place } from '../result.ts';
import type { FileDiff, Hunk } from './diff.ts';
import { printable, quotedName } from './quote.ts';
import type { MailedPatch } from './series.ts';
import { sentence, wrap } from './wrap.ts';

/** Lines of a hunk that are quoted above a remark. */
const mostAbove = 12;

interface Remark {
  readonly file: FileDiff;
  readonly hunk: Hunk;
  /** The line of the hunk, from 0, that the remark goes under. */
  readonly line: number;
  readonly finding: Finding;
}

/** The line of a hunk that shows a line of the patched file, from 0. */
function lineIn(hunk: Hunk, line: number): number | undefined {
  let at = hunk.newStart;
  for (const [i, text] of hunk.lines.entries()) {
    if (text.startsWith('-') || text.startsWith('\\')) continue;
    if (at === line) return i;
    at++;
  }
  return undefined;
}

function placeIn(files: readonly FileDiff[], place: Place): Omit<Remark, 'finding'> | undefined {
  for (const file of files) {
    if (file.to !== place.file) continue;
    for (const hunk of file.hunks) {
      const line = lineIn(hunk, place.from.line + 1);
      if (line !== undefined) return { file, hunk, line };
    }
  }
  return undefined;
}

/** Where the change shows a finding: its place, or a link of its chain, a line that it adds first. */
function remarkOn(files: readonly FileDiff[], finding: Finding): Remark | undefined {
  const places = [finding.place, ...finding.chain.map((link) => link.place)];
  const seen = places.flatMap((place) => placeIn(files, place) ?? []);
  const added = seen.find(({ hunk, line }) => hunk.lines[line]?.startsWith('+'));
  const [first] = seen;
  const at = placeIn(files, finding.place) ?? added ?? first;
  return at && { ...at, finding };
}

function where(place: Place): string {
  return `${quotedName(place.file)}:${place.from.line + 1}`;
}

function findingText({ message, rule, severity, chain }: Finding): string {
  const steps = chain.map(
    (link) => `  ${where(link.place)}: ${printable(link.message.replace(/`/g, ''))}`,
  );
  const head = wrap(`${sentence(printable(message))} [${severity}: ${rule}]`);
  return [head, ...(steps.length > 0 ? ['', ...steps] : [])].join('\n');
}

function quotedLines(lines: readonly string[]): string[] {
  return lines.map((line) => `> ${printable(line.replace(/\r$/, '')).replace(/\\t/g, '\t')}`);
}

/** One hunk with all that is said of it. */
function hunkText(remarks: readonly [Remark, ...Remark[]]): string {
  const [{ file, hunk }] = remarks;
  const name = (prefix: string, path: string | undefined): string =>
    path === undefined ? '/dev/null' : quotedName(`${prefix}/${path}`);
  const out = quotedLines([`--- ${name('a', file.from)}`, `+++ ${name('b', file.to)}`, hunk.head]);
  let next = 0;
  for (const { line, finding } of remarks) {
    const from = Math.max(next, line + 1 - mostAbove);
    if (from > next) out.push('> [...]');
    out.push(...quotedLines(hunk.lines.slice(from, line + 1)), '', findingText(finding), '');
    next = line + 1;
  }
  return out.join('\n');
}

/** What is to be said of a patch, without headers. */
export function replyText(patch: MailedPatch, findings: readonly Finding[]): string {
  const remarks = findings.flatMap((finding) => remarkOn(patch.files, finding) ?? []);
  const texts = patch.files
    .flatMap(({ hunks }) => hunks)
    .flatMap((hunk) => {
      const here = remarks.filter((one) => one.hunk === hunk);
      const [first, ...others] = here.sort((a, b) => a.line - b.line);
      return first === undefined ? [] : [hunkText([first, ...others])];
    });
  const placed = new Set(remarks.map(({ finding }) => finding));
  const rest = findings.filter((finding) => !placed.has(finding));
  if (rest.length > 0)
    texts.push(
      'What the patch changes elsewhere:',
      ...rest.map((finding) => `${where(finding.place)}: ${findingText(finding)}\n`),
    );
  const sender = patch.headers.get('from');
  const date = patch.headers.get('date');
  const said =
    sender === undefined ? [] : [`${date === undefined ? '' : `On ${date}, `}${sender} wrote:`];
  return [...said, ...texts].join('\n');
}

/** Headers that make it an answer in the thread; whoever sends it is filled in by the mail program. */
export function replyHeaders({ headers, messageId }: MailedPatch): readonly string[] {
  const get = (name: string): string | undefined => headers.get(name);
  const subject = get('subject');
  const to = get('reply-to') ?? get('from');
  const cc = [get('to'), get('cc')].filter((one) => one !== undefined && one !== '').join(', ');
  const references = [get('references'), messageId ?? undefined].filter((one) => one !== undefined);
  return [
    ...(to === undefined ? [] : [`To: ${to}`]),
    ...(cc === '' ? [] : [`Cc: ${cc}`]),
    `Subject: ${subject === undefined ? 'Re: the patch' : /^re:/i.test(subject) ? subject : `Re: ${subject}`}`,
    ...(messageId === null ? [] : [`In-Reply-To: ${messageId}`]),
    ...(references.length === 0 ? [] : [`References: ${references.join(' ')}`]),
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=UTF-8',
    'Content-Transfer-Encoding: 8bit',
  ];
}
