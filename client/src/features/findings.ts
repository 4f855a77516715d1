/** Going from finding to finding, reading the page of a rule, and telling us of a false alarm. */
import * as vscode from 'vscode';
import type { OrderFinding } from '../../../server/src/lsp/protocol.ts';
import type { FeatureContext } from '../context.ts';
import { commands } from '../contributions.ts';
import { type FalseAlarm, falseAlarm } from '../false-alarm.ts';
import { findingOf } from './finding-rows.ts';

const source = 'driver-teardown';

interface Found {
  readonly uri: vscode.Uri;
  readonly diagnostic: vscode.Diagnostic;
}

/** @param dist where the pages of the rules lie, in `rules` */
export function activateFindings(
  { subscriptions }: FeatureContext,
  extension: vscode.ExtensionContext,
): void {
  const pages = vscode.Uri.joinPath(extension.extensionUri, 'dist', 'rules');
  const { version, bugs } = extension.extension.packageJSON as {
    readonly version: string;
    readonly bugs: { readonly url: string };
  };
  const register = (id: string, run: (argument: unknown) => unknown): void => {
    subscriptions.push(vscode.commands.registerCommand(id, run));
  };
  register(commands.nextFinding, () => go(1));
  register(commands.previousFinding, () => go(-1));
  register(commands.openRulePage, (rule) => openRulePage(pages, rule));
  register(commands.reportFalseAlarm, (row) => reportFalseAlarm(version, bugs.url, row));
}

/** All findings of open and reported files, in the order of the Problems view. */
function all(): Found[] {
  return vscode.languages
    .getDiagnostics()
    .flatMap(([uri, list]) => list.map((diagnostic) => ({ uri, diagnostic })))
    .filter(({ diagnostic }) => diagnostic.source === source)
    .sort(
      (a, b) =>
        compare(a.uri.toString(), b.uri.toString()) ||
        a.diagnostic.range.start.compareTo(b.diagnostic.range.start),
    );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** To the next finding after the cursor, and from the last one to the first. */
async function go(direction: 1 | -1): Promise<void> {
  const found = all();
  const editor = vscode.window.activeTextEditor;
  const here = editor?.document.uri.toString() ?? '';
  const cursor = editor?.selection.active ?? new vscode.Position(0, 0);
  const side = ({ uri, diagnostic }: Found): number =>
    compare(uri.toString(), here) || diagnostic.range.start.compareTo(cursor);
  const target =
    direction > 0
      ? (found.find((one) => side(one) > 0) ?? found[0])
      : (found.findLast((one) => side(one) < 0) ?? found.at(-1));
  if (target === undefined) {
    vscode.window.setStatusBarMessage(vscode.l10n.t('Driver Teardown: no findings'), 3000);
    return;
  }
  const selection = new vscode.Range(target.diagnostic.range.start, target.diagnostic.range.start);
  await vscode.window.showTextDocument(target.uri, { selection });
}

/** The findings of ours at the cursor, else those of its line. */
function atCursor(): Found[] {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return [];
  const { uri } = editor.document;
  const { active } = editor.selection;
  const here = all().filter((one) => one.uri.toString() === uri.toString());
  const exact = here.filter(({ diagnostic }) => diagnostic.range.contains(active));
  return exact.length > 0
    ? exact
    : here.filter(({ diagnostic }) => diagnostic.range.start.line === active.line);
}

function ruleOf({ diagnostic: { code } }: Found): string {
  return String(typeof code === 'object' ? code.value : (code ?? ''));
}

/** The page of a rule as VS Code shows Markdown: of the finding at the cursor, else of one that is picked. */
async function openRulePage(pages: vscode.Uri, given: unknown): Promise<void> {
  const rules = new Set(atCursor().map(ruleOf));
  const [only] = rules;
  const rule =
    typeof given === 'string'
      ? given
      : (findingOf(given)?.rule ?? (rules.size === 1 ? only : await pickRule(pages, rules)));
  if (rule === undefined || !/^[a-z][a-z-]*$/.test(rule)) return;
  const page = vscode.Uri.joinPath(pages, `${rule}.md`);
  await vscode.commands.executeCommand('markdown.showPreview', page);
}

async function pickRule(pages: vscode.Uri, here: ReadonlySet<string>): Promise<string | undefined> {
  const files = await vscode.workspace.fs.readDirectory(pages);
  const names = files.flatMap(([name]) => (name.endsWith('.md') ? [name.slice(0, -3)] : []));
  const listed = [...here, ...names.filter((name) => !here.has(name)).sort()];
  return vscode.window.showQuickPick(listed, {
    placeHolder: vscode.l10n.t('Which rule’s page is to be opened?'),
  });
}

/** Copies what we need to know, without a path of this machine, and offers where to paste it. */
async function reportFalseAlarm(version: string, bugs: string, row: unknown): Promise<void> {
  const ofRow = findingOf(row);
  const alarm = ofRow === undefined ? await alarmAtCursor(version) : alarmOf(version, ofRow);
  if (alarm === undefined) return;
  const text = falseAlarm(alarm);
  await vscode.env.clipboard.writeText(text);
  const open = vscode.l10n.t('Open the Bug Tracker');
  const choice = await vscode.window.showInformationMessage(
    vscode.l10n.t('The report is in the clipboard. Read it before you send it.'),
    open,
  );
  if (choice === open) await vscode.env.openExternal(vscode.Uri.parse(bugs));
}

/** What is told of a finding of the order view. */
function alarmOf(version: string, { rule, message, location, chain }: OrderFinding): FalseAlarm {
  const lineOf = ({ uri, range }: OrderFinding['location']): string | undefined =>
    lineAt(vscode.Uri.parse(uri), range.start.line);
  const evidence = chain.map((link) => ({ message: link.message, line: lineOf(link.location) }));
  return { version, rule, message, line: lineOf(location), evidence };
}

/** What is told of the finding at the cursor, of several of the one that is picked. */
async function alarmAtCursor(version: string): Promise<FalseAlarm | undefined> {
  const found = atCursor();
  const items = found.map((one) => ({ label: ruleOf(one), detail: one.diagnostic.message, one }));
  const [first] = items;
  if (first === undefined) {
    await vscode.window.showInformationMessage(
      vscode.l10n.t('Put the cursor on the finding that is wrong.'),
    );
    return undefined;
  }
  const chosen = items.length > 1 ? await vscode.window.showQuickPick(items) : first;
  if (chosen === undefined) return undefined;
  const { diagnostic, uri } = chosen.one;
  const evidence = (diagnostic.relatedInformation ?? []).map(({ location, message }) => ({
    message,
    line: lineAt(location.uri, location.range.start.line),
  }));
  return {
    version,
    rule: ruleOf(chosen.one),
    message: diagnostic.message,
    line: lineAt(uri, diagnostic.range.start.line),
    evidence,
  };
}

/** A line of a document that is open; others are not read for this. */
function lineAt(uri: vscode.Uri, line: number): string | undefined {
  const open = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
  return open !== undefined && line < open.lineCount ? open.lineAt(line).text.trim() : undefined;
}
