/**
 * The language status item beside the language of a C file: whether the server runs, what it is
 * reading, and what it has found. A tool that fails in silence, or is not done yet, looks like a driver
 * without findings.
 */
import * as vscode from 'vscode';
import { documentSelector, type FeatureContext } from '../context.ts';
import { commands } from '../contributions.ts';
import { countWords, moduleCounts } from '../module-words.ts';
import type { ServerState } from '../server-connection.ts';

interface Look {
  readonly text: string;
  readonly detail: string;
  readonly severity: vscode.LanguageStatusSeverity;
  readonly busy: boolean;
  readonly command: vscode.Command;
}

const showLog = { title: vscode.l10n.t('Show Log'), command: commands.showLog };
const restart = { title: vscode.l10n.t('Restart Server'), command: commands.restartServer };
const readIt = { title: vscode.l10n.t('Read It'), command: commands.readOpenModule };
const name = 'Driver Teardown';

/** How the server looks while it has nothing to say of a document. */
function lookOfServer(state: Exclude<ServerState, 'running'>): Look {
  const { Information, Warning, Error: Failure } = vscode.LanguageStatusSeverity;
  switch (state) {
    case 'starting':
      return {
        text: name,
        detail: vscode.l10n.t('server starting'),
        severity: Information,
        busy: true,
        command: showLog,
      };
    case 'stopped':
      return {
        text: name,
        detail: vscode.l10n.t('server stopped'),
        severity: Warning,
        busy: false,
        command: restart,
      };
    case 'failed':
      return {
        text: name,
        detail: vscode.l10n.t('server failed'),
        severity: Failure,
        busy: false,
        command: restart,
      };
  }
}

/** How the module of a document looks. Before the first answer there are no counts. */
function lookOfModule({ modules }: FeatureContext, document: vscode.Uri): Look {
  const { Information, Warning } = vscode.LanguageStatusSeverity;
  const base = { severity: Information, busy: false, command: showLog };
  const file = document.path.split('/').at(-1) ?? '';
  const known = modules.of(document);
  switch (known?.state) {
    case undefined:
      if (!/\.[ch]$/i.test(file))
        return {
          ...base,
          text: name,
          detail: vscode.l10n.t('it reads files that end in .c or .h'),
        };
      return {
        ...base,
        text: vscode.l10n.t('Reading {0} …', file),
        detail: vscode.l10n.t('no findings are known yet'),
        busy: true,
      };
    case 'reading':
      return {
        ...base,
        text: modules.reading(document) ?? '',
        detail: known.counts === undefined ? vscode.l10n.t('no findings are known yet') : '',
        busy: true,
      };
    case 'given-up':
      return {
        ...base,
        text: vscode.l10n.t('{0} was not read', known.module),
        detail: vscode.l10n.t('it was cancelled: nothing is known of its findings'),
        severity: Warning,
        command: readIt,
      };
    case 'failed':
      return {
        ...base,
        text: vscode.l10n.t('{0} could not be read', known.module),
        detail: vscode.l10n.t('nothing is known of its findings; the log says why'),
        severity: vscode.LanguageStatusSeverity.Error,
      };
    case 'read':
      if (known.module === '')
        return {
          ...base,
          text: vscode.l10n.t('{0}: no module', name),
          detail: vscode.l10n.t('no Makefile lists {0}', file),
        };
      return {
        ...base,
        text: `${name}: ${known.here ? countWords(known.here) : ''}`,
        detail: vscode.l10n.t(
          'in {0}; module {1}: {2}',
          file,
          known.module,
          moduleCounts(known) ?? '',
        ),
      };
  }
}

export function activateStatus(context: FeatureContext): void {
  const { server, modules, subscriptions } = context;
  const item = vscode.languages.createLanguageStatusItem('driverTeardown.server', documentSelector);
  item.name = name;
  const lookNow = (): Look => {
    if (server.state !== 'running') return lookOfServer(server.state);
    const open = vscode.window.activeTextEditor?.document;
    if (open !== undefined && vscode.languages.match(documentSelector, open) > 0)
      return lookOfModule(context, open.uri);
    const severity = vscode.LanguageStatusSeverity.Information;
    return {
      text: name,
      detail: vscode.l10n.t('server running'),
      severity,
      busy: false,
      command: showLog,
    };
  };
  const show = (): void => {
    const { text, detail, severity, busy, command } = lookNow();
    Object.assign(item, { text, detail, severity, busy, command });
  };
  show();
  subscriptions.push(
    item,
    server.onDidChangeState(show),
    modules.onDidChange(show),
    vscode.window.onDidChangeActiveTextEditor(show),
  );
}
