/** A server over a copy of the sample, as an editor has one. */
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DocumentDiagnosticReport } from 'vscode-languageserver-protocol/node';
import { TemporaryFolder } from '../../test/cli/support.ts';
import { Client, modern } from '../../test/lsp/client.ts';

export const sample = join(import.meta.dirname, '../../sample');

export function copyOfSample(): TemporaryFolder {
  const folder = new TemporaryFolder();
  cpSync(sample, folder.path, { recursive: true });
  return folder;
}

export function sourcesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.c'))
    .sort();
}

export interface Opened {
  readonly client: Client;
  readonly texts: Map<string, string>;
  readonly versions: Map<string, number>;
}

/** A server with all sources open. */
export async function opened(
  folder: TemporaryFolder,
  texts = new Map(
    sourcesOf(folder.path).map((name) => [name, readFileSync(join(folder.path, name), 'utf8')]),
  ),
): Promise<Opened> {
  const client = await new Client(folder).start(modern);
  for (const [name, text] of texts) await client.open(client.uri(name), text);
  return { client, texts, versions: new Map([...texts.keys()].map((name) => [name, 1])) };
}

/** What the server tells of a document now: asked again while it is overtaken. */
export async function told(client: Client, name: string): Promise<string> {
  for (let i = 0; ; i++) {
    try {
      const report = await client.request<DocumentDiagnosticReport>('textDocument/diagnostic', {
        textDocument: { uri: client.uri(name) },
      });
      if (report.kind !== 'full') throw new Error('not a full report');
      return JSON.stringify(report.items.map(({ range, code, message }) => [range, code, message]));
    } catch (error) {
      if (i === 20) throw error;
    }
  }
}

/** What it tells of every document, and what a server says that has seen nothing but the present texts. */
export async function differences(one: Opened, folder: TemporaryFolder): Promise<string[]> {
  const fresh = await opened(folder, one.texts);
  const out: string[] = [];
  for (const name of one.texts.keys()) {
    const [now, again] = [await told(one.client, name), await told(fresh.client, name)];
    if (now !== again) out.push(`${name}: ${now} and not ${again}`);
  }
  await fresh.client.stop();
  return out;
}
