/** The facts of one file: functions, prototypes, structs, tables of function pointers, macros. */
import type { Ast } from '../syntax/ast.ts';
import { declaredBy, isCallable, parametersOf, typeOf } from './declarators.ts';
import { functionFacts } from './function-facts.ts';
import { macroOf } from './macros.ts';
import type {
  FileFacts,
  FunctionDef,
  MacroDef,
  Member,
  Prototype,
  StructDef,
  TableDef,
  TableEntry,
} from './types.ts';

const containers = new Set([
  'preproc_if',
  'preproc_ifdef',
  'preproc_else',
  'preproc_elif',
  'linkage_specification',
  'declaration_list',
  'ERROR',
]);

/** Reads a whole file. Never throws on bad C: what could not be read is missing and counted in `errors`. */
export function fileFacts(ast: Ast): FileFacts {
  const reader = new FileReader(ast);
  reader.items(0);
  const { includes, functions, prototypes, structs, tables, macros } = reader;
  return {
    includes: kept(includes),
    functions: kept(functions),
    prototypes: kept(prototypes),
    structs: kept(structs),
    tables: kept(tables),
    macros: kept(macros),
    errors: ast.errors.length,
  };
}

const none: readonly never[] = [];

/** Most texts are one item: their other lists are one and the same. */
function kept<T>(list: readonly T[]): readonly T[] {
  return list.length === 0 ? none : list;
}

class FileReader {
  readonly includes: string[] = [];
  readonly functions: FunctionDef[] = [];
  readonly prototypes: Prototype[] = [];
  readonly structs: StructDef[] = [];
  readonly tables: TableDef[] = [];
  readonly macros: MacroDef[] = [];
  private readonly ast: Ast;

  constructor(ast: Ast) {
    this.ast = ast;
  }

  items(parent: number): void {
    for (const node of this.ast.children(parent)) this.item(node);
  }

  private item(node: number): void {
    const { ast } = this;
    const type = ast.type(node);
    if (containers.has(type)) this.items(node);
    else if (type === 'function_definition') this.functionDefinition(node);
    else if (type === 'declaration') this.declaration(node);
    else if (type === 'struct_specifier' || type === 'union_specifier') this.struct(node);
    else if (type === 'type_definition') this.struct(ast.child(node, 'type'));
    else if (type === 'preproc_include') {
      const name = /^"(.*)"$/.exec(ast.textOf(ast.child(node, 'path')))?.[1];
      if (name !== undefined) this.includes.push(name);
    } else if (type === 'preproc_function_def') {
      const [start, end] = [ast.start(node), ast.end(node)];
      const name = ast.child(node, 'name');
      const params = ast.child(node, 'parameters');
      const value = ast.child(node, 'value');
      this.macros.push(
        macroOf(
          {
            start,
            end,
            paramsStart: ast.start(params),
            headEnd: ast.end(params),
            bodyStart: value < 0 ? end : ast.start(value),
          },
          ast.textOf(name),
          ast.text,
        ),
      );
    }
  }

  private functionDefinition(node: number): void {
    const { ast } = this;
    this.struct(ast.child(node, 'type'));
    const facts = functionFacts(ast, node);
    if (facts) this.functions.push({ facts, ...ast.span(node) });
  }

  private declaration(node: number): void {
    const { ast } = this;
    this.struct(ast.child(node, 'type'));
    for (const child of ast.children(node)) {
      if (ast.field(child) !== 'declarator') continue;
      const initialised = ast.type(child) === 'init_declarator';
      const declared = declaredBy(ast, initialised ? ast.child(child, 'declarator') : child);
      if (declared.name === '') continue;
      if (!initialised && declared.functionNode >= 0) {
        const list = ast.child(declared.functionNode, 'parameters');
        this.prototypes.push({
          name: declared.name,
          params: parametersOf(ast, list, 0),
          paramList: ast.span(list),
          ...ast.span(node),
        });
      }
      const value = initialised ? ast.child(child, 'value') : -1;
      const type = typeOf(ast, node, 0);
      const list = value >= 0 && ast.type(value) === 'initializer_list';
      if (list && (type.tagged || (declared.array && isCallable(declared, type)))) {
        const entries: TableEntry[] = [];
        this.initializer(value, '', entries);
        if (entries.length > 0)
          this.tables.push({
            name: declared.name,
            struct: type.tagged ? type.name : '',
            entries,
            ...ast.span(child),
          });
      }
    }
  }

  private initializer(list: number, prefix: string, out: TableEntry[]): void {
    const { ast } = this;
    let place = -1;
    for (const pair of ast.children(list)) {
      if (ast.type(pair) !== 'initializer_pair') {
        if (ast.type(pair) !== 'comment') place++;
        if (ast.type(pair) === 'initializer_list') this.initializer(pair, prefix, out);
        else if (ast.type(pair) === 'call_expression') out.push(...elementsIn(ast, pair));
        else if (isFunctionLike(ast, pair))
          out.push({ member: `[${place}]`, value: ast.textOf(pair), ...ast.span(pair) });
        continue;
      }
      const designators = ast
        .children(pair)
        .filter((child) => ast.type(child) === 'field_designator');
      const member = [prefix, ...designators.map((child) => ast.textOf(child).slice(1).trim())]
        .filter(Boolean)
        .join('.');
      const value = ast.child(pair, 'value');
      if (value < 0) continue;
      if (ast.type(value) === 'initializer_list') this.initializer(value, member, out);
      else
        for (const name of namesIn(ast, value))
          out.push({ member, value: name, ...ast.span(value) });
    }
  }

  private struct(node: number): void {
    const { ast } = this;
    if (node < 0) return;
    const type = ast.type(node);
    const body = ast.child(node, 'body');
    if ((type !== 'struct_specifier' && type !== 'union_specifier') || body < 0) return;
    const name = ast.child(node, 'name');
    this.structs.push({
      tag: name < 0 ? '' : ast.textOf(name),
      members: this.members(body),
      ...ast.span(node),
    });
  }

  private members(body: number): Member[] {
    const { ast } = this;
    const out: Member[] = [];
    for (const node of ast.children(body)) {
      if (containers.has(ast.type(node))) out.push(...this.members(node));
      if (ast.type(node) !== 'field_declaration') continue;
      const type = ast.child(node, 'type');
      const inner = type >= 0 && ast.type(type) !== 'enum_specifier' ? ast.child(type, 'body') : -1;
      const members = inner < 0 ? [] : this.members(inner);
      // A struct with a tag that is defined inside another is a struct of its own, too.
      if (inner >= 0 && ast.child(type, 'name') >= 0) this.struct(type);
      const declarators = ast.children(node).filter((child) => ast.field(child) === 'declarator');
      if (declarators.length === 0 && members.length > 0)
        out.push({
          name: '',
          type: { name: '', tagged: true, pointers: 0 },
          array: false,
          members,
        });
      for (const declarator of declarators) {
        const declared = declaredBy(ast, declarator);
        out.push({
          name: declared.name,
          type: typeOf(ast, node, declared.pointers),
          array: declared.array,
          members,
        });
      }
    }
    return out;
  }
}

/** An element that a macro makes, `DEF(NR, fn, FLAGS)`: its arguments that can be functions, as members `DEF(1)`. */
function elementsIn(ast: Ast, call: number): TableEntry[] {
  const name = ast.textOf(ast.child(call, 'function'));
  return ast
    .children(ast.child(call, 'arguments'))
    .filter((arg) => ast.type(arg) !== 'comment')
    .flatMap((arg, i) =>
      isFunctionLike(ast, arg)
        ? [{ member: `${name}(${i})`, value: ast.textOf(arg), ...ast.span(arg) }]
        : [],
    );
}

/** A plain name that is no constant by its letters. */
function isFunctionLike(ast: Ast, node: number): boolean {
  return ast.type(node) === 'identifier' && /[a-z]/.test(ast.textOf(node));
}

/** The plain names of an initialiser's value: `fn`, `&ops`, `pm_ptr(&ops)`. */
function namesIn(ast: Ast, node: number): string[] {
  if (ast.type(node) === 'identifier') return [ast.textOf(node)];
  if (ast.type(node) === 'call_expression')
    return ast.children(ast.child(node, 'arguments')).flatMap((arg) => namesIn(ast, arg));
  if (
    ['pointer_expression', 'parenthesized_expression', 'cast_expression'].includes(ast.type(node))
  ) {
    return ast.children(node).flatMap((child) => namesIn(ast, child));
  }
  return [];
}
