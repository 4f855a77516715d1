/** How the order view's nodes look: icon, text, tooltip and what a click does. */
import * as vscode from 'vscode';
import type { OrderLocation } from '../../../server/src/lsp/protocol.ts';
import { itemKinds } from '../contributions.ts';
import { mainTimeline, type OrderNode, type StepNode } from './order-tree.ts';

type Severity = NonNullable<OrderNode['severity']>;

const severityIcons: Readonly<Record<Severity, vscode.ThemeIcon>> = {
  error: new vscode.ThemeIcon('error', new vscode.ThemeColor('editorError.foreground')),
  warning: new vscode.ThemeIcon('warning', new vscode.ThemeColor('editorWarning.foreground')),
  info: new vscode.ThemeIcon('info', new vscode.ThemeColor('editorInfo.foreground')),
  hint: new vscode.ThemeIcon('lightbulb'),
};

const plainIcons: Readonly<Record<OrderNode['type'], vscode.ThemeIcon>> = {
  entry: new vscode.ThemeIcon('symbol-function'),
  timeline: new vscode.ThemeIcon('history'),
  phase: new vscode.ThemeIcon('layers'),
  step: new vscode.ThemeIcon('debug-stackframe-dot'),
};

export function toTreeItem(node: OrderNode): vscode.TreeItem {
  const label = node.type === 'step' ? `${node.number}. ${node.label}` : node.label;
  const item = new vscode.TreeItem(label, initialState(node));
  item.id = node.id;
  item.iconPath = (node.severity && severityIcons[node.severity]) ?? plainIcons[node.type];
  item.description = describe(node);
  if (node.type === 'entry') item.command = openCommand(node.location);
  if (node.type === 'step') {
    item.command = openCommand(node.step.registered);
    item.tooltip = stepTooltip(node);
    item.contextValue = node.step.callback === null ? itemKinds.step : itemKinds.stepWithCallback;
    item.accessibilityInformation = { label: `${label}, ${node.description}` };
  }
  return item;
}

/** Above a step, the worst finding below is said in words too: an icon alone says nothing aloud. */
function describe(node: OrderNode): string {
  if (node.type === 'step' || node.severity === undefined) return node.description;
  return [node.description, `has ${node.severity}`].filter((text) => text !== '').join(' · ');
}

/** One timeline is open at the start: the others show the same steps in another order. */
function initialState(node: OrderNode): vscode.TreeItemCollapsibleState {
  const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
  if (node.children.length === 0) return None;
  if (node.type !== 'timeline' || node.parent === undefined) return Expanded;
  return mainTimeline(node.parent) === node ? Expanded : Collapsed;
}

export function openCommand(location: OrderLocation): vscode.Command {
  const { start } = location.range;
  const selection = new vscode.Range(start.line, start.character, start.line, start.character);
  const options: vscode.TextDocumentShowOptions = { selection, preserveFocus: false };
  return {
    title: 'Go to Source',
    command: 'vscode.open',
    arguments: [vscode.Uri.parse(location.uri), options],
  };
}

function stepTooltip({ step, severity, label }: StepNode): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendCodeblock(label, 'c');
  const line = (words: string): void => void text.appendText(words).appendMarkdown('  \n');
  line(`Releases: ${step.kind}`);
  line(`Registered in ${step.function}, line ${step.registered.range.start.line + 1}`);
  if (step.via.length > 0) line(`Reached by ${[...step.via, step.function].join(' → ')}`);
  if (step.conditional !== null) line(`Only ${step.conditional}`);
  if (step.repeats !== null) line(`Repeats: ${step.repeats}`);
  if (severity !== undefined) text.appendMarkdown('\n\n');
  for (const finding of step.findings) line(`${finding.severity}: ${finding.message}`);
  return text;
}
