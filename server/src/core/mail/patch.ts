/** A fix as a mail that `git am` takes. Pure: who, when and what history says are handed in. */
import type { Finding, Fix } from '../result.ts';
import { type Commit, changelogOf } from './changelog.ts';
import type { Recipients } from './maintainers.ts';
import type { ReproducerCard } from './reproducer.ts';
import { subjectOf } from './subject.ts';
import { sentence, wrap } from './wrap.ts';

export interface Author {
  readonly name: string;
  readonly email: string;
}

export interface PatchInput {
  readonly finding: Finding;
  readonly fix: Fix;
  readonly card: ReproducerCard;
  /** `drm/xe`, see `prefixOf`. */
  readonly prefix: string;
  readonly fixes: Commit | undefined;
  readonly author: Author;
  /** From MAINTAINERS, where there is one. */
  readonly recipients?: Recipients;
  readonly date: Date;
  readonly tool: string;
}

export interface Mail {
  readonly subject: string;
  /** Everything before the diff. The diff follows in the encoding of its files, then `foot`. */
  readonly head: string;
  readonly foot: string;
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** RFC 5322, in UTC. */
function mailDate(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${days[date.getUTCDay()] ?? ''}, ${date.getUTCDate()} ${months[date.getUTCMonth()] ?? ''}`;
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
  return `${day} ${date.getUTCFullYear()} ${time} +0000`;
}

/** RFC 2047: a header holds ASCII only, in words of at most 75 characters. */
function headerText(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  const [open, close] = ['=?UTF-8?q?', '?='];
  const words: string[] = [];
  let word = '';
  for (const char of text) {
    const bytes = [...new TextEncoder().encode(char)];
    const hex = bytes
      .map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join('');
    const coded = char === ' ' ? '_' : /^[A-Za-z0-9]$/.test(char) ? char : hex;
    if (open.length + word.length + coded.length + close.length > 75) {
      words.push(open + word + close);
      word = '';
    }
    word += coded;
  }
  return [...words, open + word + close].join('\n ');
}

/** Names with characters that have a meaning in an address stand in quotes. */
function authorText({ name, email }: Author): string {
  const quoted = /^[\x20-\x7e]*$/.test(name) && /[()<>[\]:;@\\,."]/.test(name);
  const shown = quoted ? `"${name.replace(/["\\]/g, '\\$&')}"` : headerText(name);
  return `${shown} <${email}>`;
}

/** What git drops and a person should read before sending. */
function notes({ finding, fix, fixes, recipients }: PatchInput): string[] {
  const out = ['The author has yet to read, test and sign this (git am --signoff).'];
  if (fix.safety === 'unsafe') out.push('The fix needs a look before it is applied.');
  if (fix.notice !== undefined) out.push(wrap(`To see to: ${sentence(fix.notice)}`));
  if (fixes === undefined && finding.severity === 'error')
    out.push('No history told which commit to name in a Fixes: tag, so stable is not in Cc.');
  out.push(...(recipients?.to ?? []).map((one) => `To: ${one}`));
  out.push(...(recipients?.cc ?? []).map((one) => `Cc: ${one}`));
  return out;
}

/** Where a patch stands in its series: `2/3`. */
export interface Part {
  readonly index: number;
  readonly of: number;
}

function headersOf(
  { author, date }: Pick<PatchInput, 'author' | 'date'>,
  subject: string,
  part: Part | undefined,
): string[] {
  const width = String(part?.of ?? 0).length;
  const place = part ? ` ${String(part.index).padStart(width, '0')}/${part.of}` : '';
  return [
    'From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001',
    `From: ${authorText(author)}`,
    `Date: ${mailDate(date)}`,
    `Subject: ${headerText(`[PATCH${place}] ${subject}`)}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=UTF-8',
    'Content-Transfer-Encoding: 8bit',
    '',
  ];
}

/**
 * The mail of one fix. `head`, the diff and `foot` one after the other are the file.
 * @param part where it stands in a series
 */
export function mailOf(input: PatchInput, part?: Part): Mail {
  const subject = subjectOf(input.finding, input.fix, input.prefix);
  const head = [
    ...headersOf(input, subject, part),
    changelogOf(input),
    '---',
    ...notes(input),
    '',
    '',
  ].join('\n');
  return { subject, head, foot: `-- \n${input.tool}\n\n` };
}

/** What a cover letter is made of. */
export interface Cover {
  readonly author: Author;
  readonly date: Date;
  readonly tool: string;
  /** The patches in their order. */
  readonly subjects: readonly string[];
  /** What each mends, one sentence each. */
  readonly sentences: readonly string[];
  readonly recipients: Recipients;
}

/** The mail 0/n of a series: what it mends, and in which order. */
export function coverOf(cover: Cover): string {
  const { author, tool, subjects, sentences, recipients } = cover;
  const prefixes = new Set(subjects.map((subject) => subject.slice(0, subject.lastIndexOf(': '))));
  const [prefix] = prefixes;
  const area = prefixes.size === 1 && prefix !== undefined ? prefix : 'drm';
  const n = subjects.length;
  const whom = [
    ...recipients.to.map((one) => `To: ${one}`),
    ...recipients.cc.map((one) => `Cc: ${one}`),
  ];
  return [
    ...headersOf(cover, `${area}: Fix lifetimes at unbind and when probe fails`, {
      index: 0,
      of: n,
    }),
    wrap(
      `These ${n} patches mend what ends at the wrong time. Each builds on those before it and compiles by itself.`,
    ),
    '',
    ...sentences.map((text) => wrap(`- ${sentence(text)}`, '', '  ')),
    '',
    wrap(`Found with ${tool}. None of it was run on hardware.`),
    '',
    `${author.name} (${n}):`,
    ...subjects.map((subject) => `  ${subject}`),
    '',
    ...(whom.length > 0 ? [...whom, ''] : []),
    `-- \n${tool}\n\n`,
  ].join('\n');
}
