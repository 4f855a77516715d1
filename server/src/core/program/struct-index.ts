/** The structs of a program by tag, and by the words that their text mentions. */

import { type Named, structsOf } from '../facts/source-file.ts';
import type { StructDef } from '../facts/types.ts';
import { push } from '../push.ts';
import type { Unit } from './unit.ts';

export interface FoundStruct {
  readonly file: Unit;
  readonly def: StructDef;
}

interface Listed {
  readonly file: Unit;
  readonly named: Named;
}

export class StructIndex {
  private units: readonly Unit[] = [];
  private byTag: Map<string, Listed[]> | null = null;
  private byWord: Map<number, Listed[]> | null = null;
  private readonly found = new Map<string, readonly FoundStruct[]>();

  /** The files are others, or have other texts. */
  renew(units: readonly Unit[]): void {
    this.units = units;
    this.byTag = null;
    this.byWord = null;
    this.found.clear();
  }

  /** The definitions of a tag, in the order of the files; those inside other structs where there is no other. */
  of(tag: string): readonly FoundStruct[] {
    if (tag === '') return [];
    const known = this.found.get(tag);
    if (known) return known;
    const made = this.find(tag);
    this.found.set(tag, made);
    return made;
  }

  private find(tag: string): readonly FoundStruct[] {
    this.byTag ??= this.findTags();
    const found = (this.byTag.get(tag) ?? []).flatMap((one) => definitionsIn(one, tag));
    return found.length > 0 ? found : this.listed(tag).flatMap((one) => definitionsIn(one, tag));
  }

  /** The structs whose text mentions a word. */
  mentioning(name: string): readonly Named[] {
    return this.listed(name).map(({ named }) => named);
  }

  private listed(name: string): readonly Listed[] {
    const word = this.units[0]?.source.words.find(name) ?? -1;
    if (word < 0) return [];
    this.byWord ??= this.findWords();
    return this.byWord.get(word) ?? [];
  }

  private findTags(): Map<string, Listed[]> {
    const tags = new Map<string, Listed[]>();
    for (const file of this.units)
      for (const named of file.source.structs) push(tags, named.name, { file, named });
    return tags;
  }

  private findWords(): Map<number, Listed[]> {
    const words = new Map<number, Listed[]>();
    for (const file of this.units)
      for (const named of file.source.structs)
        for (const word of file.source.index.mentions(named.item))
          push(words, word, { file, named });
    return words;
  }
}

function definitionsIn({ file, named }: Listed, tag: string): FoundStruct[] {
  const found = structsOf(named).filter((def) => def.tag === tag);
  return found.map((def) => ({ file, def }));
}
