/**
 * Identifiers as numbers: one `Words` per process is handed to everything that reads C, so that
 * "who mentions this name" compares numbers and a name is stored once.
 */

/** Words that make no declaration: they begin statements. */
const control = [
  'if',
  'for',
  'while',
  'do',
  'switch',
  'case',
  'default',
  'else',
  'return',
  'goto',
  'break',
  'continue',
  'sizeof',
  'defined',
  '_Alignof',
  '__alignof__',
];
const storage = [
  'static',
  'extern',
  'typedef',
  'inline',
  '__inline',
  '__inline__',
  '__forceinline',
  'register',
  'auto',
  '_Thread_local',
  '__thread',
  '_Noreturn',
  '__extension__',
];
const qualifiers = [
  'const',
  'volatile',
  'restrict',
  '__const',
  '__const__',
  '__volatile__',
  '__volatile',
  '__restrict',
  '__restrict__',
];
const primitives = [
  'void',
  'char',
  'short',
  'int',
  'long',
  'float',
  'double',
  'signed',
  'unsigned',
  '__signed__',
  'bool',
  '_Bool',
];
const tags = ['struct', 'union', 'enum'];
const gnuAttributes = ['__attribute__', '__attribute', '__declspec', '_Alignas', 'alignas'];
const assembler = ['asm', '__asm__', '__asm'];
const typeofs = ['typeof', '__typeof__', '__typeof', 'typeof_unqual'];

/** What a word is to the head of a declaration. */
export const WordClass = {
  control: 1,
  storage: 2,
  qualifier: 3,
  primitive: 4,
  tag: 5,
  gnuAttribute: 6,
  assembler: 7,
  typeof: 8,
  /** A word of the catalogue that the grammar never sees. */
  attribute: 9,
  plain: 10,
} as const;

const classes: readonly (readonly [number, readonly string[]])[] = [
  [WordClass.control, control],
  [WordClass.storage, storage],
  [WordClass.qualifier, qualifiers],
  [WordClass.primitive, primitives],
  [WordClass.tag, tags],
  [WordClass.gnuAttribute, gnuAttributes],
  [WordClass.assembler, assembler],
  [WordClass.typeof, typeofs],
];

/** Ids of the words that the skim asks for by name: the order of the lists above. */
export const staticWord = control.length;
export const externWord = staticWord + 1;
export const typedefWord = staticWord + 2;
export const inlineWord = staticWord + 3;
export const enumWord = control.length + storage.length + qualifiers.length + primitives.length + 2;

/** Names and numbers for them, in both directions. Numbers count up from 0 and never change. */
export class Words {
  /** Every id below this one is C's own word or an attribute: no name that something mentions. */
  readonly firstName: number;
  /**
   * For whoever collects a set of words: `stamps[id]` is the number of the last collection that has
   * seen the word. Grows with the words; take it anew after each new word.
   */
  stamps = new Int32Array(1024);
  private lastStamp = 0;
  private count = 0;
  private chars = new Uint8Array(16384);
  /** Where each word's characters begin; one more than there are words. */
  private offsets = new Int32Array(1025);
  private hashes = new Int32Array(1024);
  private slots = new Int32Array(4096);
  private readonly kinds: readonly number[];
  private readonly cache: string[] = [];

  /** @param attributes words that the mask blanks (catalogue `macros.attributes`) */
  constructor(attributes: readonly string[] = []) {
    const kinds: number[] = [];
    for (const [kind, list] of [...classes, [WordClass.attribute, attributes] as const])
      for (const word of list) if (this.id(word) === kinds.length) kinds.push(kind);
    this.kinds = kinds;
    this.firstName = kinds.length;
  }

  get size(): number {
    return this.count;
  }

  /** Bytes held, for reports. */
  get bytes(): number {
    const { chars, offsets, hashes, slots, stamps } = this;
    return [chars, offsets, hashes, slots, stamps].reduce((sum, one) => sum + one.byteLength, 0);
  }

  /** One of `WordClass`. */
  classOf(id: number): number {
    return id < this.firstName ? (this.kinds[id] ?? WordClass.plain) : WordClass.plain;
  }

  /** The number of a name, a new one when it has none. Names are ASCII: a C identifier or a path. */
  id(name: string): number {
    return this.at(name, 0, name.length, hashOf(name));
  }

  /** The number of a name, -1 when nothing has mentioned it. */
  find(name: string): number {
    const slot = this.slotOf(name, 0, name.length, hashOf(name));
    return (this.slots[slot] ?? 0) - 1;
  }

  /** The name of a number. */
  of(id: number): string {
    const known = this.cache[id];
    if (known !== undefined) return known;
    const from = this.offsets[id] ?? 0;
    const name = String.fromCharCode(...this.chars.subarray(from, this.offsets[id + 1] ?? from));
    this.cache[id] = name;
    return name;
  }

  /** A new collection's number for `stamps`. */
  newStamp(): number {
    return ++this.lastStamp;
  }

  /** The number of the name at `start..end` of a text, whose hash the scanner has made on its way. */
  at(text: string, start: number, end: number, hash: number): number {
    const slot = this.slotOf(text, start, end, hash);
    const known = this.slots[slot] ?? 0;
    return known > 0 ? known - 1 : this.add(text, start, end, hash, slot);
  }

  private slotOf(text: string, start: number, end: number, hash: number): number {
    const { slots, hashes, offsets, chars } = this;
    const mask = slots.length - 1;
    const length = end - start;
    for (let slot = (hash ^ (hash >>> 15)) & mask; ; slot = (slot + 1) & mask) {
      const id = slots[slot]! - 1;
      if (id < 0) return slot;
      if (hashes[id] !== hash) continue;
      const from = offsets[id]!;
      if (offsets[id + 1]! - from !== length) continue;
      let k = 0;
      while (k < length && chars[from + k] === text.charCodeAt(start + k)) k++;
      if (k === length) return slot;
    }
  }

  private add(text: string, start: number, end: number, hash: number, slot: number): number {
    const id = this.count++;
    const from = this.offsets[id]!;
    const to = from + end - start;
    if (to > this.chars.length) this.chars = grown(this.chars, new Uint8Array(2 * to));
    for (let k = start; k < end; k++) this.chars[from + k - start] = text.charCodeAt(k);
    if (id >= this.hashes.length) {
      const size = 2 * this.hashes.length;
      this.hashes = grown(this.hashes, new Int32Array(size));
      this.stamps = grown(this.stamps, new Int32Array(size));
      this.offsets = grown(this.offsets, new Int32Array(size + 1));
    }
    this.hashes[id] = hash;
    this.offsets[id + 1] = to;
    this.slots[slot] = id + 1;
    if (2 * this.count > this.slots.length) this.rehash();
    return id;
  }

  private rehash(): void {
    const slots = new Int32Array(2 * this.slots.length);
    const mask = slots.length - 1;
    for (let id = 0; id < this.count; id++) {
      const hash = this.hashes[id]!;
      let slot = (hash ^ (hash >>> 15)) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = id + 1;
    }
    this.slots = slots;
  }
}

/** The factor of the hash that scanners make one character at a time: `imul(hash ^ code, hashFactor)`. */
export const hashFactor = 0x01000193;

function hashOf(name: string): number {
  let hash = 0;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), hashFactor);
  return hash;
}

function grown<T extends Uint8Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
