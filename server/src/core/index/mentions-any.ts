/** Whether a text has one of many words: for a look at files that nobody needs an index of. */
import { Char, charClasses } from '../syntax/characters.ts';
import { hashFactor, hashOf } from './words.ts';

/** Comments and strings count, too: it errs on the side of too much. @param names C identifiers */
export function mentionsAny(names: ReadonlySet<string>): (text: string) => boolean {
  const hashes = new Set(Array.from(names, hashOf));
  return (text) => {
    const { length } = text;
    for (let at = 0; at < length; ) {
      const kind = kindAt(text, at);
      if (kind !== Char.letter && kind !== Char.digit) {
        at++;
        continue;
      }
      const start = at;
      let hash = 0;
      for (
        let one: number = kind;
        one === Char.letter || one === Char.digit;
        one = kindAt(text, at)
      )
        hash = Math.imul(hash ^ text.charCodeAt(at++), hashFactor);
      if (kind === Char.letter && hashes.has(hash) && names.has(text.slice(start, at))) return true;
    }
    return false;
  };
}

function kindAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code < 128 ? (charClasses[code] ?? Char.other) : Char.other;
}
