/** Expressions in a function's body. */
import type { Ast } from '../../syntax/ast.ts';
import { FlowBuilder } from '../flow/build.ts';
import type {
  Argument,
  AssignFact,
  CallFact,
  Condition,
  Context,
  GotoFact,
  LabelFact,
  Local,
  ResultUse,
  ReturnFact,
} from '../types.ts';
import { bare, operatorOf, pathOf, readCondition, readValue, targetOf } from '../values.ts';

/** What stands where no condition could be read: it holds or not. */
const noCondition: Condition = { kind: 'is', value: { kind: 'words', words: [] } };

/** A fact whose block has not got its final number. */
type Draft<T extends { readonly block: number }> = Omit<T, 'block'> & { block: number };

/** Reads the expressions of a body: its calls and assignments, in the blocks in which they run. */
export abstract class ExpressionReader {
  readonly facts = {
    calls: [] as Draft<CallFact>[],
    assigns: [] as Draft<AssignFact>[],
    returnsOf: [] as Draft<ReturnFact>[],
    contexts: [] as Draft<Context>[],
    locals: [] as Local[],
    labels: [] as Draft<LabelFact>[],
    gotos: [] as Draft<GotoFact>[],
  };
  /** Calls that were read already, by node: an expression is looked at for its value and for its calls. */
  private readonly read = new Map<number, number>();
  protected readonly flow = new FlowBuilder();
  protected readonly altered = new Set<string>();
  protected readonly ast: Ast;
  private readonly base: number;
  /** Parameters and locals that can be called: such a call goes through a variable. */
  protected readonly callable: Set<string>;

  constructor(ast: Ast, base: number, callable: readonly string[]) {
    this.ast = ast;
    this.base = base;
    this.callable = new Set(callable);
  }

  /** A statement: `({ … })` holds some. */
  abstract statement(node: number, context: number): void;

  /** The facts with the blocks that are left when those of no choice are joined. */
  finish() {
    const { calls, assigns, returnsOf, contexts, locals, labels, gotos } = this.facts;
    const used = new Set([...calls, ...assigns, ...returnsOf, ...gotos].map((one) => one.block));
    const { blocks, final } = this.flow.finish(used);
    // Nobody else has seen them yet.
    for (const list of [calls, assigns, returnsOf, contexts, labels, gotos])
      for (const one of list) one.block = final(one.block);
    return {
      calls: calls.slice(),
      assigns: assigns.slice(),
      returnsOf: returnsOf.slice(),
      contexts: contexts.slice(),
      locals,
      labels: labels.slice(),
      gotos: gotos.slice(),
      altered: [...this.altered],
      blocks,
    };
  }

  protected span(node: number) {
    return { start: this.ast.start(node) - this.base, end: this.ast.end(node) - this.base };
  }

  /** A condition with all its connectives; its calls have been read. */
  protected whole(node: number, context: number): Condition {
    if (node < 0) return noCondition;
    return readCondition(this.ast, node, (call) => this.call(call, context, 'tested'));
  }

  /** Reads a condition into the blocks that its connectives make. */
  protected condition(node: number, context: number, yes: number, no: number): void {
    const { ast, flow } = this;
    const at = node < 0 ? -1 : bare(ast, node);
    const type = at < 0 ? '' : ast.type(at);
    const op = type === 'binary_expression' ? operatorOf(ast, at) : '';
    if (type === 'unary_expression' && ast.text[ast.start(at)] === '!')
      this.condition(ast.child(at, 'argument'), context, no, yes);
    else if (op === '&&' || op === '||') {
      const right = flow.make();
      this.condition(
        ast.child(at, 'left'),
        context,
        op === '&&' ? right : yes,
        op === '&&' ? no : right,
      );
      flow.begin(right);
      this.condition(ast.child(at, 'right'), context, yes, no);
    } else {
      if (at >= 0) this.expression(at, context, 'tested');
      const test =
        at < 0 ? noCondition : readCondition(ast, at, (call) => this.call(call, context, 'tested'));
      flow.branch(test, yes, no);
    }
  }

  protected value(node: number, context: number, use: ResultUse) {
    return readValue(this.ast, node, (call) => this.call(call, context, use));
  }

  /** Records the calls and assignments of an expression, inner calls first as they run. */
  protected expression(node: number, context: number, use: ResultUse): void {
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
        this.conditional(at, context, use);
        break;
      case 'binary_expression':
        this.operation(at, context, use);
        break;
      case 'update_expression': {
        const root = pathOf(ast, ast.child(at, 'argument'))?.root;
        if (root !== undefined) this.altered.add(root);
        for (const child of ast.children(at)) this.expression(child, context, 'other');
        break;
      }
      case 'identifier':
      case 'number_literal':
      case 'string_literal':
      case 'comment':
      case 'sizeof_expression':
        break;
      default:
        for (let child = ast.first(at); child >= 0; child = ast.next(child))
          this.expression(child, context, use === 'ignored' || use === 'tested' ? use : 'other');
    }
  }

  /** `a ? f() : g()`: one of them runs. */
  private conditional(node: number, context: number, use: ResultUse): void {
    const { ast, flow } = this;
    const condition = ast.child(node, 'condition');
    const arms = [ast.child(node, 'consequence'), ast.child(node, 'alternative')];
    if (!arms.some((arm) => this.acts(arm))) {
      this.expression(condition, context, 'tested');
      for (const arm of arms) this.expression(arm, context, use);
      return;
    }
    const [yes, no, after] = [flow.make(), flow.make(), flow.make()];
    this.condition(condition, context, yes, no);
    for (const [i, arm] of arms.entries()) {
      flow.begin(i === 0 ? yes : no);
      this.expression(arm, context, use);
      flow.goOn(after);
    }
    flow.begin(after);
  }

  /** `a && f()`: the right side runs when the left one lets it. */
  private operation(node: number, context: number, use: ResultUse): void {
    const { ast, flow } = this;
    const op = operatorOf(ast, node);
    const inside = use === 'ignored' || use === 'tested' ? use : 'other';
    const right = ast.child(node, 'right');
    if ((op !== '&&' && op !== '||') || !this.acts(right)) {
      for (let child = ast.first(node); child >= 0; child = ast.next(child))
        this.expression(child, context, inside);
      return;
    }
    const [more, after] = [flow.make(), flow.make()];
    this.condition(
      ast.child(node, 'left'),
      context,
      op === '&&' ? more : after,
      op === '&&' ? after : more,
    );
    flow.begin(more);
    this.expression(right, context, inside);
    flow.goOn(after);
    flow.begin(after);
  }

  /** Whether running an expression does anything: it calls or assigns. */
  private acts(node: number): boolean {
    const { ast } = this;
    if (node < 0) return false;
    const type = ast.type(node);
    return (
      type === 'call_expression' ||
      type === 'assignment_expression' ||
      (type !== 'sizeof_expression' && ast.children(node).some((child) => this.acts(child)))
    );
  }

  private assignment(node: number, context: number): void {
    const { ast } = this;
    const left = ast.child(node, 'left');
    const right = ast.child(node, 'right');
    this.expression(left, context, 'other');
    this.expression(right, context, 'assigned');
    const target = targetOf(ast, left);
    if (target)
      this.facts.assigns.push({
        target,
        value: this.value(right, context, 'assigned'),
        context,
        block: this.flow.at,
        declares: false,
        ...(operatorOf(ast, node) === '=' ? {} : { adds: true }),
        ...this.span(node),
      });
  }

  private call(node: number, context: number, use: ResultUse): number {
    const known = this.read.get(node);
    if (known !== undefined) return known;
    const { ast, base } = this;
    const callee = bare(ast, ast.child(node, 'function'));
    const named = ast.type(callee) === 'identifier' && !this.callable.has(ast.textOf(callee));
    if (!named) this.expression(callee, context, 'other');
    const list = ast.child(node, 'arguments');
    const args: Argument[] = [];
    for (let arg = ast.first(list); arg >= 0; arg = ast.next(arg)) {
      if (ast.type(arg) === 'comment') continue;
      this.expression(arg, context, 'argument');
      args.push({
        text: ast.textOf(arg),
        value: this.value(arg, context, 'argument'),
        start: ast.start(arg) - base,
        end: ast.end(arg) - base,
      });
    }
    this.facts.calls.push({
      callee: named ? ast.textOf(callee) : '',
      nameStart: ast.start(callee) - base,
      nameEnd: ast.end(callee) - base,
      through: named ? null : this.value(callee, context, 'other'),
      args,
      context,
      block: this.flow.at,
      use,
      start: ast.start(node) - base,
      end: ast.end(node) - base,
    });
    this.read.set(node, this.facts.calls.length - 1);
    return this.facts.calls.length - 1;
  }
}
