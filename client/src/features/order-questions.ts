/** "Ask About the Order": which question, of a row or chosen from a list. */
import * as vscode from 'vscode';
import { say } from '#say';
import type { OrderEntry } from '../../../server/src/lsp/protocol.ts';
import type { FeatureContext } from '../context.ts';
import { commands } from '../contributions.ts';
import { timelineOf as timelineNamed, type UnbindTimeline } from './order-answers.ts';
import { failingFunctions } from './order-answers-failure.ts';
import { AnswersTab, type OrderQuestion } from './order-answers-tab.ts';
import { stepAt, timelineOf } from './order-find.ts';
import type { OrderNode, StepNode } from './order-nodes.ts';
import { pickEntry } from './order-picks.ts';
import type { OrderView } from './order-view.ts';
import { stepName } from './order-words.ts';

interface Choice<Value> extends vscode.QuickPickItem {
  readonly value: Value;
}

export class OrderQuestions implements vscode.Disposable {
  private readonly view: OrderView;
  private readonly tab: AnswersTab;
  private readonly command: vscode.Disposable;

  constructor(view: OrderView, context: FeatureContext) {
    this.view = view;
    this.tab = new AnswersTab(context, view.model, () => this.ask(undefined));
    this.command = vscode.commands.registerCommand(commands.askOrder, (node) =>
      this.ask(node as OrderNode | undefined),
    );
  }

  dispose(): void {
    this.command.dispose();
    this.tab.dispose();
  }

  /** A row asks its own question; without one the user chooses. */
  private async ask(node: OrderNode | undefined): Promise<void> {
    const { model } = this.view;
    if (model.order === undefined) await model.refresh();
    if (model.order === undefined || model.order.entries.length === 0) {
      const text = say('There is no order to ask about: open a C file of a driver first.');
      vscode.window.setStatusBarMessage(text, 4000);
      return;
    }
    const question = this.questionOf(node) ?? (await this.choose(entryOf(node)));
    if (question !== undefined) await this.tab.show(question);
  }

  private questionOf(node: OrderNode | undefined): OrderQuestion | undefined {
    if (node === undefined) return undefined;
    const timeline = timelineOf(node);
    if (timeline?.type !== 'timeline') return undefined;
    const entry = timeline.entry.id;
    if (node.type === 'step' && timeline.timeline !== 'probe-fail')
      return { kind: 'around', entry, timeline: timeline.timeline, step: node.step.id };
    return node.type === 'runners' || node.type === 'runner'
      ? { kind: 'running', entry }
      : undefined;
  }

  private async choose(known: OrderEntry | undefined): Promise<OrderQuestion | undefined> {
    const entry = known ?? (await pickEntry(this.view.model.order?.entries ?? []));
    if (entry === undefined) return undefined;
    const { id } = entry;
    const here = this.stepHere(entry);
    const chosen: Choice<() => Promise<OrderQuestion | undefined>>[] = [
      ...(here === undefined
        ? []
        : [
            {
              label: say('What ends before {0}?', stepName(here.step)),
              detail: say('The step at the cursor, or the selected one'),
              value: async () => around(id, 'unplug-open', here.step.id),
            },
          ]),
      {
        label: say('What ends before …?'),
        detail: say('Every step before and after one, by name'),
        value: () => pickStep(entry),
      },
      {
        label: say('Which buffer objects end after their IOMMU group?'),
        detail: say('Those that are given back when the device is unbound'),
        value: async () => ({ kind: 'late', entry: id }),
      },
      {
        label: say('What does a failing … leave?'),
        detail: say('What probe took and nothing gives back, wherever a function fails'),
        value: () => pickFunction(entry),
      },
      {
        label: say('What still runs after remove()?'),
        detail: say('Interrupt handlers, work, and what open files call, until when'),
        value: async () => ({ kind: 'running', entry: id }),
      },
    ];
    const options = { title: say('Ask About the Order of {0}', entry.entry), matchOnDetail: true };
    return (await vscode.window.showQuickPick(chosen, options))?.value();
  }

  /** The selected step, else that of the cursor. */
  private stepHere({ id }: OrderEntry): StepNode | undefined {
    const [selected] = this.view.tree.selection;
    if (selected?.type === 'step' && selected.entry.id === id) return selected;
    const editor = vscode.window.activeTextEditor;
    if (editor === undefined) return undefined;
    const uri = editor.document.uri.toString();
    const own = this.view.roots.filter((root) => root.id === id);
    const isDocument = (other: string): boolean =>
      other === uri || vscode.Uri.parse(other).toString() === uri;
    return stepAt(own, isDocument, editor.selection.active.line, undefined);
  }
}

function around(entry: string, timeline: UnbindTimeline, step: string): OrderQuestion {
  return { kind: 'around', entry, timeline, step };
}

function entryOf(node: OrderNode | undefined): OrderEntry | undefined {
  return node !== undefined && 'entry' in node ? node.entry : undefined;
}

async function pickStep(entry: OrderEntry): Promise<OrderQuestion | undefined> {
  const steps = timelineNamed(entry, 'unplug-open')?.steps ?? [];
  const items = steps.map((step, index) => ({
    label: `${index + 1}. ${stepName(step)}`,
    description: step.by ?? step.function,
    value: step.id,
  }));
  const options = { title: say('What Ends Before Which Step?'), matchOnDescription: true };
  const step = (await vscode.window.showQuickPick(items, options))?.value;
  return step === undefined ? undefined : around(entry.id, 'unplug-open', step);
}

async function pickFunction(entry: OrderEntry): Promise<OrderQuestion | undefined> {
  const items = failingFunctions(entry).map(({ name, places }) => ({
    label: name,
    description: places.length === 1 ? say('1 place') : say('{0} places', places.length),
    value: name,
  }));
  const options = { title: say('Which Function Fails?') };
  const name = (await vscode.window.showQuickPick(items, options))?.value;
  return name === undefined ? undefined : { kind: 'failing', entry: entry.id, function: name };
}
