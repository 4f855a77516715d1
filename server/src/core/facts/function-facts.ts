/** The facts of one function body: calls, assignments, returns, and the conditions around each. */
import type { Ast } from '../syntax/ast.ts';
import { Assigns } from './assigns.ts';
import { BodyReader } from './body/statements.ts';
import { callableIn, declaredBy, parametersOf, typeOf } from './declarators.ts';
import type { FunctionFacts, Parameter, ParameterUse } from './types.ts';

/**
 * Reads a `function_definition`.
 * @returns undefined when the grammar found no name or no parameter list in it
 */
export function functionFacts(ast: Ast, node: number): FunctionFacts | undefined {
  const declared = declaredBy(ast, ast.child(node, 'declarator'));
  const list = declared.functionNode < 0 ? -1 : ast.child(declared.functionNode, 'parameters');
  const body = ast.child(node, 'body');
  if (declared.name === '' || list < 0 || body < 0) return undefined;
  const base = ast.start(node);
  const walker = new BodyReader(ast, base, callableIn(ast, list));
  walker.statement(body, -1);
  const relative = (at: number) => ({ start: ast.start(at) - base, end: ast.end(at) - base });
  const params = parametersOf(ast, list, base);
  const read = walker.finish();
  return {
    name: declared.name,
    nameStart: ast.start(declared.nameNode) - base,
    nameEnd: ast.end(declared.nameNode) - base,
    isStatic: ast
      .children(node)
      .some(
        (child) => ast.type(child) === 'storage_class_specifier' && ast.textOf(child) === 'static',
      ),
    returns: typeOf(ast, node, declared.pointers),
    params,
    paramList: relative(list),
    body: relative(body),
    ...read,
    assigned: new Assigns(read.assigns, read.calls),
    paramUses: parameterUses(ast, body, params, base),
    errors: ast.errorsIn(ast.span(node)),
  };
}

/** Every identifier of the body that is a parameter's name, macro arguments included. */
function parameterUses(
  ast: Ast,
  body: number,
  params: readonly Parameter[],
  base: number,
): ParameterUse[] {
  const names = new Map(params.map((param, index) => [param.name, index]));
  const out: ParameterUse[] = [];
  const walk = (node: number): void => {
    if (ast.type(node) === 'identifier') {
      const param = names.get(ast.textOf(node));
      if (param === undefined) return;
      const parent = ast.parent(node);
      const arrow =
        ast.type(parent) === 'field_expression' &&
        ast.child(parent, 'argument') === node &&
        ast.text.slice(ast.end(node), ast.start(ast.child(parent, 'field'))).trim() === '->';
      out.push({
        param,
        start: ast.start(node) - base,
        end: ast.end(node) - base,
        memberStart: arrow ? ast.start(ast.child(parent, 'field')) - base : -1,
      });
      return;
    }
    for (let child = ast.first(node); child >= 0; child = ast.next(child)) walk(child);
  };
  if (names.size > 0) walk(body);
  return out;
}
