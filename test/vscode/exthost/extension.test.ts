import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commands } from '../../../client/src/contributions.ts';
import { inSample, open, until, untilFindings } from './support.ts';

const seed = 'sample_gpu/sample_migrate.c';

describe('the extension', () => {
  it('is activated by a C file', async () => {
    const extension = vscode.extensions.getExtension('driver-teardown.driver-teardown');
    assert.ok(extension);
    await open('sample_blit/blit_fw.c');
    await until('it is active', () => extension.isActive || undefined);
  });

  it('registers every command that the manifest declares', async () => {
    const known = new Set(await vscode.commands.getCommands(true));
    for (const command of Object.values(commands)) assert.ok(known.has(command), command);
  });

  it('has the tools for assistants, which answer as the command line does', async () => {
    const { lm } = vscode as unknown as {
      readonly lm?: {
        readonly tools?: readonly { readonly name: string }[];
        invokeTool?(
          name: string,
          options: { readonly input: object; readonly toolInvocationToken: undefined },
        ): Thenable<{ readonly content: readonly { readonly value?: string }[] }>;
      };
    };
    if (lm?.invokeTool === undefined) return;
    const names = (lm.tools ?? []).map(({ name }) => name);
    assert.ok(names.includes('driver-teardown_check'), names.join());
    const { content } = await lm.invokeTool('driver-teardown_check', {
      input: { paths: ['sample_gpu'] },
      toolInvocationToken: undefined,
    });
    const { findings } = JSON.parse(content.map(({ value = '' }) => value).join('')) as {
      readonly findings: readonly { readonly rule: string }[];
    };
    assert.deepEqual(
      findings.map(({ rule }) => rule),
      ['drmm-releases-pinned-bo'],
    );
  });

  it('finds it again after the server was restarted', async () => {
    await open(seed);
    await untilFindings(inSample(seed), 1);
    await vscode.commands.executeCommand(commands.restartServer);
    await untilFindings(inSample(seed), 1);
  });

  for (const command of [commands.checkThisFolder, commands.checkWorkspace]) {
    it(`${command} shows findings of files that are not open, once`, async () => {
      // A folder of its own: VS Code keeps documents open for a while after their tab is closed.
      const folder = inSample(`copy_for_${command.split('.')[1]}`);
      const copied = vscode.Uri.joinPath(folder, 'sample_migrate.c');
      await vscode.workspace.fs.copy(inSample('sample_gpu'), folder);
      // VS Code tells of files that come on disk with some delay.
      await new Promise((resolve) => setTimeout(resolve, 2000));
      await vscode.commands.executeCommand(command, folder);
      await untilFindings(copied, 1);
      await vscode.window.showTextDocument(copied);
      // It is looked after by itself now; a second copy would come within this time.
      await new Promise((resolve) => setTimeout(resolve, 1500));
      await untilFindings(copied, 1);
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
      await vscode.workspace.fs.delete(folder, { recursive: true });
    });
  }
});
