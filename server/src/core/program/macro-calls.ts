/**
 * Macros of the module that stand for one call which the catalogue explains:
 * `#define foo_unpin(b) ttm_bo_unpin(&(b)->ttm)`; or for one that registers an action, by itself or by a
 * function of the module, whatever words of comfort stand around it: `({ int err = foo_defer(x, fn); … err; })`.
 * Where one is used, its call takes its place, so that everything above the facts sees what runs. Offsets
 * stay those of the macro's use.
 */

import type { Catalog } from '../catalog.ts';
import { Assigns } from '../facts/assigns.ts';
import type { SourceFile, SourceFunction } from '../facts/source-file.ts';
import type {
  Argument,
  AssignFact,
  CallFact,
  FunctionFacts,
  PathValue,
  Value,
} from '../facts/types.ts';
import { push } from '../push.ts';
import { explainedNames } from './foreign.ts';

/** One macro: the call that it is, with its arguments as written. */
interface CallMacro {
  readonly callee: string;
  readonly params: readonly string[];
  readonly args: readonly string[];
  /** The variable that is given the answer, when it is one that the macro is handed: `do { ret = f(x); } while (0)`. */
  readonly result?: string;
}

const maximumDepth = 4;

type Named = readonly (readonly [string, CallMacro])[];

/** What a file's macros may stand for, and its functions that register what they are handed. */
interface Read {
  readonly calls: Named;
  /** Bodies of several statements, with those that are calls whose answer is the macro's, or nobody's. */
  readonly blocks: readonly (readonly [string, readonly CallMacro[]])[];
  readonly registrars: readonly string[];
}

/** The macros of a program that stand for calls; facts as they make them. */
export class MacroCalls {
  /** Equal for equal macros. */
  readonly key: string;
  private readonly catalog: Catalog;
  private readonly explained: ReadonlySet<string>;
  private readonly macros: ReadonlyMap<string, CallMacro>;
  /** What each file's macros are: most of a driver's are no calls, and none changes with a keystroke in a body. */
  private readonly read = new Map<SourceFile, Read>();
  /** Facts as the macros make them: the same macros make the same of the same. */
  private readonly made: WeakMap<FunctionFacts, FunctionFacts>;
  private leading: ReadonlyMap<string, readonly string[]> | null = null;
  /** The functions that register what they are handed, and the macros' functions that were looked at for it. */
  private readonly registering: ReadonlySet<string>;
  private readonly named: ReadonlySet<string>;

  /** For newer files: the same object where none of them says anything else about macros than its older text. */
  static after(
    previous: MacroCalls,
    before: readonly SourceFile[],
    files: readonly SourceFile[],
    catalog: Catalog,
  ): MacroCalls {
    const stays =
      previous.catalog === catalog &&
      before.length === files.length &&
      files.every((file, i) => file === before[i] || previous.readsAlike(before[i], file));
    return stays ? previous : new MacroCalls(files, catalog, previous);
  }

  /** Whether a file says the same as an older text of it, which is read no more from now on. */
  private readsAlike(before: SourceFile | undefined, file: SourceFile): boolean {
    const known = before && this.read.get(before);
    if (!known || before.path !== file.path) return false;
    const own = this.readingOf(file);
    const callers = (one: SourceFile) =>
      callersIn(one, this.named, this.registering)
        .map(({ name }) => name)
        .join();
    if (JSON.stringify(own) !== JSON.stringify(known) || callers(file) !== callers(before))
      return false;
    this.read.delete(before);
    this.read.set(file, own);
    return true;
  }

  private readingOf(file: SourceFile): Read {
    const { data } = this.catalog;
    const casts = new Set(data.casts.map((one) => one.name));
    const actions = data.managed.filter(({ role }) => role === 'add-action');
    return {
      ...callsIn(file, this.explained, casts),
      registrars: registrarsIn(file, actions),
    };
  }

  /** @param previous an earlier one of the program */
  constructor(files: readonly SourceFile[], catalog: Catalog, previous?: MacroCalls) {
    this.catalog = catalog;
    this.explained = previous?.catalog === catalog ? previous.explained : explainedNames(catalog);
    const registering = new Set(
      catalog.data.managed.flatMap(({ role, name }) => (role === 'add-action' ? [name] : [])),
    );
    const all = new Map<string, CallMacro>();
    const blocks: (readonly [string, readonly CallMacro[]])[] = [];
    for (const file of files) {
      const own = previous?.read.get(file) ?? this.readingOf(file);
      this.read.set(file, own);
      for (const [name, macro] of own.calls) all.set(name, macro);
      blocks.push(...own.blocks);
      for (const name of own.registrars) registering.add(name);
    }
    const standing = [...all.values(), ...blocks.flatMap(([, of]) => of)];
    for (let round = 0; round < maximumDepth; round++)
      if (!addCallers(files, standing, registering)) break;
    this.registering = registering;
    this.named = new Set(standing.map(({ callee }) => callee));
    const registers = (macro: CallMacro, depth: number): boolean => {
      const next = all.get(macro.callee);
      return (
        registering.has(macro.callee) ||
        (next !== undefined && depth < maximumDepth && registers(next, depth + 1))
      );
    };
    for (const [name, of] of blocks) {
      const [one, other] = of.filter((macro) => registers(macro, 0));
      if (one && !other) all.set(name, one);
    }
    const leads = (macro: CallMacro, depth: number): boolean => {
      if (this.explained.has(macro.callee) || registering.has(macro.callee)) return true;
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
          push(leading, at, macro);
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
    const calls = facts.calls.map((call) => this.callOf(call, 0));
    const given = facts.calls.flatMap((call, i) => this.givenBy(call, calls[i], i));
    const assigns = given.length === 0 ? facts.assigns : inOrder([...facts.assigns, ...given]);
    const made = { ...facts, calls, assigns, assigned: new Assigns(assigns, calls) };
    this.made.set(facts, made);
    return made;
  }

  private callOf(call: CallFact, depth: number): CallFact {
    const macro = this.macros.get(call.callee);
    if (!macro || depth > maximumDepth || macro.params.length !== call.args.length) return call;
    const given = new Map(macro.params.map((param, i) => [param, call.args[i]]));
    const args = macro.args.map((text): Argument => argumentOf(text, given, call));
    const use = this.resultOf(call) ? 'assigned' : call.use;
    return this.callOf(
      { ...call, callee: macro.callee, args, use, macro: call.macro ?? call.callee },
      depth + 1,
    );
  }

  /** The variable that a use of a macro is handed for the answer. */
  private resultOf(call: CallFact): PathValue | undefined {
    const macro = this.macros.get(call.callee);
    const value = macro?.result && call.args[macro.params.indexOf(macro.result)]?.value;
    return value && value.kind === 'path' ? value : undefined;
  }

  /** The assignment that a macro makes. */
  private givenBy(written: CallFact, call: CallFact | undefined, index: number): AssignFact[] {
    const target = call && call !== written ? this.resultOf(written) : undefined;
    if (!target) return [];
    const { start, end, context, block } = written;
    const value = { kind: 'call' as const, call: index };
    return [{ start, end, target, value, context, block, declares: false }];
  }
}

/** The macros of a file whose body is one call, or has one. What the catalogue explains by its own name stays. */
function callsIn(
  file: SourceFile,
  explained: ReadonlySet<string>,
  casts: ReadonlySet<string>,
): Pick<Read, 'calls' | 'blocks'> {
  const calls: (readonly [string, CallMacro])[] = [];
  const blocks: (readonly [string, readonly CallMacro[]])[] = [];
  for (const { name, params, body } of file.macros) {
    if (explained.has(name) || casts.has(name)) continue;
    const whole = callIn(body);
    if (whole && !casts.has(whole.callee)) calls.push([name, { ...whole, params }]);
    const among = whole ? [] : callsAmong(body, params);
    if (among.length > 0) blocks.push([name, among.map((call) => ({ ...call, params }))]);
  }
  return { calls, blocks };
}

function inOrder(assigns: readonly AssignFact[]): AssignFact[] {
  return [...assigns].sort((a, b) => a.start - b.start);
}

/** What calls a function that registers is one itself, as far as macros name it: whether there are any more. */
function addCallers(
  files: readonly SourceFile[],
  macros: readonly CallMacro[],
  registering: Set<string>,
): boolean {
  const named = new Set(
    macros.map(({ callee }) => callee).filter((name) => !registering.has(name)),
  );
  if (named.size === 0 || registering.size === 0) return false;
  const found = files.flatMap((file) => callersIn(file, named, registering));
  for (const { name } of found) registering.add(name);
  return found.length > 0;
}

/** The functions of these names in a file that call one which registers. */
function callersIn(
  { functions, words, index }: SourceFile,
  named: ReadonlySet<string>,
  registering: ReadonlySet<string>,
): SourceFunction[] {
  const own = functions.filter(({ name }) => named.has(name));
  if (own.length === 0) return [];
  const ids = [...registering].map((name) => words.find(name)).filter((id) => id >= 0);
  return own.filter(({ item }) => ids.some((id) => index.callsWord(item, id)));
}

/** The functions of a file that call what registers actions. */
function registrarsIn(file: SourceFile, actions: readonly { readonly name: string }[]): string[] {
  const words = actions.map(({ name }) => file.words.find(name)).filter((word) => word >= 0);
  if (words.length === 0) return [];
  return file.functions
    .filter(({ item }) => words.some((word) => file.index.callsWord(item, word)))
    .map(({ name }) => name);
}

/**
 * `({ int err = f(x); if (err) warn(); err; })`, `do { f(x); count++; } while (0)`: the calls that are made each
 * time.
 */
function callsAmong(body: string, params: readonly string[]): Omit<CallMacro, 'params'>[] {
  const bare = body.replace(/\\\n/g, ' ').trim();
  const [, expression, statement] =
    /^\(\s*\{([^]*)\}\s*\)$|^do\s*\{([^]*)\}\s*while\s*\(\s*0\s*\)\s*;?$/.exec(bare) ?? [];
  const inner = expression ?? statement;
  if (inner === undefined || /\b(?:for|while|goto|return)\b/.test(inner)) return [];
  const statements = inner.split(';').map((one) => one.trim());
  const last = statements.findLast((one) => one !== '');
  return statements.flatMap((one) => {
    const [, name, call = ''] = /^(?:(?:\w+\s+\**)?(\w+)\s*=\s*)?(\w+\s*\([^]*\))$/.exec(one) ?? [];
    const found = call === '' ? undefined : callIn(call);
    const result = name !== undefined && params.includes(name) ? { result: name } : {};
    const answers =
      expression === undefined || name === last || (name === undefined && one === last);
    return found && answers && !/^(?:if|switch|sizeof)$/.test(found.callee)
      ? [{ ...found, ...result }]
      : [];
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
  if (root === '') return { kind: 'words', ...wordsOf(text, given) };
  if (/^\d/.test(root)) return { kind: 'literal', text };
  const steps = rest.match(/\w+/g) ?? [];
  const sign = address === '&' ? 1 : address === '*' ? -1 : 0;
  const arg = given.get(root);
  if (!arg) return { kind: 'path', root, steps, address: sign };
  return arg.value.kind === 'path'
    ? joined(arg.value, steps, sign)
    : { kind: 'words', words: arg.text.match(/\b[A-Za-z_]\w*\b/g) ?? [] };
}

/** `(foo)->regs + (reg)`: the members that an expression leads to, and the words that it names beside. */
function wordsOf(
  text: string,
  given: ReadonlyMap<string, Argument | undefined>,
): { readonly words: readonly string[]; readonly paths?: readonly PathValue[] } {
  const members = /[\s(]*\b[A-Za-z_]\w*[\s)]*(?:(?:->|\.)\s*\w+\s*)+/g;
  const paths = (text.match(members) ?? [])
    .map((one) => givenValue(one.replace(/[()]/g, ''), given))
    .filter((one) => one.kind === 'path');
  const words = (text.replace(members, ' ').match(/\b[A-Za-z_]\w*\b/g) ?? []).flatMap(
    (word) => given.get(word)?.text.match(/\b[A-Za-z_]\w*\b/g) ?? [word],
  );
  return paths.length > 0 ? { words, paths } : { words };
}

function joined(from: PathValue, steps: readonly string[], sign: -1 | 0 | 1): PathValue {
  if (steps.length > 0)
    return { kind: 'path', root: from.root, steps: [...from.steps, ...steps], address: sign };
  const address = from.address + sign;
  return { ...from, address: address > 0 ? 1 : address < 0 ? -1 : 0 };
}
