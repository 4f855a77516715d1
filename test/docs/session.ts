/** Shell sessions in Markdown: `$ ` begins a command, and what it says stands below it. */

export interface Command {
  readonly line: string;
  /** `…` alone stands for any lines, inside a line for any text. */
  readonly says: readonly string[];
}

/** The commands of all `console` blocks of a page, in their order. */
export function sessionOf(page: string): Command[] {
  const blocks = [...page.matchAll(/^```console\n([^]*?)^```$/gm)].map(([, text = '']) => text);
  return blocks.flatMap((text) =>
    text
      .split(/^\$ /m)
      .slice(1)
      .map((part) => {
        const [line = '', ...says] = part.replace(/\n$/, '').split('\n');
        return { line, says };
      }),
  );
}

/** @returns what of the expected lines is not there, or is there and not expected */
export function matches(said: string, says: readonly string[]): string | undefined {
  const lines = said.replace(/\n$/, '').split('\n');
  if (said === '') lines.pop();
  let at = 0;
  let open = false;
  for (const expected of says) {
    if (expected === '…') {
      open = true;
      continue;
    }
    const found = lines.findIndex((line, i) => i >= at && isLike(line, expected));
    if (found < 0 || (found > at && !open)) return `expected: ${expected}`;
    at = found + 1;
    open = false;
  }
  return at < lines.length && !open ? `not expected: ${lines[at] ?? ''}` : undefined;
}

function isLike(line: string, expected: string): boolean {
  const parts = expected.split('…').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(line);
}
