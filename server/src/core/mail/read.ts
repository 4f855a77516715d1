/**
 * Reads mail as it is sent and kept: one message or a whole mbox, in parts, encoded for transport. It
 * takes what it finds and never refuses: what is no mail comes back as one text without headers.
 */

export interface ReadMail {
  /** By lower-case name, unfolded, as sent; of repeated ones the first. */
  readonly headers: ReadonlyMap<string, string>;
  /** All of its text parts, with `\n` at the ends of lines. */
  readonly text: string;
}

/** One character per byte, so that lines can be looked at before anything is known of them. */
function byteString(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

const headerLine = /^[!-9;-~]+:/;
const mboxLine = /^From \S+.*\d\d:\d\d/;

interface Part {
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

function partOf(text: string): Part {
  const lines = text.split('\n');
  const headers = new Map<string, string>();
  let at = 0;
  for (; at < lines.length; at++) {
    let line = lines[at] ?? '';
    if (!headerLine.test(line)) break;
    while (/^[ \t]+\S/.test(lines[at + 1] ?? '')) line += ` ${(lines[++at] ?? '').trim()}`;
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    if (!headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  // Without the empty line after them they were no headers.
  if (headers.size === 0 || (lines[at] ?? '') !== '') return { headers: new Map(), body: text };
  return { headers, body: lines.slice(at + 1).join('\n') };
}

/** `charset` of `text/plain; charset="utf-8"`. */
function parameter(header: string, name: string): string | undefined {
  const match = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^;\\s]+))`, 'i').exec(header);
  return match?.[1] ?? match?.[2];
}

/** Blanks at the end of an encoded line were added on the way. */
function withoutBlankEnd(line: string): string {
  let end = line.length;
  while (end > 0 && (line[end - 1] === ' ' || line[end - 1] === '\t')) end--;
  return line.slice(0, end);
}

function quotedPrintable(body: string): string {
  return body
    .split('\n')
    .map((line) => withoutBlankEnd(line))
    .join('\n')
    .replace(/=\n/g, '')
    .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
}

function base64(body: string): string {
  const letters = body.replace(/[^A-Za-z0-9+/]/g, '');
  try {
    return atob(letters.slice(0, letters.length - (letters.length % 4 === 1 ? 1 : 0)));
  } catch {
    return '';
  }
}

function decodedAs(bytes: Uint8Array, charset: string): string | undefined {
  try {
    return new TextDecoder(charset, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * As UTF-8 where it is, else in the character set that the part names. A patch holds lines of files in
 * whatever encoding those have, so what is neither is read line by line.
 */
function decoded(text: string, charset: string | undefined): string {
  const bytes = bytesOf(text);
  const other = charset !== undefined && !/^(?:utf-?8|us-ascii|iso-8859-1)$/i.test(charset);
  return (
    decodedAs(bytes, 'utf-8') ??
    (other ? decodedAs(bytes, charset) : undefined) ??
    text
      .split('\n')
      .map((line) => decodedAs(bytesOf(line), 'utf-8') ?? line)
      .join('\n')
  );
}

function isText(type: string, disposition: string): boolean {
  if (/^text\/html\b/i.test(type)) return false;
  if (type === '' || /^text\//i.test(type) || /patch|diff/i.test(type)) return true;
  return /\.(?:patch|diff|mbox|eml)\b/i.test(`${type} ${disposition}`);
}

/** Parts within parts, no deeper than any mail program makes them. */
const deepest = 8;

function textsOf({ headers, body }: Part, depth: number): readonly string[] {
  const type = headers.get('content-type') ?? '';
  const boundary = /^multipart\//i.test(type) ? parameter(type, 'boundary') : undefined;
  if (boundary !== undefined && depth < deepest) {
    const cut = `\n${body}`.split(`\n--${boundary}`);
    return cut
      .slice(1)
      .filter((one) => !one.startsWith('--'))
      .flatMap((one) => textsOf(partOf(one.replace(/^[^\n]*\n/, '')), depth + 1));
  }
  if (/^message\/rfc822\b/i.test(type) && depth < deepest)
    return textsOf(partOf(body.replace(/^\n+/, '')), depth + 1);
  if (!isText(type, headers.get('content-disposition') ?? '')) return [];
  const encoding = (headers.get('content-transfer-encoding') ?? '').toLowerCase();
  const plain =
    encoding === 'quoted-printable'
      ? quotedPrintable(body)
      : encoding === 'base64'
        ? base64(body)
        : body;
  return [decoded(plain, parameter(type, 'charset')).replace(/\r\n/g, '\n')];
}

/** Where the messages of an mbox begin, as line numbers of their `From ` lines. */
function startsIn(lines: readonly string[]): readonly number[] {
  return lines.flatMap((line, i) => {
    const isStart = mboxLine.test(line) && (i === 0 || (lines[i - 1] ?? '') === '');
    return isStart && headerLine.test(lines[i + 1] ?? '') ? [i] : [];
  });
}

/** The messages in their order. */
export function mailsIn(bytes: Uint8Array): readonly ReadMail[] {
  const whole = byteString(bytes);
  const lines = whole.replace(/\r\n/g, '\n').split('\n');
  const starts = startsIn(lines);
  const texts =
    starts.length === 0
      ? [lines.join('\n').replace(/^\n+/, '')]
      : starts.map((at, i) => lines.slice(at + 1, starts[i + 1]).join('\n'));
  return texts.map((text): ReadMail => {
    const part = partOf(text);
    // A patch that was never mailed may be for a file whose lines end otherwise.
    if (part.headers.size === 0 && starts.length === 0)
      return { headers: part.headers, text: decoded(whole, undefined) };
    return { headers: part.headers, text: textsOf(part, 0).join('\n') };
  });
}

/** What the words of RFC 2047 in a header say. */
export function headerWords(text: string): string {
  return text
    .replace(/(=\?[^?]+\?[bq]\?[^?]*\?=)\s+(?==\?)/gi, '$1')
    .replace(/=\?([^?*]+)(?:\*[^?]*)?\?([bq])\?([^?]*)\?=/gi, (_, charset, kind, word) => {
      const isBase64 = String(kind).toLowerCase() === 'b';
      const plain = isBase64 ? base64(word) : quotedPrintable(String(word).replace(/_/g, ' '));
      return decoded(plain, charset);
    });
}
