/**
 * The diffs in a text, whatever stands around them: a changelog, a signature, the footer of a list. A
 * hunk says how many lines it has, so nothing that follows it is taken for a part of it.
 */

export interface Hunk {
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
  /** With their first character; the head is not among them. */
  readonly lines: readonly string[];
  /** `@@ -1,2 +1,3 @@ function` */
  readonly head: string;
}

export interface FileDiff {
  /** Without the first folder, as `patch -p1` reads it; undefined for a file that is new. */
  readonly from: string | undefined;
  /** Undefined for a file that goes. */
  readonly to: string | undefined;
  readonly hunks: readonly Hunk[];
}

const escapes: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 };

/** The name in a line of a diff, which git may have quoted. */
function unquoted(name: string): string {
  const match = /^"((?:\\[^]|[^"\\])*)"/.exec(name);
  if (match === null) return name.replace(/\t.*$/, '').trimEnd();
  const bytes: number[] = [];
  for (const [, octal, letter, plain] of (match[1] ?? '').matchAll(
    /\\([0-7]{3})|\\([^])|([^\\]+)/g,
  )) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8));
    else if (letter !== undefined) bytes.push(escapes[letter] ?? letter.charCodeAt(0));
    else bytes.push(...new TextEncoder().encode(plain));
  }
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

function stripped(name: string): string | undefined {
  const path = unquoted(name);
  return path === '/dev/null' ? undefined : path.replace(/^[^/]*\//, '');
}

const hunkHead = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

interface Read<T> {
  readonly value: T;
  /** The first line that is no part of it. */
  readonly next: number;
}

function readHunk(lines: readonly string[], at: number): Read<Hunk> | undefined {
  const head = (lines[at] ?? '').replace(/\r$/, '');
  const match = hunkHead.exec(head);
  if (match === null) return undefined;
  const [oldStart, newStart] = [Number(match[1]), Number(match[3])];
  const [oldLines, newLines] = [Number(match[2] ?? 1), Number(match[4] ?? 1)];
  const taken: string[] = [];
  let [olds, news, next] = [oldLines, newLines, at + 1];
  for (; next < lines.length; next++) {
    const line = lines[next] ?? '';
    if (line.startsWith('\\')) taken.push(line);
    else if (olds <= 0 && news <= 0) break;
    // On the way a mail program may have cut off the space of an empty line.
    else if (line === '' || line === '\r' || line.startsWith(' ')) {
      taken.push(line === '' || line === '\r' ? ` ${line}` : line);
      olds--;
      news--;
    } else if (line.startsWith('-')) olds = taken.push(line) && olds - 1;
    else if (line.startsWith('+')) news = taken.push(line) && news - 1;
    else break;
  }
  // Cut short: what is there would not apply as what was meant.
  if (olds !== 0 || news !== 0) return undefined;
  return { value: { oldStart, oldLines, newStart, newLines, lines: taken, head }, next };
}

/** A file that only moves, or is empty: git says so above the place where hunks would be. */
function withoutHunks(lines: readonly string[], at: number): Read<FileDiff> | undefined {
  let next = at + 1;
  let [from, to]: (string | undefined)[] = [];
  for (; next < lines.length; next++) {
    const line = lines[next] ?? '';
    const [, what, name = ''] = /^(?:rename|copy) (from|to) (.*)$/.exec(line.trimEnd()) ?? [];
    if (what === 'from' && line.startsWith('rename')) from = unquoted(name);
    else if (what === 'to') to = unquoted(name);
    else if (!/^(?:similarity|dissimilarity|index|old mode|new mode|copy from)\b/.test(line)) break;
  }
  if (from === undefined || to === undefined || /^--- /.test(lines[next] ?? '')) return undefined;
  return { value: { from, to, hunks: [] }, next };
}

/** A hunk that is cut short makes the whole a text without diffs from there on: `problem` says where. */
export function diffsIn(text: string): {
  readonly files: readonly FileDiff[];
  readonly problem: string | undefined;
} {
  const lines = text.split('\n');
  const files: FileDiff[] = [];
  for (let at = 0; at < lines.length; ) {
    const moved = lines[at]?.startsWith('diff --git ') ? withoutHunks(lines, at) : undefined;
    if (moved) {
      files.push(moved.value);
      at = moved.next;
      continue;
    }
    const [old, now] = [lines[at] ?? '', lines[at + 1] ?? ''];
    const isHead =
      old.startsWith('--- ') && now.startsWith('+++ ') && hunkHead.test(lines[at + 2] ?? '');
    if (!isHead) {
      at++;
      continue;
    }
    const hunks: Hunk[] = [];
    at += 2;
    while (hunkHead.test(lines[at] ?? '')) {
      const hunk = readHunk(lines, at);
      if (hunk === undefined) return { files, problem: `the hunk in line ${at + 1} is cut short` };
      hunks.push(hunk.value);
      at = hunk.next;
    }
    files.push({ from: stripped(old.slice(4)), to: stripped(now.slice(4)), hunks });
  }
  return { files, problem: undefined };
}
