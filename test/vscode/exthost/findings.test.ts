import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { findings, inSample, open, until, untilFindings } from './support.ts';

const seed = 'sample_gpu/sample_migrate.c';
const fullFix = 'Convert to device-managed (devm): action, memory and callback';
const keepMemory = 'Convert to device-managed (devm): action and callback, the memory stays drmm';

function actionsAt(uri: vscode.Uri, range: vscode.Range): Thenable<vscode.CodeAction[]> {
  const kind = vscode.CodeActionKind.QuickFix.value;
  return vscode.commands.executeCommand('vscode.executeCodeActionProvider', uri, range, kind);
}

/** The first request after the start can come back empty. */
function untilAction(uri: vscode.Uri, title: string): Promise<vscode.CodeAction> {
  return until(`there is an action "${title}"`, async () => {
    const [finding] = findings(uri);
    if (finding === undefined) return undefined;
    return (await actionsAt(uri, finding.range)).find((action) => action.title === title);
  });
}

async function revert(editor: vscode.TextEditor, original: string): Promise<void> {
  const whole = new vscode.Range(0, 0, editor.document.lineCount, 0);
  await editor.edit((edit) => edit.replace(whole, original));
}

describe('a finding', () => {
  const uri = (): vscode.Uri => inSample(seed);

  it('has a code, a severity, a range on the registration and its chain', async () => {
    const { document } = await open(seed);
    const [finding] = await untilFindings(uri(), 1);
    assert.ok(finding);
    assert.equal(finding.severity, vscode.DiagnosticSeverity.Error);
    const { code } = finding;
    assert.equal(typeof code === 'object' ? code.value : code, 'drmm-releases-pinned-bo');
    assert.match(document.getText(finding.range), /^drmm_add_action_or_reset\(/);
    const chain = finding.relatedInformation ?? [];
    assert.ok(chain.some(({ location }) => location.uri.path.endsWith('/sample_bo.c')));
    assert.ok(chain.some(({ location }) => location.uri.path.endsWith('/sample_migrate.c')));
  });

  for (const title of [fullFix, keepMemory]) {
    it(`goes with "${title}"`, async () => {
      const editor = await open(seed);
      const original = editor.document.getText();
      const action = await untilAction(uri(), title);
      assert.ok(action.edit, 'the action carries its edit');
      assert.ok(await vscode.workspace.applyEdit(action.edit));
      const text = editor.document.getText();
      assert.match(text, /sample_migrate_fini\(void \*arg\)/);
      assert.match(text, /devm_add_action_or_reset\(sdev->drm\.dev, sample_migrate_fini, m\)/);
      assert.equal(/devm_kzalloc/.test(text), title === fullFix);
      await untilFindings(uri(), 0);
      await revert(editor, original);
      await untilFindings(uri(), 1);
    });
  }

  it('goes as soon as the registration is deleted, and comes back with it', async () => {
    const editor = await open(seed);
    const original = editor.document.getText();
    const [finding] = await untilFindings(uri(), 1);
    await editor.edit((edit) => edit.replace(finding!.range, '0'));
    await untilFindings(uri(), 0);
    await revert(editor, original);
    await untilFindings(uri(), 1);
  });

  it('is silenced by the settings, and comes back', async () => {
    await open(seed);
    await untilFindings(uri(), 1);
    const section = vscode.workspace.getConfiguration('driverTeardown');
    const target = vscode.ConfigurationTarget.Workspace;
    await section.update('rules', { 'drmm-releases-pinned-bo': 'off' }, target);
    await untilFindings(uri(), 0);
    await section.update('rules', { 'drmm-releases-pinned-bo': 'hint' }, target);
    const [finding] = await untilFindings(uri(), 1);
    assert.equal(finding!.severity, vscode.DiagnosticSeverity.Hint);
    await section.update('rules', undefined, target);
    await until('its default severity is back', () =>
      findings(uri())[0]?.severity === vscode.DiagnosticSeverity.Error ? true : undefined,
    );
  });

  it('is gone to, explained and reported by commands', async () => {
    const editor = await open(seed);
    const [finding] = await untilFindings(uri(), 1);
    editor.selection = new vscode.Selection(0, 0, 0, 0);
    await vscode.commands.executeCommand('driverTeardown.nextFinding');
    const { active } = vscode.window.activeTextEditor!.selection;
    assert.equal(active.line, finding!.range.start.line);
    // Its message stays until somebody closes it.
    void vscode.commands.executeCommand('driverTeardown.reportFalseAlarm');
    const report = await until('the report is in the clipboard', async () => {
      const text = await vscode.env.clipboard.readText();
      return text.startsWith('False alarm: drmm-releases-pinned-bo') ? text : undefined;
    });
    assert.match(report, /```c\n {4}err = drmm_add_action_or_reset/);
    assert.doesNotMatch(report, /sample_gpu\/sample/);
    await vscode.commands.executeCommand('driverTeardown.openRulePage');
    await until('the page of the rule is shown', () =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .find(({ label }) => label.includes('drmm-releases-pinned-bo')),
    );
    await open(seed);
  });

  it('is not there while the setting turns us off', async () => {
    await open(seed);
    await untilFindings(uri(), 1);
    const section = vscode.workspace.getConfiguration('driverTeardown');
    const target = vscode.ConfigurationTarget.Workspace;
    await section.update('enable', false, target);
    await untilFindings(uri(), 0);
    await section.update('enable', undefined, target);
    await untilFindings(uri(), 1);
  });

  it('follows a change on disk, of a source or of the Makefile', async () => {
    await open(seed);
    await untilFindings(uri(), 1);
    // A file that was never open, and not through the editor: as a branch switch does it.
    const source = inSample('sample_gpu/sample_bo.c').fsPath;
    const before = readFileSync(source, 'utf8');
    writeFileSync(
      source,
      before.replaceAll(/^\t(sample_bo_unpin|ttm_bo_put|ttm_bo_v?un\w+)\(.*$/gm, '\t;'),
    );
    await untilFindings(uri(), 0);
    writeFileSync(source, before);
    await untilFindings(uri(), 1);
    const makefile = inSample('sample_gpu/Makefile').fsPath;
    const list = readFileSync(makefile, 'utf8');
    writeFileSync(makefile, list.replace(/\tsample_bo\.o.*\n/, ''));
    await untilFindings(uri(), 0);
    writeFileSync(makefile, list);
    await untilFindings(uri(), 1);
  });

  it('follows an edit in another file of the module', async () => {
    await open(seed);
    await untilFindings(uri(), 1);
    const other = await open('sample_gpu/sample_bo.c');
    const original = other.document.getText();
    const unpin = /\tttm_bo_vunmap\(&bo->ttm, &bo->map\);\n\tttm_bo_unpin\(&bo->ttm\);\n/g;
    const put = /\tsample_bo_unpin\(bo\);\n\tttm_bo_put\(&bo->ttm\);\n/;
    await revert(other, original.replace(put, '').replace(unpin, ''));
    await untilFindings(uri(), 0);
    await revert(other, original);
    await untilFindings(uri(), 1);
  });

  it('is not looked for in a clean driver', async () => {
    await open('sample_blit/blit_fw.c');
    await open('sample_blit/blit_drv.c');
    await open(seed);
    await untilFindings(uri(), 1);
    assert.deepEqual(findings(inSample('sample_blit/blit_fw.c')), []);
    assert.deepEqual(findings(inSample('sample_blit/blit_drv.c')), []);
  });
});
