/** How the order view's nodes look: icon, text, tooltip and what a click does. */
import * as vscode from 'vscode';
import { say } from '#say';
import type { OrderLocation } from '../../../server/src/lsp/protocol.ts';
import { colors, itemKinds } from '../contributions.ts';
import { findingTooltip, stepTooltip } from './order-markdown.ts';
import type { LogStepNode, OrderNode, PhaseNode } from './order-nodes.ts';
import { mainTimeline } from './order-tree.ts';
import { type Severity, severityWord, spokenStep, timelineMeaning } from './order-words.ts';

const severityIcons: Readonly<Record<Severity, vscode.ThemeIcon>> = {
  error: new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground')),
  warning: new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground')),
  info: new vscode.ThemeIcon('info', new vscode.ThemeColor('editorInfo.foreground')),
  hint: new vscode.ThemeIcon('lightbulb'),
};

const phaseIcons: Readonly<Record<PhaseNode['phase'], vscode.ThemeIcon>> = {
  remove: new vscode.ThemeIcon('debug-stop'),
  devm: new vscode.ThemeIcon('debug-disconnect'),
  'last-put': new vscode.ThemeIcon('references'),
  release: new vscode.ThemeIcon('debug-stop'),
  drmm: new vscode.ThemeIcon('layers'),
  manual: new vscode.ThemeIcon('tools'),
};

/** What runs by hand, two hundred times in a row: quiet. */
const handIcon = new vscode.ThemeIcon('debug-stackframe-dot');

/** A filled and an empty ring: the two scopes differ in shape, and the row says them in words. */
const scopeIcons = {
  bound: new vscode.ThemeIcon('circle-filled', new vscode.ThemeColor(colors.devm)),
  drm: new vscode.ThemeIcon('circle-outline', new vscode.ThemeColor(colors.drmm)),
};

export function toTreeItem(node: OrderNode): vscode.TreeItem {
  const label = node.type === 'step' ? `${node.number}. ${node.label}` : node.label;
  const item = new vscode.TreeItem(label, initialState(node));
  item.id = node.id;
  item.iconPath = iconOf(node);
  item.description = node.description;
  item.contextValue = kindOf(node);
  item.accessibilityInformation = { label: spoken(node, label) };
  const place = placeOf(node);
  if (place !== undefined) item.command = openCommand(place, true);
  return item;
}

/** What is only needed under the mouse. */
export function tooltipOf(node: OrderNode): vscode.MarkdownString | string | undefined {
  switch (node.type) {
    case 'step':
      return new vscode.MarkdownString(stepTooltip(node));
    case 'finding':
      return new vscode.MarkdownString(findingTooltip(node.finding));
    case 'timeline':
      return timelineMeaning(node.timeline);
    case 'evidence':
    case 'mark':
    case 'note':
      return node.label;
    default:
      return undefined;
  }
}

function iconOf(node: OrderNode): vscode.ThemeIcon {
  if (node.severity !== undefined) return severityIcons[node.severity];
  switch (node.type) {
    case 'entry':
      return new vscode.ThemeIcon('symbol-function');
    case 'timeline':
      return new vscode.ThemeIcon(node.timeline === 'probe-fail' ? 'circle-slash' : 'history');
    case 'phase':
      return phaseIcons[node.phase];
    case 'step':
      return node.step.scope === null ? handIcon : scopeIcons[node.step.scope];
    case 'finding':
      return severityIcons[node.finding.severity];
    case 'run':
      return new vscode.ThemeIcon('layers');
    case 'runners':
      return new vscode.ThemeIcon('pulse');
    case 'runner':
      return runnerIcons[node.runner.kind];
    case 'leftovers':
      return new vscode.ThemeIcon('archive');
    case 'left':
      return new vscode.ThemeIcon('question');
    case 'mark':
      return new vscode.ThemeIcon(
        node.mark.kind === 'ends' ? 'debug-step-over' : 'debug-step-back',
      );
    case 'log':
      return new vscode.ThemeIcon('output');
    case 'logStep':
      return new vscode.ThemeIcon(logIcons[node.state] ?? 'circle-slash');
    case 'evidence':
      return new vscode.ThemeIcon('arrow-small-right');
    case 'note':
      return new vscode.ThemeIcon('note');
  }
}

const logIcons: Partial<Record<LogStepNode['state'], string>> = {
  'in-order': 'pass',
  trouble: 'bug',
  seen: 'warning',
  quiet: 'circle-outline',
  note: 'note',
};

const runnerIcons = {
  interrupt: new vscode.ThemeIcon('zap'),
  work: new vscode.ThemeIcon('clock'),
  'open-file': new vscode.ThemeIcon('file'),
};

/** What the menus of package.json know an item by. */
function kindOf(node: OrderNode): string {
  if (node.type === 'step')
    return node.step.callback === null ? itemKinds.step : itemKinds.stepWithCallback;
  if (node.type === 'timeline' && node.timeline === 'probe-fail') return itemKinds.probeFailure;
  return itemKinds[node.type];
}

/** Above a step, the worst finding below is said aloud too: there the icon says nothing. */
function aloud(node: OrderNode): string {
  if (node.type === 'step' || node.type === 'finding' || node.severity === undefined)
    return node.description;
  return [node.description, say('has: {0}', severityWord(node.severity))]
    .filter((text) => text !== '')
    .join(' · ');
}

function spoken(node: OrderNode, label: string): string {
  if (node.type === 'step') return spokenStep(node.step, node.number, node.total);
  if (node.type === 'note') return say('Note: {0}', label);
  return [label, aloud(node)].filter((text) => text !== '').join(', ');
}

/** One timeline is open at the start: the others show the same steps in another order. */
function initialState(node: OrderNode): vscode.TreeItemCollapsibleState {
  const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
  switch (node.type) {
    case 'entry':
      return node.isMain ? Expanded : Collapsed;
    case 'timeline':
      if (node.steps === undefined || node.parent?.type !== 'entry') return Collapsed;
      return mainTimeline(node.parent) === node ? Expanded : Collapsed;
    case 'phase':
      return Expanded;
    case 'evidence':
    case 'note':
    case 'mark':
      return None;
    case 'log':
      return Expanded;
    case 'leftovers':
      return Expanded;
    case 'runners':
      return node.severity === undefined ? Collapsed : Expanded;
    default:
      return node.children.length > 0 ? Collapsed : None;
  }
}

/** Where a click on a node leads; the rows above the steps only open and close. */
function placeOf(node: OrderNode): OrderLocation | undefined {
  switch (node.type) {
    case 'entry':
      return node.entry.location;
    case 'step':
      return node.step.registered;
    case 'finding':
      return node.finding.location;
    case 'evidence':
      return node.location;
    case 'runner':
      return node.runner.location;
    case 'left':
      return node.left.location;
    case 'mark':
      return node.mark.location ?? node.mark.finding.location;
    case 'logStep':
      return node.location ?? undefined;
    default:
      return undefined;
  }
}

/** Opens a place; `preserveFocus` leaves the keyboard in the tree, where the next row is. */
export function openCommand(location: OrderLocation, preserveFocus: boolean): vscode.Command {
  const { start } = location.range;
  const selection = new vscode.Range(start.line, start.character, start.line, start.character);
  const options: vscode.TextDocumentShowOptions = { selection, preserveFocus };
  return {
    title: say('Go to Source'),
    command: 'vscode.open',
    arguments: [vscode.Uri.parse(location.uri), options],
  };
}

/** Goes to a place and puts the keyboard there. */
export async function goTo(location: OrderLocation): Promise<void> {
  const { command, arguments: args = [] } = openCommand(location, false);
  await vscode.commands.executeCommand(command, ...args);
}
