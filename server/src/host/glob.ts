/**
 * The globs of the configuration's `exclude`: `*`, `?` and `**`, matched against report paths. All ways
 * through a pattern are followed at once, so that no pattern costs more than its length for each character.
 */

/** `dirs` is a double star with its slash (any folders, or none), `any` one without, `name` a star. */
type Token =
  | { readonly kind: 'dirs' | 'any' | 'name' | 'one' }
  | { readonly kind: 'char'; readonly char: string };

function tokensOf(glob: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < glob.length; ) {
    const [kind, length] = glob.startsWith('**/', at)
      ? (['dirs', 3] as const)
      : glob.startsWith('**', at)
        ? (['any', 2] as const)
        : glob[at] === '*'
          ? (['name', 1] as const)
          : glob[at] === '?'
            ? (['one', 1] as const)
            : (['char', 1] as const);
    tokens.push(kind === 'char' ? { kind, char: glob[at] ?? '' } : { kind });
    at += length;
  }
  return tokens;
}

/** Stands for the tokens before it having been matched; what may match nothing is stepped over. */
function enter(states: Uint8Array, tokens: readonly Token[], from: number): void {
  for (let at = from; ; at++) {
    states[at] = 1;
    const { kind } = tokens[at] ?? { kind: 'char' };
    if (kind === 'char' || kind === 'one') return;
  }
}

/** Where a state leads with a character. */
function step(next: Uint8Array, tokens: readonly Token[], at: number, char: string): void {
  const token = tokens[at];
  switch (token?.kind) {
    case 'char':
      if (token.char === char) enter(next, tokens, at + 1);
      break;
    case 'one':
      if (char !== '/') enter(next, tokens, at + 1);
      break;
    case 'name':
      if (char !== '/') enter(next, tokens, at);
      break;
    case 'any':
      enter(next, tokens, at);
      break;
    case 'dirs':
      // Within a folder's name only the token itself stands; behind its slash what follows may begin.
      if (char === '/') enter(next, tokens, at);
      else next[at] = 1;
      break;
    case undefined:
      break;
  }
}

function matches(tokens: readonly Token[], path: string): boolean {
  let states = new Uint8Array(tokens.length + 1);
  enter(states, tokens, 0);
  for (let i = 0; i < path.length; i++) {
    const char = path[i] ?? '';
    // What names a folder covers everything below it.
    if (char === '/' && states[tokens.length] === 1) return true;
    const next = new Uint8Array(tokens.length + 1);
    states.forEach((isOn, at) => {
      if (isOn === 1) step(next, tokens, at, char);
    });
    states = next;
  }
  return states[tokens.length] === 1;
}

/** A test for paths. A glob that names a folder covers everything below it, with or without a `/`. */
export function globMatcher(globs: readonly string[]): (path: string) => boolean {
  const patterns = globs.map((glob) => tokensOf(glob.replace(/^\.?\//, '').replace(/\/$/, '')));
  return (path) => patterns.some((tokens) => matches(tokens, path));
}
