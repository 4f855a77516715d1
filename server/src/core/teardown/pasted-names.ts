/**
 * Functions that a macro of the module defines by pasting names together, and what they take: the
 * program holds no definition of them, so their calls are read off the macro's text.
 */
import type { Catalog, ManagedApi } from '../catalog.ts';
import type { CallFact } from '../facts/types.ts';
import type { FunctionRef, Program } from '../program/program.ts';

interface Pasted {
  /** Fits the names that the macro can make. */
  readonly name: RegExp;
  readonly apis: readonly ManagedApi[];
}

export class PastedFunctions {
  private readonly program: Program;
  private readonly patterns: readonly Pasted[];

  constructor(program: Program, catalog: Catalog) {
    this.program = program;
    this.patterns = program
      .ownMacros()
      .flatMap((macro) => (macro.body.includes('##') ? pastedIn(macro.body, catalog) : []));
  }

  /** The functions that call one. */
  *callers(): Generator<FunctionRef> {
    if (this.patterns.length === 0) return;
    for (const fn of this.program.functions)
      if (this.mayCall(fn) && fn.facts.calls.some((call) => this.takenBy(fn, call).length > 0))
        yield fn;
  }

  /** Whether one of the names that a function calls fits: read off the index. */
  private mayCall({ called, file }: FunctionRef): boolean {
    const { words } = file.source;
    return called.some((word) => this.patterns.some(({ name }) => name.test(words.of(word))));
  }

  /** What a call takes by way of a pasted function. */
  takenBy(fn: FunctionRef, { callee }: CallFact): readonly ManagedApi[] {
    if (callee === '' || this.patterns.length === 0 || this.program.resolve(callee, fn.file))
      return [];
    return this.patterns.find((one) => one.name.test(callee))?.apis ?? [];
  }
}

/** The function definitions in a macro's body whose names are pasted. */
function pastedIn(body: string, catalog: Catalog): Pasted[] {
  const text = body.replace(/\\\r?\n/g, '\n');
  const heads = [...text.matchAll(/((?:\w+\s*##\s*)+\w+)\s*\([^;{}]*\)\s*\{/g)];
  return heads.flatMap(({ 1: pasted = '', index }, i) => {
    const code = text.slice(index, heads[i + 1]?.index);
    const apis = [...code.matchAll(/\b(\w+)\s*\(/g)]
      .flatMap(([, word = '']) => catalog.managed.get(word) ?? [])
      .filter((api) => api.role === 'acquire');
    const parts = pasted.split('##').map((part) => part.trim());
    // A macro's parameter can be any name; the other parts stand as they are.
    const name = parts.map((part, at) => (at % 2 === 1 ? '\\w+' : part)).join('');
    return apis.length > 0 && parts.length > 1 ? [{ name: new RegExp(`^${name}$`), apis }] : [];
  });
}
