/**
 * Macros of the module that stand for one call which the catalogue explains:
 * `#define foo_unpin(b) ttm_bo_unpin(&(b)->ttm)`. Where one is used, its call takes its place, so that
 * everything above the facts sees what runs. Offsets stay those of the macro's use.
 */
import type { Catalog } from '../catalog.ts';
import type { SourceFile } from '../facts/source-file.ts';
import type { Argument, CallFact, FunctionFacts, PathValue, Value } from '../facts/types.ts';
import { explainedNames } from './foreign.ts';

/** One macro: the call that it is, with its arguments as written. */
interface CallMacro {
  readonly callee: string;
  readonly params: readonly string[];
  readonly args: readonly string[];
}

const maximumDepth = 4;

type Named = readonly (readonly [string, CallMacro])[];

/** The macros of a program that stand for calls; facts as they make them. */
export class MacroCalls {
  /** Equal for equal macros. */
  readonly key: string;
  private readonly catalog: Catalog;
  private readonly explained: ReadonlySet<string>;
  private readonly macros: ReadonlyMap<string, CallMacro>;
  /** What each file's macros are: most of a driver's are no calls, and none changes with a keystroke in a body. */
  private readonly read = new Map<SourceFile, Named>();
  /** Facts as the macros make them: the same macros make the same of the same. */
  private readonly made: WeakMap<FunctionFacts, FunctionFacts>;
  private leading: ReadonlyMap<string, readonly string[]> | null = null;

  /** @param previous an earlier one of the program */
  constructor(files: readonly SourceFile[], catalog: Catalog, previous?: MacroCalls) {
    this.catalog = catalog;
    this.explained = previous?.catalog === catalog ? previous.explained : explainedNames(catalog);
    const casts = new Set(catalog.data.casts.map((one) => one.name));
    const all = new Map<string, CallMacro>();
    for (const file of files) {
      const own = previous?.read.get(file) ?? callsIn(file, this.explained, casts);
      this.read.set(file, own);
      for (const [name, macro] of own) all.set(name, macro);
    }
    const leads = (macro: CallMacro, depth: number): boolean => {
      if (this.explained.has(macro.callee)) return true;
      const next = all.get(macro.callee);
      return next !== undefined && depth < maximumDepth && leads(next, depth + 1);
    };
    this.macros = new Map([...all].filter(([, macro]) => leads(macro, 0)));
    this.key = JSON.stringify([...this.macros]);
    this.made = previous?.key === this.key ? previous.made : new WeakMap();
  }

  /** The macros that stand, in the end, for a call of `name`. */
  leadingTo(name: string): readonly string[] {
    if (this.macros.size === 0) return [];
    if (!this.leading) {
      const leading = new Map<string, string[]>();
      for (const [macro, { callee }] of this.macros) {
        for (let at: string | undefined = callee, depth = 0; at && depth <= maximumDepth; depth++) {
          const list = leading.get(at);
          if (list) list.push(macro);
          else leading.set(at, [macro]);
          at = this.macros.get(at)?.callee;
        }
      }
      this.leading = leading;
    }
    return this.leading.get(name) ?? [];
  }

  /** The names that calls of a macro are listed under in its place. */
  namesFor(macro: string): readonly string[] {
    const names: string[] = [];
    for (let at = this.macros.get(macro)?.callee; at && names.length <= maximumDepth; ) {
      names.push(at);
      at = this.macros.get(at)?.callee;
    }
    return names;
  }

  /** The macros whose calls are handed a word that their use does not show. */
  handingOn(word: string): readonly string[] {
    const names = new RegExp(`\\b${word}\\b`);
    const hands = (macro: string) => this.macros.get(macro)?.args.some((arg) => names.test(arg));
    return [...this.macros.keys()].filter((macro) => [macro, ...this.namesFor(macro)].some(hands));
  }

  /** A function's facts with the calls in the macros' places; where it uses none, the same object. */
  factsOf(facts: FunctionFacts): FunctionFacts {
    if (this.macros.size === 0 || !facts.calls.some((call) => this.macros.has(call.callee)))
      return facts;
    const known = this.made.get(facts);
    if (known) return known;
    const made = { ...facts, calls: facts.calls.map((call) => this.callOf(call, 0)) };
    this.made.set(facts, made);
    return made;
  }

  private callOf(call: CallFact, depth: number): CallFact {
    const macro = this.macros.get(call.callee);
    if (!macro || depth > maximumDepth || macro.params.length !== call.args.length) return call;
    const given = new Map(macro.params.map((param, i) => [param, call.args[i]]));
    const args = macro.args.map((text): Argument => argumentOf(text, given, call));
    return this.callOf(
      { ...call, callee: macro.callee, args, macro: call.macro ?? call.callee },
      depth + 1,
    );
  }
}

/** The macros of a file whose body is one call. What the catalogue explains by its own name stays. */
function callsIn(
  file: SourceFile,
  explained: ReadonlySet<string>,
  casts: ReadonlySet<string>,
): Named {
  return file.macros.flatMap(({ name, params, body }) => {
    const call = explained.has(name) || casts.has(name) ? undefined : callIn(body);
    return call && !casts.has(call.callee) ? [[name, { ...call, params }] as const] : [];
  });
}

/** A body that is a call and nothing else. */
function callIn(body: string): Omit<CallMacro, 'params'> | undefined {
  const bare = unwrapped(body.trim().replace(/;$/, ''));
  const [, callee = '', rest = ''] = /^(\w+)\s*\(([^]*)\)$/.exec(bare) ?? [];
  if (callee === '' || rest.includes('##') || /(^|[^#])#\s*\w/.test(rest)) return undefined;
  const args = splitArguments(rest);
  return args && { callee, args };
}

/** Without the parentheses around the whole. */
function unwrapped(text: string): string {
  let out = text.trim();
  while (out.startsWith('(') && out.endsWith(')') && splitArguments(out.slice(1, -1)) !== undefined)
    out = out.slice(1, -1).trim();
  return out;
}

/** The parts between commas outside of parentheses; undefined when the parentheses do not match. */
function splitArguments(text: string): string[] | undefined {
  const out: string[] = [];
  let level = 0;
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? '';
    if ('([{'.includes(char)) level++;
    else if (')]}'.includes(char) && --level < 0) return undefined;
    else if (char === ',' && level === 0) {
      out.push(text.slice(from, i).trim());
      from = i + 1;
    }
  }
  if (level !== 0) return undefined;
  const last = text.slice(from).trim();
  return last === '' && out.length === 0 ? [] : [...out, last];
}

function argumentOf(
  text: string,
  given: ReadonlyMap<string, Argument | undefined>,
  call: CallFact,
): Argument {
  const own = given.get(unwrapped(text));
  if (own) return own;
  const written = text.replace(
    /\(\s*([A-Za-z_]\w*)\s*\)|\b[A-Za-z_]\w*\b/g,
    (word, inner: string | undefined) => {
      const arg = given.get(inner ?? word);
      if (!arg) return word;
      return inner === undefined || /^[\w.>-]+$/.test(arg.text) ? arg.text : `(${arg.text})`;
    },
  );
  return { text: written, value: givenValue(text, given), start: call.start, end: call.end };
}

/** `&(b)->ttm` with `b` given: a path when what is given is one. */
function givenValue(text: string, given: ReadonlyMap<string, Argument | undefined>): Value {
  const [, address = '', root = '', rest = ''] =
    /^(&|\*)?[\s(]*(\w+)[\s)]*((?:(?:->|\.)\s*\w+[\s)]*)*)$/.exec(unwrapped(text)) ?? [];
  if (root === '') return { kind: 'words', words: text.match(/\b[A-Za-z_]\w*\b/g) ?? [] };
  if (/^\d/.test(root)) return { kind: 'literal', text };
  const steps = rest.match(/\w+/g) ?? [];
  const sign = address === '&' ? 1 : address === '*' ? -1 : 0;
  const arg = given.get(root);
  if (!arg) return { kind: 'path', root, steps, address: sign };
  return arg.value.kind === 'path'
    ? joined(arg.value, steps, sign)
    : { kind: 'words', words: arg.text.match(/\b[A-Za-z_]\w*\b/g) ?? [] };
}

function joined(from: PathValue, steps: readonly string[], sign: -1 | 0 | 1): PathValue {
  if (steps.length > 0)
    return { kind: 'path', root: from.root, steps: [...from.steps, ...steps], address: sign };
  const address = from.address + sign;
  return { ...from, address: address > 0 ? 1 : address < 0 ? -1 : 0 };
}
