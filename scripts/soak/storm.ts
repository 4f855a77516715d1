/** Requests of all kinds, cancelled at any moment, between edits; and a server that is killed: nothing is lost. */
import { CancellationTokenSource, ResponseError } from 'vscode-languageserver-protocol/node';
import { pieces } from '../../test/support/edits.ts';
import { below, type Kind, pick } from './kind.ts';
import { copyOfSample, differences, type Opened, opened, told } from './server.ts';

const methods = [
  'textDocument/diagnostic',
  'textDocument/hover',
  'textDocument/codeAction',
  'textDocument/codeLens',
  'textDocument/inlayHint',
  'driverTeardown/order',
] as const;

function paramsOf(method: string, uri: string, line: number): object {
  const position = { line, character: 4 };
  const range = { start: { line, character: 0 }, end: { line: line + 20, character: 0 } };
  const textDocument = { uri };
  if (method === 'driverTeardown/order') return { uri };
  if (method === 'textDocument/hover') return { textDocument, position };
  if (method === 'textDocument/codeAction')
    return { textDocument, range, context: { diagnostics: [] } };
  return method === 'textDocument/inlayHint' ? { textDocument, range } : { textDocument };
}

/** An edit at random, or back to the text on disk. */
async function edit(one: Opened, name: string, original: string, random: () => number) {
  const now = one.texts.get(name) ?? '';
  const at = below(random, now.length);
  const text =
    random() < 0.3
      ? original
      : now.slice(0, at) + pick(random, pieces) + now.slice(at + below(random, 4));
  one.texts.set(name, text);
  const version = (one.versions.get(name) ?? 1) + 1;
  one.versions.set(name, version);
  await one.client.change(one.client.uri(name), version, [{ text }]);
}

export const storm: Kind = {
  name: 'storm',
  async run(until, random) {
    const folder = copyOfSample();
    let one = await opened(folder);
    const original = new Map(one.texts);
    const names = [...original.keys()];
    const bad: string[] = [];
    let [requests, cancelled, refused, compared, killed] = [0, 0, 0, 0, 0];
    const send = async (method: string, name: string): Promise<void> => {
      const source = new CancellationTokenSource();
      const params = paramsOf(method, one.client.uri(name), below(random, 90));
      const answer = one.client.connection.sendRequest(method, params, source.token);
      requests++;
      if (random() < 0.6) {
        cancelled++;
        if (random() < 0.5) source.cancel();
        else setTimeout(() => source.cancel(), below(random, 30));
      }
      try {
        await answer;
      } catch (error) {
        refused++;
        const isKnown =
          error instanceof ResponseError && [-32800, -32801, -32802].includes(error.code);
        if (!isKnown) bad.push(`${method}: ${String(error)}`);
      }
    };
    while (performance.now() < until) {
      const all: Promise<void>[] = [];
      for (let i = 0; i < 40; i++) {
        if (random() < 0.3) {
          const name = pick(random, names);
          await edit(one, name, original.get(name) ?? '', random);
        }
        all.push(send(pick(random, methods), pick(random, names)));
      }
      await Promise.all(all);
      if (random() < 0.2) {
        compared++;
        bad.push(...(await differences(one, folder)));
      }
      if (random() < 0.1) {
        killed++;
        // An editor gives a new server the texts that it has.
        const before = await told(one.client, names[0] ?? '');
        one.client.kill();
        await one.client.exited;
        one.client.connection.dispose();
        one = await opened(folder, one.texts);
        const after = await told(one.client, names[0] ?? '');
        if (before !== after) bad.push(`after a kill ${after} and not ${before}`);
      }
    }
    await one.client.stop();
    folder.remove();
    return {
      done: `${requests} requests`,
      bad,
      figures: `${cancelled} cancelled, ${refused} answered as cancelled or overtaken, ${killed} kills, ${compared} comparisons with a fresh server`,
    };
  },
};
