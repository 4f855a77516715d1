/**
 * The tools of `driver-teardown mcp` for the language models that VS Code has: the same commands, asked for in
 * the same words. Nothing is written, and nothing leaves the machine but what the model is answered.
 */
import { spawn } from 'node:child_process';
import * as vscode from 'vscode';
import { Arguments, type Tool, tools } from '../../../server/src/mcp/tools.ts';
import type { FeatureContext } from '../context.ts';

/** What VS Code has since 1.95; the types here are those of the oldest version that we run in. */
interface LanguageModels {
  registerTool(name: string, tool: LanguageModelTool): vscode.Disposable;
}

interface LanguageModelTool {
  invoke(options: { readonly input: unknown }, token: vscode.CancellationToken): Promise<unknown>;
}

type Constructor = new (argument: unknown) => unknown;

interface Newer {
  readonly lm?: Partial<LanguageModels>;
  readonly LanguageModelToolResult?: Constructor;
  readonly LanguageModelTextPart?: Constructor;
}

/** @param program dist/cli.cjs */
export function activateModelTools(
  { subscriptions }: Pick<FeatureContext, 'subscriptions'>,
  program: string,
): void {
  const { lm, LanguageModelToolResult, LanguageModelTextPart } = vscode as unknown as Newer;
  if (lm?.registerTool === undefined || !LanguageModelToolResult || !LanguageModelTextPart) return;
  for (const tool of tools) {
    const invoke: LanguageModelTool['invoke'] = async ({ input }, token) => {
      const text = await answer(program, tool, (input ?? {}) as Record<string, unknown>, token);
      return new LanguageModelToolResult([new LanguageModelTextPart(text)]);
    };
    subscriptions.push(lm.registerTool(`driver-teardown_${tool.name}`, { invoke }));
  }
}

/** @throws Error with the reason when the command cannot be run */
async function answer(
  program: string,
  tool: Tool,
  input: Readonly<Record<string, unknown>>,
  token: vscode.CancellationToken,
): Promise<string> {
  const args = new Arguments(tool, input);
  if (args.text('since') !== undefined && !vscode.workspace.isTrusted)
    throw new Error('git is not run in Restricted Mode: ask without `since`');
  const cwd = folderOf(args.text('root'));
  const outputs: string[] = [];
  for (const { words, input: sent = '' } of tool.commands(args))
    outputs.push(await run(program, words, cwd, sent, token));
  return tool.join(outputs);
}

/** A folder of the workspace: what a model asks for reaches nothing else. */
function folderOf(root: string | undefined): string {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(
    ({ uri }) => uri.scheme === 'file',
  );
  const [first] = folders;
  if (first === undefined) throw new Error('no folder is open');
  if (root === undefined) return first.uri.fsPath;
  const wanted = vscode.Uri.joinPath(first.uri, root);
  const named = root.startsWith('/') ? vscode.Uri.file(root) : wanted;
  if (vscode.workspace.getWorkspaceFolder(named) === undefined)
    throw new Error(`${root} is not in a folder that is open`);
  return named.fsPath;
}

function run(
  program: string,
  words: readonly string[],
  cwd: string,
  input: string,
  token: vscode.CancellationToken,
): Promise<string> {
  return new Promise((resolve, reject) => {
    // VS Code's own node, which is Electron on a desktop.
    const child = spawn(process.execPath, [program, ...words], {
      cwd,
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    });
    const stopped = token.onCancellationRequested(() => child.kill());
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.on('error', reject);
    child.on('close', (code) => {
      stopped.dispose();
      if (code !== null && (code < 2 || out !== '')) resolve(out);
      else reject(new Error(err.trim() || 'cancelled'));
    });
  });
}
