/** `driver-teardown order`. */
import { withoutFixes } from '../../core/fixes/lazily.ts';
import type { ModuleOrder, ModuleSummary, Problem } from '../../core/result.ts';
import { isStressLog } from '../../core/stress/report.ts';
import type { TeardownLog } from '../../core/teardown/log.ts';
import { logNamesOf } from '../../core/teardown/log-names.ts';
import { isWanted } from '../../host/answers.ts';
import type { Assets } from '../../host/assets.ts';
import type { Arguments } from '../arguments.ts';
import { sayBad, sayNothing, sayProblems } from '../gather.ts';
import { type Inputs, openInputs } from '../inputs.ts';
import { type Io, UsageError } from '../io.ts';
import { oneModule } from '../one-module.ts';
import { renderMermaid } from '../render/mermaid.ts';
import { namesFrom } from '../render/names.ts';
import { renderOrderJson } from '../render/order-json.ts';
import { renderOrderText } from '../render/order-text.ts';
import { styleFor } from '../render/style.ts';
import { type DrawnOrder, renderLifetimes } from '../render/svg.ts';
import { readTimeline, type TimelineChoice } from '../timelines.ts';
import { printLog, printStress, readLog, stressedModule } from './order-log.ts';

function atEntry(order: ModuleOrder, entry: string | undefined): ModuleOrder {
  return entry === undefined
    ? order
    : { ...order, entries: order.entries.filter((e) => e.entry === entry) };
}

interface Orders {
  /** Of the modules that have an entry; when none has, that of the largest. */
  readonly drawn: readonly DrawnOrder[];
  readonly modules: readonly ModuleSummary[];
  readonly problems: readonly Problem[];
}

async function ordersOf(inputs: Inputs, entry: string | undefined, io: Io): Promise<Orders> {
  const orders: (DrawnOrder & { readonly files: number })[] = [];
  const modules: ModuleSummary[] = [];
  const problems: Problem[] = [];
  for await (const { analysis } of inputs.project.analyseAll(
    inputs.wanted.map(({ module }) => module),
    (done, total) => {
      io.progress(`reading ${done} of ${total} files`);
      return true;
    },
  )) {
    const { findings, module } = analysis.report;
    orders.push({
      order: atEntry(analysis.order(), entry),
      // Of a fix the order tells nothing.
      findings: findings.map(withoutFixes),
      files: module.files,
    });
    modules.push(module);
    problems.push(...analysis.report.problems);
  }
  problems.push(...inputs.project.problems);
  io.progress('');
  const filled = orders.filter(({ order }) => order.entries.length > 0);
  if (filled.length > 0) return { drawn: filled, modules, problems };
  if (entry !== undefined) throw new UsageError(`no entry ${entry} here`);
  return { drawn: orders.sort((a, b) => b.files - a.files).slice(0, 1), modules, problems };
}

function renderOne(orders: readonly ModuleOrder[], choice: TimelineChoice): string {
  const [first, ...others] = orders;
  if (first === undefined) throw new UsageError('no module here');
  if (others.length > 0) {
    const names = orders
      .slice(0, 5)
      .map((order) => order.module)
      .join(', ');
    throw new UsageError(
      `${orders.length} modules here (${names}${orders.length > 5 ? ', …' : ''}): name a file or folder of one`,
    );
  }
  return renderOrderJson(first, choice);
}

/** The log of a stress kit, over the one module that it is of. */
async function stressed(
  log: TeardownLog,
  inputs: Inputs,
  choice: TimelineChoice,
  args: Arguments,
  io: Io,
): Promise<number> {
  const named = stressedModule(log);
  const result = await oneModule(inputs, args, io, named);
  if (!result) return 2;
  if (named !== undefined && named !== result.module.name)
    throw new UsageError(`the log is of a stress kit for ${named}, not ${result.module.name}`);
  const { project } = inputs;
  const { analysis, findings } = result;
  const input = {
    pass: analysis.pass,
    order: atEntry(analysis.order(), args.text('entry')),
    findings: findings.filter((finding) => isWanted(finding, undefined, args)),
  };
  const style = styleFor(args.color, namesFrom(project.root.folder, io.cwd));
  return printStress(log, input, logNamesOf(project.catalog), choice, style, args, io);
}

/** @returns the exit code */
export async function order(args: Arguments, assets: Assets, io: Io): Promise<number> {
  if (args.positionals.length > 1) throw new UsageError('order takes one PATH');
  const choice = readTimeline(args.text('timeline'));
  const log = args.text('log');
  const read = log === undefined ? undefined : readLog(log, args.format, io.cwd);
  const inputs = openInputs(args, assets, io.cwd);
  sayBad(inputs.bad, io);
  if (!('project' in inputs)) return 2;
  const { catalog } = inputs.project;
  if (read && isStressLog(read, catalog)) return stressed(read, inputs, choice, args, io);
  if (args.format === 'markdown' && !read) throw new UsageError('markdown is for a --log');
  const { drawn, modules, problems } = await ordersOf(inputs, args.text('entry'), io);
  const names = namesFrom(inputs.project.root.folder, io.cwd);
  sayProblems(problems, names, args, io);
  if (sayNothing({ modules, problems }, io)) return 2;
  const orders = drawn.map((one) => one.order);
  if (log !== undefined && read !== undefined) {
    return printLog(
      { file: log, log: read },
      orders,
      logNamesOf(catalog),
      choice,
      styleFor(args.color, names),
      args,
      io,
    );
  }
  switch (args.format) {
    case 'json':
      io.out(renderOne(orders, choice));
      break;
    case 'mermaid':
      io.out(renderMermaid(orders, choice));
      break;
    case 'svg':
      io.out(renderLifetimes(drawn, choice));
      break;
    default:
      io.out(renderOrderText(orders, choice, args.flag('all'), styleFor(args.color, names)));
  }
  return inputs.bad.length > 0 ? 2 : 0;
}
