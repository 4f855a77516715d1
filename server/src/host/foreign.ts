/**
 * Finds the modules that define what another one calls. A header that the module reads and that
 * declares the function says where to look, so that no tree is ever searched: the modules beside the
 * header, or the folder that the catalogue gives for the kernel's public ones.
 */
import type { Catalog } from '../core/catalog.ts';
import type { SourceFile } from '../core/facts/source-file.ts';
import type { Words } from '../core/index/words.ts';
import { exportFinder } from '../core/program/exports.ts';
import { explainedNames } from '../core/program/foreign.ts';
import type { KernelModule } from '../core/program/kbuild.ts';
import type { Files } from './files.ts';
import { type ModuleMap, moduleKey } from './modules.ts';
import type { Sources } from './sources.ts';

/** A module that another one calls, as files. */
export interface Provider {
  readonly module: KernelModule;
  /** Sources and headers. */
  readonly files: readonly string[];
  /** The names that are called from outside. */
  readonly exports: ReadonlySet<string>;
}

interface Exporter {
  readonly module: KernelModule;
  readonly file: string;
}

/** What a file adds to the names that its module's files have and know of. */
interface Outline {
  readonly defined: readonly string[];
  /** In headers only: elsewhere a declaration means a function of the file. */
  readonly declared: readonly string[];
  /** The public headers that it includes and the catalogue has a folder for. */
  readonly libraries: readonly string[];
  /** All of it as one text, to compare. */
  readonly key: string;
}

/** Names that headers of a module declare and its files do not define, each with where it may be
 * exported: a header, or a folder with a slash at its end. */
type OpenNames = ReadonlyMap<string, ReadonlySet<string>>;

type WordNames = ReadonlyMap<number, string>;

/** The names that anything read so far mentions, by their words. */
function wordsOf(words: Words, names: OpenNames): WordNames {
  const wanted = new Map<number, string>();
  for (const name of names.keys()) {
    const word = words.find(name);
    if (word >= 0) wanted.set(word, name);
  }
  return wanted;
}

/** Those of the names that a function or a table of the file mentions. */
function usedNames({ index }: SourceFile, wanted: WordNames): readonly string[] {
  const used = new Set<string>();
  for (const kind of ['function', 'table'] as const) {
    for (const item of index.items(kind)) {
      for (const word of index.mentions(item)) {
        const name = wanted.get(word);
        if (name !== undefined) used.add(name);
      }
    }
  }
  return [...used];
}

/** Modules call into each other over so many steps at most. */
const maximumSteps = 3;
/** Of larger modules only the file that exports is read, with its headers. */
const maximumSources = 60;

export class ForeignCode {
  readonly #sources: Sources;
  readonly #files: Files;
  readonly #modules: ModuleMap;
  readonly #catalog: Catalog;
  readonly #closure: (module: KernelModule) => readonly string[];
  readonly #exported: (text: string) => readonly string[];
  readonly #outlines = new WeakMap<SourceFile, Outline>();
  readonly #open = new Map<
    string,
    { readonly keys: readonly string[]; readonly names: OpenNames }
  >();
  readonly #used = new WeakMap<
    SourceFile,
    { readonly of: OpenNames; readonly names: readonly string[] }
  >();
  /** The words of the names that were last asked for: all files of a module are asked one after the other. */
  #wanted: { readonly of: OpenNames; readonly size: number; readonly words: WordNames } | undefined;
  readonly #exports = new Map<string, ReadonlyMap<string, Exporter>>();
  readonly #exportsIn = new Map<string, readonly string[]>();
  #explained: ReadonlySet<string> | undefined;

  constructor(
    sources: Sources,
    files: Files,
    modules: ModuleMap,
    catalog: Catalog,
    closure: (module: KernelModule) => readonly string[],
  ) {
    this.#sources = sources;
    this.#files = files;
    this.#modules = modules;
    this.#catalog = catalog;
    this.#closure = closure;
    this.#exported = exportFinder(catalog);
  }

  /** A file has another text: other names may be exported. */
  drop(path: string): void {
    if (this.#exportsIn.delete(path)) this.#exports.clear();
  }

  /** Files came or went. */
  forget(): void {
    this.#exports.clear();
    this.#exportsIn.clear();
    this.#open.clear();
  }

  /**
   * The modules that a module calls, as far as the facts at hand show: where the facts of a provider
   * are missing, get them and ask again.
   * @param files the module's own sources and headers, with facts
   */
  providersOf(module: KernelModule, files: readonly string[]): readonly Provider[] {
    const own = new Set(files);
    const found = new Map<
      string,
      { module: KernelModule; files: readonly string[]; exports: Set<string> }
    >();
    let callers: readonly { readonly module: KernelModule; readonly files: readonly string[] }[] = [
      { module, files },
    ];
    for (let step = 0; step < maximumSteps && callers.length > 0; step++) {
      const next: Provider[] = [];
      for (const caller of callers) {
        for (const [name, { module: from, file }] of this.#exportersFor(
          caller.module,
          caller.files,
        )) {
          if (own.has(file)) continue;
          const key = `${moduleKey(from)}\0${from.sources.length > maximumSources ? file : ''}`;
          const known = found.get(key);
          if (known) known.exports.add(name);
          else {
            const provider = {
              module: from,
              files: this.#filesOf(from, file),
              exports: new Set([name]),
            };
            found.set(key, provider);
            next.push(provider);
          }
        }
      }
      callers = next;
    }
    return [...found.values()].map((provider) => ({
      ...provider,
      files: provider.files.filter((file) => !own.has(file)),
    }));
  }

  #filesOf(module: KernelModule, file: string): readonly string[] {
    return this.#closure(
      module.sources.length > maximumSources ? { ...module, sources: [file] } : module,
    );
  }

  *#exportersFor(module: KernelModule, files: readonly string[]): Generator<[string, Exporter]> {
    const own = new Set(module.sources);
    const open = this.#openNames(module, files);
    const exports = new Map<string, ReadonlyMap<string, Exporter>>();
    for (const name of new Set(files.flatMap((path) => this.#usedOf(path, open)))) {
      for (const place of open.get(name) ?? []) {
        const there = exports.get(place) ?? this.#exportsAt(place, own);
        exports.set(place, there);
        const exporter = there.get(name);
        if (!exporter) continue;
        yield [name, exporter];
        break;
      }
    }
  }

  /** Those of the names that a file uses. */
  #usedOf(path: string, open: OpenNames): readonly string[] {
    const facts = this.#files.sourceOf(path);
    if (!facts || open.size === 0) return [];
    const known = this.#used.get(facts);
    if (known?.of === open) return known.names;
    const names = usedNames(facts, this.#wordsOf(facts.words, open));
    this.#used.set(facts, { of: open, names });
    return names;
  }

  /** Kept until another file brings words that were not there. */
  #wordsOf(words: Words, open: OpenNames): WordNames {
    const known = this.#wanted;
    if (known?.of === open && known.size === words.size) return known.words;
    const found = wordsOf(words, open);
    this.#wanted = { of: open, size: words.size, words: found };
    return found;
  }

  /** Kept until a file defines, declares or includes something else: no keystroke in a body does. */
  #openNames(module: KernelModule, files: readonly string[]): OpenNames {
    const outlines = files.map((path) => this.#outlineOf(path));
    const keys = outlines.map((outline) => outline?.key ?? '');
    const known = this.#open.get(moduleKey(module));
    if (known && known.keys.length === keys.length && known.keys.every((key, i) => key === keys[i]))
      return known.names;
    const names = this.#findOpen(files, outlines);
    this.#open.set(moduleKey(module), { keys, names });
    return names;
  }

  #findOpen(files: readonly string[], outlines: readonly (Outline | undefined)[]): OpenNames {
    const defined = new Set(outlines.flatMap((outline) => outline?.defined ?? []));
    this.#explained ??= explainedNames(this.#catalog);
    const explained = this.#explained;
    const open = new Map<string, Set<string>>();
    const declare = (name: string, place: string): void => {
      if (defined.has(name) || explained.has(name)) return;
      const places = open.get(name);
      if (places) places.add(place);
      else open.set(name, new Set([place]));
    };
    outlines.forEach((outline, i) => {
      for (const name of outline?.declared ?? []) declare(name, files[i] ?? '');
    });
    for (const header of new Set(outlines.flatMap((outline) => outline?.libraries ?? []))) {
      const folders = this.#foldersOf(header);
      for (const name of this.#declaredIn(header))
        for (const folder of folders) declare(name, `${folder}/`);
    }
    return open;
  }

  #outlineOf(path: string): Outline | undefined {
    const facts = this.#files.sourceOf(path);
    if (!facts) return undefined;
    const known = this.#outlines.get(facts);
    if (known) return known;
    const outline = {
      defined: [
        ...facts.functions.map(({ name }) => name),
        ...facts.macros.map((macro) => macro.name),
      ],
      declared: path.endsWith('.h') ? facts.prototypes.map((prototype) => prototype.name) : [],
      libraries: this.#files
        .publicIncludesOf(path)
        .filter((header) => this.#foldersOf(header).length > 0),
    };
    const lists = [outline.defined, outline.declared, outline.libraries];
    const full = { ...outline, key: lists.map((list) => list.join(' ')).join('\n') };
    this.#outlines.set(facts, full);
    return full;
  }

  /** Where the functions of a public header live. */
  #foldersOf(header: string): readonly string[] {
    const libraries = this.#catalog.data.libraries.filter(({ headers }) =>
      header.startsWith(headers),
    );
    return libraries.map(({ folder }) => folder);
  }

  /** The names before a parenthesis in a public header: those of its functions are among them. */
  #declaredIn(header: string): ReadonlySet<string> {
    const text = this.#sources.text(`include/${header}`) ?? '';
    return new Set(Array.from(text.matchAll(/\b(\w+)\s*\(/g), (match) => match[1] ?? ''));
  }

  /**
   * What the modules beside a header, or below a folder, export. One that shares sources with the
   * caller's module is another build of the same code.
   */
  #exportsAt(place: string, own: ReadonlySet<string>): ReadonlyMap<string, Exporter> {
    const all = place.endsWith('/')
      ? this.#modules.modulesUnder(place.slice(0, -1))
      : this.#modules.modulesOf(place);
    const modules = all.filter((module) => !module.sources.some((file) => own.has(file)));
    const key = modules.map(moduleKey).join('\n');
    const known = this.#exports.get(key);
    if (known) return known;
    const found = new Map<string, Exporter>();
    for (const module of modules) {
      for (const file of module.sources)
        for (const name of this.#namesIn(file)) found.set(name, { module, file });
    }
    this.#exports.set(key, found);
    return found;
  }

  /** The names that a module gives to others. */
  exportsOf(module: KernelModule): readonly string[] {
    return module.sources.flatMap((file) => this.#namesIn(file));
  }

  /** What one file exports. */
  #namesIn(file: string): readonly string[] {
    const known = this.#exportsIn.get(file);
    if (known) return known;
    const names = this.#exported(this.#sources.text(file) ?? '');
    this.#exportsIn.set(file, names);
    return names;
  }
}
