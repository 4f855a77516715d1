/**
 * A file as its index shows it, whose items are parsed when somebody asks for their facts. What is
 * known of an item follows from its text alone, so a newer text of the file takes over the items that
 * it has in common with the older one.
 */
import { type BodyWords, bodyWords } from '../index/body-words.ts';
import { Column, type FileIndex, Flag } from '../index/file-index.ts';
import { livingText } from '../index/living.ts';
import { skim } from '../index/skim.ts';
import { isOutdated, type KernelVersion } from '../index/version-condition.ts';
import type { Words } from '../index/words.ts';
import { Assigns } from './assigns.ts';
import { madeHead } from './macro-heads.ts';
import { macroOf } from './macros.ts';
import { suppressionsIn } from './suppressions.ts';
import type {
  FileFacts,
  FunctionDef,
  FunctionFacts,
  MacroDef,
  Prototype,
  StructDef,
  Suppression,
  TableDef,
} from './types.ts';

/** Reads the facts of one item's text, as if it were a file. */
export type ReadItem = (text: string) => FileFacts;

/** What files share: the numbers of names, and the parser. */
export interface Reading {
  readonly words: Words;
  readonly readItem: ReadItem;
  /** The texts that could not be read, for their length or their depth: mostly none. */
  readonly unread: Set<string>;
  /** The kernel that the files are for: what it does not compile is not read. */
  readonly kernel?: KernelVersion | undefined;
}

/** The text of one item and what was read of it: one object as long as the text is the same. */
export class ItemText {
  readonly text: string;
  private readonly reading: Reading;
  private made: FileFacts | null = null;
  private scanned: BodyWords | null = null;

  constructor(reading: Reading, text: string) {
    this.reading = reading;
    this.text = text;
  }

  /** Offsets count from the start of the item. */
  get facts(): FileFacts {
    if (this.made === null) {
      this.made = this.reading.readItem(this.text);
      if (this.made.unread !== undefined) this.reading.unread.add(this.text);
    }
    return this.made;
  }

  get isRead(): boolean {
    return this.made !== null;
  }

  get bodyWords(): BodyWords {
    this.scanned ??= bodyWords(this.text, this.reading.words);
    return this.scanned;
  }
}

/** Something that the index lists, at its place. */
interface Listed {
  readonly item: number;
  readonly start: number;
  readonly text: ItemText;
}

/** What a function's head says of it. */
interface Head {
  readonly name: string;
  readonly isStatic: boolean;
  readonly isOutdated?: boolean;
}

/** A function at its place. Its facts are read when they are asked for. */
export class SourceFunction implements FunctionDef {
  readonly name: string;
  readonly isStatic: boolean;
  readonly start: number;
  readonly end: number;
  readonly body: ItemText;
  /** Its number in the index. */
  readonly item: number;
  /** Another definition of the name is the one that the newest kernel compiles. */
  readonly isOutdated: boolean;

  constructor(listed: Listed, { name, isStatic, isOutdated = false }: Head, end: number) {
    this.isOutdated = isOutdated;
    this.item = listed.item;
    this.start = listed.start;
    this.end = end;
    this.body = listed.text;
    this.name = name;
    this.isStatic = isStatic;
  }

  get facts(): FunctionFacts {
    return factsOfBody(this.body, this.name, this.isStatic);
  }
}

/** A function's facts; for a text that the parser does not take for that function, empty ones. */
export function factsOfBody(body: ItemText, name: string, isStatic: boolean): FunctionFacts {
  const { functions } = body.facts;
  const found = functions.find(({ facts }) => facts.name === name) ?? functions[0];
  return found && found.facts.name === name ? found.facts : noFacts(name, isStatic, body.text);
}

/** A struct, a table or a prototype with the name under which it is looked up. */
export interface Named {
  /** A struct's tag, a table's name, a prototype's. */
  readonly name: string;
  /** A table's struct tag. */
  readonly tag: string;
  readonly start: number;
  readonly text: ItemText;
  /** Its number in the index. */
  readonly item: number;
}

/** `module_platform_driver(foo_driver);` */
export interface FileUse {
  readonly macro: string;
  readonly words: readonly string[];
}

export class SourceFile {
  readonly path: string;
  readonly text: string;
  readonly index: FileIndex;
  readonly words: Words;
  readonly functions: readonly SourceFunction[];
  readonly structs: readonly Named[];
  readonly tables: readonly Named[];
  readonly prototypes: readonly Named[];
  readonly macros: readonly MacroDef[];
  private open: readonly number[] | null = null;
  private readonly reading: Reading;
  private silenced: readonly Suppression[] | null = null;
  private quoted: readonly string[] | null = null;
  private used: readonly FileUse[] | null = null;

  /** @param previous an older text of the file */
  constructor(reading: Reading, path: string, text: string, previous?: SourceFile) {
    this.path = path;
    this.text = text;
    this.reading = reading;
    this.words = reading.words;
    const living = reading.kernel ? livingText(text, reading.kernel) : text;
    const index = skim(living, reading.words);
    this.index = index;
    const known = previous?.itemTexts();
    const listed = (item: number): Listed => {
      const own = index.textOf(item, living);
      const body = known?.get(own) ?? new ItemText(reading, own);
      return { item, start: index.cell(item, Column.start), text: body };
    };
    const named = (item: number): Named => {
      const tag = index.cell(item, Column.extra);
      return {
        ...listed(item),
        name: this.nameOf(item),
        tag: tag < 0 ? '' : reading.words.of(tag),
      };
    };
    const macros = [...index.items('macro')].filter(
      (item) => (index.cell(item, Column.flags) & Flag.parameters) !== 0,
    );
    this.macros = macros.map((item) => macroOf(index.item(item), this.nameOf(item), living));
    const made = new Map(this.macros.map((macro) => [macro.name, macro]));
    const functions = [...index.items('function')];
    const names = functions.map((item) => this.nameOf(item));
    this.functions = functions.map((item, i) => {
      const [name = '', own] = [names[i], listed(item)];
      const at = (column: number): number => index.cell(item, column) - own.start;
      const isStatic = (index.cell(item, Column.flags) & Flag.static) !== 0;
      const macro = made.get(name);
      const head =
        macro &&
        madeHead(macro, own.text.text, at(Column.nameStart), at(Column.bodyStart), this.words);
      const isOld =
        reading.kernel !== undefined &&
        index.cell(item, Column.alternative) >= 0 &&
        names.indexOf(name) !== names.lastIndexOf(name) &&
        isOutdated(index, item, living, reading.kernel);
      const end = index.cell(item, Column.end);
      if (!head) return new SourceFunction(own, { name, isStatic, isOutdated: isOld }, end);
      const text = known?.get(head.text) ?? new ItemText(reading, head.text);
      const said = { name: head.name, isStatic: isStatic || head.isStatic };
      return new SourceFunction({ ...own, text }, said, end);
    });
    this.structs = [...index.items('struct')].map(named);
    this.tables = [...index.items('table')].map(named);
    this.prototypes = [...index.items('prototype')].map(named);
  }

  private itemTexts(): ReadonlyMap<string, ItemText> {
    const found = new Map<string, ItemText>();
    for (const { body } of this.functions) found.set(body.text, body);
    for (const list of [this.structs, this.tables, this.prototypes])
      for (const { text } of list) found.set(text.text, text);
    return found;
  }

  private nameOf(item: number): string {
    const word = this.index.cell(item, Column.name);
    return word < 0 ? '' : this.words.of(word);
  }

  get lineStarts(): readonly number[] {
    return this.index.lineStarts(this.text);
  }

  /** What is included in quotes, as written. */
  get includes(): readonly string[] {
    this.quoted ??= this.included(false);
    return this.quoted;
  }

  /** What is included in angle brackets. */
  get publicIncludes(): readonly string[] {
    return this.included(true);
  }

  private included(system: boolean): readonly string[] {
    const { index } = this;
    const names = [...index.items('include')].filter(
      (item) => ((index.cell(item, Column.flags) & Flag.system) !== 0) === system,
    );
    return [...new Set(names.map((item) => this.nameOf(item)))];
  }

  /** The macros that the file uses outside of functions, each with the words that it gives them. */
  get uses(): readonly FileUse[] {
    this.used ??= [...this.index.items('call')].map((item) => ({
      macro: this.nameOf(item),
      words: Array.from(this.index.calls(item), (word) => this.words.of(word)),
    }));
    return this.used;
  }

  get suppressions(): readonly Suppression[] {
    this.silenced ??= suppressionsIn(this.text, this.functions);
    return this.silenced;
  }

  /** Parse errors in all items, read or not. */
  countErrors(): number {
    return this.allTexts().reduce((sum, { facts }) => sum + facts.errors, 0);
  }

  /** How many parse errors more it has than another text of the file: only where they differ is read. */
  errorsOver(other: SourceFile): number {
    const left = new Map<string, ItemText[]>();
    for (const one of other.allTexts()) {
      const same = left.get(one.text);
      if (same) same.push(one);
      else left.set(one.text, [one]);
    }
    let errors = 0;
    for (const one of this.allTexts())
      if (left.get(one.text)?.pop() === undefined) errors += one.facts.errors;
    for (const { facts } of [...left.values()].flat()) errors -= facts.errors;
    return errors;
  }

  private allTexts(): ItemText[] {
    return [
      ...this.functions.map(({ body }) => body),
      ...[this.structs, this.tables, this.prototypes].flatMap((list) =>
        list.map(({ text }) => text),
      ),
    ];
  }

  /** Whether something in it does not close: it is cut off, or being typed in. */
  get isBroken(): boolean {
    return this.unclosed.length > 0;
  }

  /** The items that do not close. */
  get unclosed(): readonly number[] {
    this.open ??= [...this.index.items()].filter(
      (item) => (this.index.cell(item, Column.flags) & Flag.unclosed) !== 0,
    );
    return this.open;
  }

  /** What was asked for and could not be read, each as it is called, and why: looked for after each edit. */
  get unreadItems(): readonly { readonly name: string; readonly unread: string }[] {
    if (this.reading.unread.size === 0) return [];
    return [
      ...this.functions.map(({ name, body }) => ({ name: `${name}()`, text: body })),
      ...this.structs,
      ...this.tables,
    ].flatMap(({ name, text }) => {
      const { unread } = text.isRead ? text.facts : {};
      return unread === undefined ? [] : [{ name, unread }];
    });
  }
}

/** The structs that an item's text defines, those inside others included. */
export function structsOf({ text }: Named): readonly StructDef[] {
  return text.facts.structs;
}

/** The prototypes of an item, with offsets from the start of the file. */
export function prototypesOf({ text, start }: Named): readonly Prototype[] {
  return text.facts.prototypes.map((one) => ({
    ...one,
    start: one.start + start,
    end: one.end + start,
    paramList: { start: one.paramList.start + start, end: one.paramList.end + start },
    params: one.params.map((param) => ({
      ...param,
      start: param.start + start,
      end: param.end + start,
    })),
  }));
}

/** The table of an item, with offsets from the start of the item; undefined when it names nothing. */
export function tableOf({ text, name }: Named): TableDef | undefined {
  return text.facts.tables.find((one) => one.name === name) ?? text.facts.tables[0];
}

const nothingAssigned = new Assigns([], []);

function noFacts(name: string, isStatic: boolean, text: string): FunctionFacts {
  return {
    name,
    nameStart: 0,
    nameEnd: 0,
    isStatic,
    returns: { name: '', tagged: false, pointers: 0 },
    params: [],
    paramList: { start: 0, end: 0 },
    body: { start: text.length, end: text.length },
    calls: [],
    assigns: [],
    assigned: nothingAssigned,
    returnsOf: [],
    contexts: [],
    blocks: [],
    altered: [],
    locals: [],
    labels: [],
    gotos: [],
    paramUses: [],
    errors: 1,
  };
}
