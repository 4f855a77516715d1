/** Statements of a function's body: the ways that they make, and what stands around each. */

import { declaredBy, isCallable, typeOf } from '../declarators.ts';
import type { Context, ContextKind, Decision } from '../types.ts';
import { bare, operatorOf } from '../values.ts';
import { buildCondition } from './build-condition.ts';
import { ExpressionReader } from './expressions.ts';

const jumps = new Set([
  'return_statement',
  'goto_statement',
  'break_statement',
  'continue_statement',
]);
const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim().slice(0, 120);

/** Reads a body, statement by statement. */
export class BodyReader extends ExpressionReader {
  /** Notes what stands around a body; the present block is its first. */
  private enter(
    parent: number,
    kind: ContextKind,
    text: string,
    body: number,
    more: Pick<Context, 'test' | 'head' | 'counts'> = {},
  ): number {
    this.facts.contexts.push({
      parent,
      kind,
      text: oneLine(text),
      exits: this.exits(body),
      block: this.flow.at,
      ...more,
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
        this.switchStatement(node, context);
        break;
      case 'case_statement':
        this.caseStatement(node, context);
        break;
      case 'return_statement':
        this.returnStatement(node, context);
        break;
      case 'break_statement':
        this.flow.break();
        break;
      case 'continue_statement':
        this.flow.continue();
        break;
      case 'goto_statement': {
        const label = ast.textOf(ast.child(node, 'label'));
        this.facts.gotos.push({
          label,
          start: this.span(node).start,
          context,
          block: this.flow.at,
        });
        this.flow.jump(label);
        break;
      }
      case 'labeled_statement': {
        const label = ast.child(node, 'label');
        const name = ast.textOf(label);
        this.flow.label(name);
        this.facts.labels.push({ name, start: this.span(node).start, block: this.flow.at });
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
    const { ast, flow } = this;
    const condition = ast.child(node, 'condition');
    const then = ast.child(node, 'consequence');
    const otherwise = ast.child(node, 'alternative');
    const [yes, after] = [flow.make(), flow.make()];
    const no = otherwise >= 0 ? flow.make() : after;
    // The mask writes `if` for macros that open a block: the real word tells.
    const block = !/^if\b/.test(ast.text.slice(ast.start(node), ast.start(node) + 3));
    const text = block
      ? ast.text.slice(ast.start(node), ast.end(condition))
      : inner(ast.textOf(condition));
    if (block) {
      this.expression(condition, context, 'tested');
      flow.branch(this.macro(node, false), yes, no);
    } else this.condition(condition, context, yes, no);
    flow.begin(yes);
    const more = block ? {} : { test: this.whole(condition, context) };
    this.statement(then, this.enter(context, block ? 'block' : 'if', text, then, more));
    flow.goOn(after);
    if (otherwise >= 0) {
      flow.begin(no);
      this.statement(otherwise, this.enter(context, 'else', text, otherwise, more));
      flow.goOn(after);
    }
    flow.begin(after);
  }

  private macro(node: number, loop: boolean): Decision {
    const text = this.ast.text.slice(this.ast.start(node), this.ast.start(node) + 80);
    return { kind: 'macro', name: /^\w+/.exec(text)?.[0] ?? '', loop };
  }

  private loop(node: number, condition: number, context: number): void {
    const { ast, flow } = this;
    const body = ast.child(node, 'body');
    const macro = !/^(while|do)\b/.test(ast.text.slice(ast.start(node), ast.start(node) + 6));
    const text = macro
      ? ast.text.slice(ast.start(node), ast.end(condition))
      : `while ${ast.textOf(condition)}`;
    const [head, inside, after] = [flow.make(), flow.make(), flow.make()];
    const last = ast.type(node) === 'do_statement';
    // `do { … } while (0)` runs once.
    const once = last && /^\(\s*(0|false)\s*\)$/.test(ast.textOf(condition));
    flow.goOn(last ? inside : head);
    flow.begin(head);
    if (macro) {
      if (condition >= 0) {
        this.expression(condition, context, 'tested');
        this.alter(condition);
      }
      flow.branch(this.macro(node, true), inside, after);
    } else if (once) flow.goOn(after);
    else this.condition(condition, context, inside, after);
    flow.begin(inside);
    const { start } = this.span(node);
    const more = macro
      ? { head: start }
      : {
          head: start,
          test: this.whole(condition, context),
          ...counting(this.countIn(condition)),
        };
    flow.inLoop(after, head, () =>
      this.statement(body, once ? context : this.enter(context, 'loop', text, body, more)),
    );
    flow.goOn(head);
    flow.begin(after);
  }

  /** A loop macro writes to variables that it is given by name. */
  private alter(node: number): void {
    const { ast } = this;
    if (ast.type(node) === 'identifier') this.altered.add(ast.textOf(node));
    for (const child of ast.children(node)) this.alter(child);
  }

  private forStatement(node: number, context: number): void {
    const { ast, flow } = this;
    const body = ast.child(node, 'body');
    const [head, update, inside, after] = [flow.make(), flow.make(), flow.make(), flow.make()];
    const condition = ast.child(node, 'condition');
    const step = ast.child(node, 'update');
    for (const child of ast.children(node)) {
      if (child === body || child === condition || child === step) continue;
      if (ast.type(child) === 'declaration') this.declaration(child, context);
      else this.expression(child, context, 'other');
    }
    flow.goOn(head);
    flow.begin(head);
    if (condition >= 0) this.condition(condition, context, inside, after);
    else flow.goOn(inside);
    flow.begin(update);
    this.expression(step, context, 'other');
    flow.goOn(head);
    flow.begin(inside);
    const text = ast.text.slice(ast.start(node), ast.start(body));
    const around = this.enter(context, 'loop', text, body, {
      head: this.span(node).start,
      ...(condition < 0 ? {} : { test: this.whole(condition, context) }),
      ...counting(this.countIn(step) ?? this.countIn(condition)),
    });
    flow.inLoop(after, update, () => this.statement(body, around));
    flow.goOn(update);
    flow.begin(after);
  }

  /** Which way a loop's head counts: `i++`, `i += 2`, `--i`. */
  private countIn(node: number): 'up' | 'down' | undefined {
    const { ast } = this;
    if (node < 0) return undefined;
    const at = bare(ast, node);
    const type = ast.type(at);
    if (type === 'update_expression') return ast.textOf(at).includes('--') ? 'down' : 'up';
    if (type === 'assignment_expression') {
      const op = operatorOf(ast, at);
      return op === '-=' ? 'down' : op === '+=' ? 'up' : undefined;
    }
    if (type !== 'binary_expression' && type !== 'comma_expression') return undefined;
    return this.countIn(ast.child(at, 'left')) ?? this.countIn(ast.child(at, 'right'));
  }

  private switchStatement(node: number, context: number): void {
    const { ast, flow } = this;
    const condition = ast.child(node, 'condition');
    this.expression(condition, context, 'tested');
    flow.inSwitch(this.value(condition, context, 'tested'), () =>
      this.statement(
        ast.child(node, 'body'),
        this.enter(context, 'case', ast.textOf(condition), node),
      ),
    );
  }

  private caseStatement(node: number, context: number): void {
    const { ast, flow } = this;
    const label = ast.child(node, 'value');
    flow.case(label < 0 ? null : this.value(label, context, 'other'));
    for (const child of ast.children(node)) if (child !== label) this.statement(child, context);
  }

  private returnStatement(node: number, context: number): void {
    const { ast, flow } = this;
    const value = ast.only(node);
    const block = flow.at;
    const { start } = this.span(node);
    if (value < 0) flow.leave({ value: null, start });
    else this.answer(value, context, start);
    this.facts.returnsOf.push({
      value: value < 0 ? null : this.value(value, context, 'returned'),
      context,
      block,
      ...this.span(node),
    });
  }

  /** Leaves with a value; `a ? b : c` and `a ?: b` leave with one of two. */
  private answer(node: number, context: number, start: number): void {
    const { ast, flow } = this;
    const at = bare(ast, node);
    if (ast.type(at) !== 'conditional_expression') {
      this.expression(node, context, 'returned');
      flow.leave({ value: this.value(node, context, 'returned'), start });
      return;
    }
    const condition = ast.child(at, 'condition');
    const consequence = ast.child(at, 'consequence');
    const [yes, no] = [flow.make(), flow.make()];
    this.condition(condition, context, yes, no);
    flow.begin(yes);
    this.answer(consequence < 0 ? condition : consequence, context, start);
    flow.begin(no);
    this.answer(ast.child(at, 'alternative'), context, start);
  }

  private preprocessor(node: number, context: number): void {
    const { ast, flow } = this;
    const line = ast.text.slice(ast.start(node)).split(/\r?\n/, 1)[0] ?? '';
    const alternative = ast.child(node, 'alternative');
    const [inside, after] = [flow.make(), flow.make()];
    const otherwise = alternative < 0 ? after : flow.make();
    // `#else` has no condition left.
    if (ast.type(node) === 'preproc_else') flow.goOn(inside);
    else {
      const word = /^#\s*(\w+)/.exec(line)?.[1] ?? 'if';
      const named = ast.child(node, word.endsWith('def') ? 'name' : 'condition');
      const { asks, not } = buildCondition(word, named < 0 ? '' : ast.textOf(named));
      flow.branch({ kind: 'build', asks, ...(not ? { not } : {}) }, inside, otherwise);
    }
    flow.begin(inside);
    const around = this.enter(context, 'preprocessor', line, node);
    const skipped = new Set([ast.child(node, 'condition'), ast.child(node, 'name'), alternative]);
    for (const child of ast.children(node)) if (!skipped.has(child)) this.statement(child, around);
    flow.goOn(after);
    if (alternative >= 0) {
      flow.begin(otherwise);
      this.statement(alternative, context);
      flow.goOn(after);
    }
    flow.begin(after);
  }

  private declaration(node: number, context: number): void {
    const { ast } = this;
    for (const child of ast.children(node)) {
      if (ast.field(child) !== 'declarator') continue;
      const initialised = ast.type(child) === 'init_declarator';
      const declared = declaredBy(ast, initialised ? ast.child(child, 'declarator') : child);
      if (declared.name === '') continue;
      const type = typeOf(ast, node, declared.pointers);
      const value = initialised ? ast.child(child, 'value') : -1;
      const cleanup = cleanupIn(
        ast.text.slice(ast.start(child), value < 0 ? ast.end(node) : ast.start(value)),
      );
      const kept = ast
        .children(node)
        .some((one) => ast.type(one) === 'storage_class_specifier' && ast.textOf(one) === 'static');
      this.facts.locals.push({
        name: declared.name,
        type,
        ...(cleanup ? { cleanup } : {}),
        ...(kept ? { kept } : {}),
      });
      if (isCallable(declared, type)) this.callable.add(declared.name);
      if (value < 0) continue;
      this.expression(value, context, 'assigned');
      this.facts.assigns.push({
        target: { kind: 'path', root: declared.name, steps: [], address: 0 },
        value: this.value(value, context, 'assigned'),
        context,
        block: this.flow.at,
        declares: true,
        ...this.span(child),
      });
    }
  }
}

/** The mask blanks the attribute of a declaration that says what ends the local: the real text has it. */
function cleanupIn(declaration: string): string | undefined {
  return /\b__(?:free|cleanup)\s*\(\s*(\w+)\s*\)/.exec(declaration)?.[1];
}

function counting(counts: Context['counts']): Pick<Context, 'counts'> {
  return counts ? { counts } : {};
}

/** A condition without its parentheses. */
function inner(condition: string): string {
  return condition.replace(/^\(([^]*)\)$/, '$1');
}
