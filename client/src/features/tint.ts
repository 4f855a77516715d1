/**
 * A tint that tells devm from drmm at the calls that take something. The hints beside them say it in
 * words; in high contrast themes the border tells it by its shape.
 */
import * as vscode from 'vscode';
import type { TintParams, TintResult } from '../../../server/src/lsp/protocol.ts';
import { documentSelector, type FeatureContext } from '../context.ts';
import { colors, settings, settingsSection } from '../contributions.ts';

// Written out, because only types may be imported from the server.
const tintRequest = 'driverTeardown/tint';

/** Decorations move with the text by themselves: the server is asked when typing has paused. */
const delay = 250;

export function activateTint(context: FeatureContext): void {
  context.subscriptions.push(new Tint(context));
}

function decoration(
  background: string,
  border: string,
  borderStyle: string,
): vscode.TextEditorDecorationType {
  return vscode.window.createTextEditorDecorationType({
    backgroundColor: new vscode.ThemeColor(background),
    borderColor: new vscode.ThemeColor(border),
    borderStyle,
    borderWidth: '1px',
    borderRadius: '3px',
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
}

class Tint implements vscode.Disposable {
  private readonly context: FeatureContext;
  private readonly devm = decoration(colors.devmBackground, colors.devmBorder, 'solid');
  private readonly drmm = decoration(colors.drmmBackground, colors.drmmBorder, 'dotted');
  private readonly disposables: vscode.Disposable[];
  private timer: NodeJS.Timeout | undefined;
  private asked: vscode.CancellationTokenSource | undefined;

  constructor(context: FeatureContext) {
    this.context = context;
    this.disposables = [
      this.devm,
      this.drmm,
      context.server.onDidChangeState(() => this.refreshSoon()),
      context.modules.onDidRead(() => this.refreshSoon()),
      vscode.window.onDidChangeVisibleTextEditors(() => this.refreshSoon()),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (vscode.languages.match(documentSelector, document) > 0) this.refreshSoon();
      }),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration(settingsSection)) this.refreshSoon();
      }),
    ];
    this.refreshSoon();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.asked?.cancel();
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private refreshSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.refresh(), delay);
  }

  private async refresh(): Promise<void> {
    this.asked?.cancel();
    const asked = new vscode.CancellationTokenSource();
    this.asked = asked;
    const editors = vscode.window.visibleTextEditors.filter(
      ({ document }) => vscode.languages.match(documentSelector, document) > 0,
    );
    try {
      await Promise.all(editors.map((editor) => this.paint(editor, asked.token)));
    } catch (error) {
      // The tint stays as it is: it moves with the text, and the next edit asks again.
      if (!asked.token.isCancellationRequested)
        this.context.log.debug(`The tint could not be read: ${String(error)}`);
    } finally {
      asked.dispose();
    }
  }

  private async paint(editor: vscode.TextEditor, token: vscode.CancellationToken): Promise<void> {
    const { uri } = editor.document;
    const section = vscode.workspace.getConfiguration(settingsSection, uri);
    if (!section.get<boolean>(settings.tint, true)) {
      this.apply(editor, undefined);
      return;
    }
    const params: TintParams = { uri: uri.toString() };
    const answer = await this.context.server.request<TintResult | null>(tintRequest, params, token);
    if (token.isCancellationRequested || answer === undefined) return;
    if (answer === null) this.apply(editor, undefined);
    // For another version there is an edit under way, and with it the next question.
    else if (answer.version === editor.document.version) this.apply(editor, answer);
  }

  private apply(editor: vscode.TextEditor, tint: TintResult | undefined): void {
    editor.setDecorations(this.devm, (tint?.devm ?? []).map(toRange));
    editor.setDecorations(this.drmm, (tint?.drmm ?? []).map(toRange));
  }
}

function toRange({ start, end }: TintResult['devm'][number]): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}
