/**
 * The server is killed again and again, while texts are changed that nobody has saved: the client starts it again,
 * and after so many deaths in a row says so, once, until somebody starts it.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { commands } from '../../../client/src/contributions.ts';
import { findings, inSample, open, until, untilFindings } from './support.ts';

const seed = 'sample_gpu/sample_migrate.c';
/** A longer run asks for more (docs/reliability.md). */
const kills = Number(process.env['DRIVER_TEARDOWN_KILLS'] ?? 3);

/** The servers that this extension host has started. */
function servers(): number[] {
  return readdirSync('/proc').flatMap((name) => {
    try {
      const parent = /^\d+ \(.*\) \S (\d+)/s.exec(readFileSync(`/proc/${name}/stat`, 'utf8'))?.[1];
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8');
      const isOurs = Number(parent) === process.pid && /dist[/\\]server\.cjs/.test(command);
      return isOurs ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

describe('a server that is killed', function () {
  this.timeout(60_000 + kills * 40_000);
  const messages: string[] = [];
  const window = vscode.window as { showErrorMessage: (text: string) => Thenable<undefined> };
  const show = window.showErrorMessage;
  before(() => {
    window.showErrorMessage = (text) => {
      messages.push(text);
      return Promise.resolve(undefined);
    };
  });
  after(() => {
    window.showErrorMessage = show;
  });

  it(`comes back ${kills} times with the texts as they are, and one message when it does not`, async () => {
    const { document } = await open(seed);
    const original = document.getText();
    const uri = inSample(seed);
    await untilFindings(uri, 1);
    let restarts = 0;
    for (let kill = 1; kill <= kills; kill++) {
      const [server, ...others] = await until('one server runs', () => {
        const now = servers();
        return now.length === 1 ? now : undefined;
      });
      assert.ok(server !== undefined && others.length === 0);
      process.kill(server, 'SIGKILL');
      await until('it is gone', () => (servers().includes(server) ? undefined : true));
      // What is changed meanwhile, and not saved, is what the next one has to know.
      const isFaulty = kill % 2 === 0;
      const text = isFaulty ? original : original.replace(/drmm_add_action_or_reset/g, 'nothing');
      const edit = new vscode.WorkspaceEdit();
      edit.replace(uri, new vscode.Range(0, 0, document.lineCount, 0), text);
      assert.ok(await vscode.workspace.applyEdit(edit));
      const before = messages.length;
      await until('it runs again, or the client says that it does not', () =>
        servers().some((one) => one !== server) || messages.length > restarts ? true : undefined,
      );
      if (messages.length > restarts) {
        restarts++;
        await vscode.commands.executeCommand(commands.restartServer);
      }
      await untilFindings(uri, isFaulty ? 1 : 0);
      assert.ok(messages.length <= before + 1, messages.join('\n'));
    }
    const edit = new vscode.WorkspaceEdit();
    edit.replace(uri, new vscode.Range(0, 0, document.lineCount, 0), original);
    assert.ok(await vscode.workspace.applyEdit(edit));
    await untilFindings(uri, 1);
    assert.equal(messages.length, restarts, messages.join('\n'));
    assert.equal(findings(uri).length, 1);
    console.log(`${kills} kills, ${restarts} times told and started by hand`);
  });
});
