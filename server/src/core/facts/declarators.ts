/** Names, types and parameters out of C declarators. */
import type { Ast } from '../syntax/ast.ts';
import type { Parameter, TypeRef } from './types.ts';

export interface Declared {
  /** `''` for an abstract declarator. */
  readonly name: string;
  /** Node of the name, -1 for none. */
  readonly nameNode: number;
  readonly pointers: number;
  readonly array: boolean;
  /** The node of the outermost function declarator around the name, -1 when it declares no function. */
  readonly functionNode: number;
}

/** Unwraps a declarator down to its name. */
export function declaredBy(ast: Ast, declarator: number): Declared {
  let pointers = 0;
  let array = false;
  let functionNode = -1;
  for (let at = declarator; at >= 0; ) {
    const type = ast.type(at);
    if (type === 'identifier' || type === 'field_identifier' || type === 'type_identifier') {
      return { name: ast.textOf(at), nameNode: at, pointers, array, functionNode };
    }
    if (type === 'pointer_declarator' || type === 'abstract_pointer_declarator') pointers++;
    else if (type === 'array_declarator' || type === 'abstract_array_declarator') array = true;
    else if (type === 'function_declarator' || type === 'abstract_function_declarator')
      functionNode = at;
    const inner = ast.child(at, 'declarator');
    at =
      inner >= 0
        ? inner
        : type === 'parenthesized_declarator' || type === 'attributed_declarator'
          ? ast.only(at)
          : -1;
  }
  return { name: '', nameNode: -1, pointers, array, functionNode };
}

/** The type of a declaration, parameter or definition, with the pointers of one of its declarators. */
export function typeOf(ast: Ast, declaration: number, pointers: number): TypeRef {
  const node = ast.child(declaration, 'type');
  if (node < 0) return { name: '', tagged: false, pointers };
  switch (ast.type(node)) {
    case 'struct_specifier':
    case 'union_specifier':
    case 'enum_specifier': {
      const name = ast.child(node, 'name');
      return { name: name < 0 ? '' : ast.textOf(name), tagged: true, pointers };
    }
    default:
      return { name: ast.textOf(node).replace(/\s+/g, ' ').slice(0, 80), tagged: false, pointers };
  }
}

/** The parameters of a function declarator's list; `(void)` has none. Offsets count from `base`. */
export function parametersOf(ast: Ast, list: number, base: number): Parameter[] {
  const out: Parameter[] = [];
  for (const node of ast.children(list)) {
    if (ast.type(node) !== 'parameter_declaration') continue;
    const declared = declaredBy(ast, ast.child(node, 'declarator'));
    const type = typeOf(ast, node, declared.pointers + (declared.array ? 1 : 0));
    if (
      type.name === 'void' &&
      type.pointers === 0 &&
      declared.name === '' &&
      declared.functionNode < 0
    )
      continue;
    out.push({
      name: declared.name,
      type,
      start: ast.start(node) - base,
      end: ast.end(node) - base,
    });
  }
  return out;
}

const number =
  /^(?:(?:unsigned|signed|const|volatile|char|short|int|long|float|double|_*bool|void|[us]\d+|__[a-z]+\d+|u?int\d+_t|s?size_t|resource_size_t|dma_addr_t|gfp_t)\s*)+$/i;

/** Whether a declaration of the type can be called: a function pointer, or what a typedef may make one. */
export function isCallable(declared: Declared, type: TypeRef): boolean {
  return (
    declared.functionNode >= 0 ||
    (!type.tagged && type.pointers === 0 && type.name !== '' && !number.test(type.name))
  );
}

/** The names of a parameter list that can be called. */
export function callableIn(ast: Ast, list: number): string[] {
  return ast.children(list).flatMap((node) => {
    if (ast.type(node) !== 'parameter_declaration') return [];
    const declared = declaredBy(ast, ast.child(node, 'declarator'));
    return declared.name !== '' && isCallable(declared, typeOf(ast, node, declared.pointers))
      ? [declared.name]
      : [];
  });
}
