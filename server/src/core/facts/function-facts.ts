/** The facts of one function body: calls, assignments, returns, and the conditions around each. */
import type { Ast } from '../syntax/ast.ts';
import { callableIn, declaredBy, isCallable, parametersOf, typeOf } from './declarators.ts';
import type {
  Argument,
  AssignFact,
  CallFact,
  Context,
  ContextKind,
  FunctionFacts,
  GotoFact,
  LabelFact,
  Local,
  Parameter,
  ParameterUse,
  ResultUse,
  ReturnFact,
} from './types.ts';
import { bare, pathOf, readValue } from './values.ts';

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
  const walker = new BodyWalker(ast, base, callableIn(ast, list));
  walker.statement(body, -1);
  const relative = (at: number) => ({ start: ast.start(at) - base, end: ast.end(at) - base });
  const params = parametersOf(ast, list, base);
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
    ...walker.facts,
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
    for (const child of ast.children(node)) walk(child);
  };
  walk(body);
  return out;
}

const jumps = new Set([
  'return_statement',
  'goto_statement',
  'break_statement',
  'continue_statement',
]);
const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim().slice(0, 120);

class BodyWalker {
  readonly facts = {
    calls: [] as CallFact[],
    assigns: [] as AssignFact[],
    returnsOf: [] as ReturnFact[],
    contexts: [] as Context[],
    locals: [] as Local[],
    labels: [] as LabelFact[],
    gotos: [] as GotoFact[],
  };
  /** Calls that were read already, by node: an expression is looked at for its value and for its calls. */
  private readonly read = new Map<number, number>();
  private readonly ast: Ast;
  private readonly base: number;
  /** Parameters and locals that can be called: such a call goes through a variable. */
  private readonly callable: Set<string>;

  constructor(ast: Ast, base: number, callable: readonly string[]) {
    this.ast = ast;
    this.base = base;
    this.callable = new Set(callable);
  }

  private span(node: number) {
    return { start: this.ast.start(node) - this.base, end: this.ast.end(node) - this.base };
  }

  private enter(parent: number, kind: ContextKind, text: string, body: number): number {
    this.facts.contexts.push({
      parent,
      kind,
      text: oneLine(text),
      exits: this.exits(body),
      ...this.span(body),
    });
    return this.facts.contexts.length - 1;
  }

  /** Whether a statement ends by leaving the straight line. */
  private exits(node: number): boolean {
    if (jumps.has(this.ast.type(node))) return true;
    if (this.ast.type(node) !== 'compound_statement') return false;
    const children = this.ast.children(node).filter((child) => this.ast.type(child) !== 'comment');
    const last = children[children.length - 1];
    return last !== undefined && jumps.has(this.ast.type(last));
  }

  statement(node: number, context: number): void {
    const { ast } = this;
    switch (ast.type(node)) {
      case 'if_statement':
        this.ifStatement(node, context);
        break;
      case 'while_statement':
      case 'do_statement':
        this.loop(node, ast.child(node, 'condition'), context);
        break;
      case 'for_statement':
        this.forStatement(node, context);
        break;
      case 'switch_statement':
        this.expression(ast.child(node, 'condition'), context, 'tested');
        this.statement(
          ast.child(node, 'body'),
          this.enter(context, 'case', ast.textOf(ast.child(node, 'condition')), node),
        );
        break;
      case 'return_statement': {
        const value = ast.only(node);
        if (value >= 0) this.expression(value, context, 'returned');
        this.facts.returnsOf.push({
          value: value < 0 ? null : this.value(value, context, 'returned'),
          context,
          ...this.span(node),
        });
        break;
      }
      case 'goto_statement':
        this.facts.gotos.push({
          label: ast.textOf(ast.child(node, 'label')),
          start: this.span(node).start,
          context,
        });
        break;
      case 'labeled_statement': {
        const label = ast.child(node, 'label');
        this.facts.labels.push({ name: ast.textOf(label), start: this.span(node).start });
        for (const child of ast.children(node)) if (child !== label) this.statement(child, context);
        break;
      }
      case 'declaration':
        this.declaration(node, context);
        break;
      case 'expression_statement':
        if (ast.only(node) >= 0) this.expression(ast.only(node), context, 'ignored');
        break;
      case 'preproc_if':
      case 'preproc_ifdef':
      case 'preproc_elif':
      case 'preproc_else':
        this.preprocessor(node, context);
        break;
      case 'comment':
      case 'preproc_def':
      case 'preproc_function_def':
      case 'preproc_call':
        break;
      case 'compound_statement':
      case 'case_statement':
      case 'ERROR':
      case 'else_clause':
      case 'attributed_statement':
        for (const child of ast.children(node)) this.statement(child, context);
        break;
      default:
        this.expression(node, context, 'other');
    }
  }

  private ifStatement(node: number, context: number): void {
    const { ast } = this;
    const condition = ast.child(node, 'condition');
    const then = ast.child(node, 'consequence');
    this.expression(condition, context, 'tested');
    // The mask writes `if` for macros that open a block: the real word tells.
    const block = !/^if\b/.test(ast.text.slice(ast.start(node), ast.start(node) + 3));
    const text = block
      ? ast.text.slice(ast.start(node), ast.end(condition))
      : inner(ast.textOf(condition));
    this.statement(then, this.enter(context, block ? 'block' : 'if', text, then));
    const otherwise = ast.child(node, 'alternative');
    if (otherwise >= 0) this.statement(otherwise, this.enter(context, 'else', text, otherwise));
  }

  private loop(node: number, condition: number, context: number): void {
    const { ast } = this;
    const body = ast.child(node, 'body');
    const macro = !/^(while|do)\b/.test(ast.text.slice(ast.start(node), ast.start(node) + 6));
    const text = macro
      ? ast.text.slice(ast.start(node), ast.end(condition))
      : `while ${ast.textOf(condition)}`;
    if (condition >= 0) this.expression(condition, context, 'tested');
    // `do { … } while (0)` runs once.
    const once =
      ast.type(node) === 'do_statement' && /^\(\s*(0|false)\s*\)$/.test(ast.textOf(condition));
    this.statement(body, once ? context : this.enter(context, 'loop', text, body));
  }

  private forStatement(node: number, context: number): void {
    const { ast } = this;
    const body = ast.child(node, 'body');
    const inside = this.enter(
      context,
      'loop',
      ast.text.slice(ast.start(node), ast.start(body)),
      body,
    );
    for (const child of ast.children(node)) {
      if (child === body) this.statement(child, inside);
      else if (ast.type(child) === 'declaration') this.declaration(child, context);
      else this.expression(child, context, 'other');
    }
  }

  private preprocessor(node: number, context: number): void {
    const { ast } = this;
    const line = ast.text.slice(ast.start(node)).split(/\r?\n/, 1)[0] ?? '';
    const inside = this.enter(context, 'preprocessor', line, node);
    const skipped = new Set([ast.child(node, 'condition'), ast.child(node, 'name')]);
    const alternative = ast.child(node, 'alternative');
    for (const child of ast.children(node)) {
      if (!skipped.has(child)) this.statement(child, child === alternative ? context : inside);
    }
  }

  private declaration(node: number, context: number): void {
    const { ast } = this;
    for (const child of ast.children(node)) {
      if (ast.field(child) !== 'declarator') continue;
      const initialised = ast.type(child) === 'init_declarator';
      const declared = declaredBy(ast, initialised ? ast.child(child, 'declarator') : child);
      if (declared.name === '') continue;
      const type = typeOf(ast, node, declared.pointers);
      this.facts.locals.push({ name: declared.name, type });
      if (isCallable(declared, type)) this.callable.add(declared.name);
      const value = initialised ? ast.child(child, 'value') : -1;
      if (value < 0) continue;
      this.expression(value, context, 'assigned');
      this.facts.assigns.push({
        target: { kind: 'path', root: declared.name, steps: [], address: 0 },
        value: this.value(value, context, 'assigned'),
        context,
        declares: true,
        ...this.span(child),
      });
    }
  }

  private value(node: number, context: number, use: ResultUse) {
    return readValue(this.ast, node, (call) => this.call(call, context, use));
  }

  /** Records the calls and assignments of an expression, inner calls first as they run. */
  private expression(node: number, context: number, use: ResultUse): void {
    const { ast } = this;
    if (node < 0) return;
    const at = bare(ast, node);
    switch (ast.type(at)) {
      case 'call_expression':
        this.call(at, context, use);
        break;
      case 'assignment_expression':
        this.assignment(at, context);
        break;
      case 'compound_statement':
        this.statement(at, context);
        break;
      case 'conditional_expression':
        for (const child of ast.children(at))
          this.expression(child, context, ast.field(child) === 'condition' ? 'tested' : use);
        break;
      case 'identifier':
      case 'number_literal':
      case 'string_literal':
      case 'comment':
      case 'sizeof_expression':
        break;
      default:
        for (const child of ast.children(at))
          this.expression(child, context, use === 'ignored' || use === 'tested' ? use : 'other');
    }
  }

  private assignment(node: number, context: number): void {
    const { ast } = this;
    const left = ast.child(node, 'left');
    const right = ast.child(node, 'right');
    this.expression(left, context, 'other');
    this.expression(right, context, 'assigned');
    const target = pathOf(ast, left);
    if (target)
      this.facts.assigns.push({
        target,
        value: this.value(right, context, 'assigned'),
        context,
        declares: false,
        ...this.span(node),
      });
  }

  private call(node: number, context: number, use: ResultUse): number {
    const known = this.read.get(node);
    if (known !== undefined) return known;
    const { ast } = this;
    const callee = bare(ast, ast.child(node, 'function'));
    const named = ast.type(callee) === 'identifier' && !this.callable.has(ast.textOf(callee));
    if (!named) this.expression(callee, context, 'other');
    const list = ast.child(node, 'arguments');
    const args: Argument[] = ast
      .children(list)
      .filter((arg) => ast.type(arg) !== 'comment')
      .map((arg) => {
        this.expression(arg, context, 'argument');
        return {
          text: ast.textOf(arg),
          value: this.value(arg, context, 'argument'),
          ...this.span(arg),
        };
      });
    const name = this.span(callee);
    this.facts.calls.push({
      callee: named ? ast.textOf(callee) : '',
      nameStart: name.start,
      nameEnd: name.end,
      through: named ? null : this.value(callee, context, 'other'),
      args,
      context,
      use,
      ...this.span(node),
    });
    this.read.set(node, this.facts.calls.length - 1);
    return this.facts.calls.length - 1;
  }
}

/** A condition without its parentheses. */
function inner(condition: string): string {
  return condition.replace(/^\(([^]*)\)$/, '$1');
}
