/**
 * The fingerprint by which GitHub follows an alert over the versions of a file, as its upload action
 * computes it where there is none: a rolling hash of the hundred characters from the line on, without
 * spaces and tabs, and how often it has come before in the file.
 */
const block = 100;
const factor = 37n;
const endOfFile = 65535;
const [tab, lineFeed, carriageReturn, space] = [9, 10, 13, 32];

function power(): bigint {
  let value = 1n;
  for (let i = 0; i < block; i++) value = BigInt.asUintN(64, value * factor);
  return value;
}

/** The hashes of a text's lines, the first at 0. */
export function lineHashes(text: string): readonly string[] {
  const first = power();
  const window = new Array<number>(block).fill(0);
  const lineAt = new Array<number>(block).fill(-1);
  const counts = new Map<string, number>();
  const hashes: string[] = [];
  let [hash, at, line] = [0n, 0, 0];
  const put = (): void => {
    const value = hash.toString(16);
    const count = (counts.get(value) ?? 0) + 1;
    counts.set(value, count);
    hashes[(lineAt[at] ?? 1) - 1] = `${value}:${count}`;
    lineAt[at] = -1;
  };
  const add = (char: number): void => {
    const gone = BigInt(window[at] ?? 0);
    window[at] = char;
    hash = BigInt.asUintN(64, factor * hash + BigInt(char) - first * gone);
    at = (at + 1) % block;
  };
  let [isStart, afterReturn] = [true, false];
  const read = (char: number): void => {
    const skipped = char === space || char === tab || (afterReturn && char === lineFeed);
    afterReturn = char === carriageReturn;
    if (skipped) return;
    const shown = char === carriageReturn ? lineFeed : char;
    if (lineAt[at] !== -1) put();
    if (isStart) lineAt[at] = ++line;
    isStart = shown === lineFeed;
    add(shown);
  };
  for (let i = 0; i < text.length; i++) read(text.charCodeAt(i));
  read(endOfFile);
  for (let i = 0; i < block; i++) {
    if (lineAt[at] !== -1) put();
    add(0);
  }
  return hashes;
}
