/** What an editor gets to apply: edits that ask for nothing, words to replace, and what to know afterwards. */
import assert from 'node:assert/strict';
import type {
  ClientCapabilities,
  CodeAction,
  Diagnostic,
  TextDocumentEdit,
} from 'vscode-languageserver-protocol/node';
import { placeholderReason } from '../../server/src/core/facts/suppressions.ts';
import type {
  FindingFixes,
  FixAppliedParams,
  FixEditResult,
  OrderResult,
} from '../../server/src/lsp/protocol.ts';
import { faulty, inKernelTree, TemporaryFolder, toyDriver } from '../cli/support.ts';
import { Client, modern } from './client.ts';

const ring = 'drivers/gpu/drm/toy/toy_ring.c';
/** It is split, and somebody has to look: the callback frees memory too. */
const unsafe = faulty.replace(
  'ttm_bo_unpin(ring->bo);',
  'ttm_bo_unpin(ring->bo);\n\tkfree(ring->name);',
);
/** As VS Code says it. */
const annotating: ClientCapabilities = {
  ...modern,
  workspace: {
    ...modern.workspace,
    workspaceEdit: {
      documentChanges: true,
      changeAnnotationSupport: { groupsOnLabel: true },
      snippetEditSupport: true,
    },
  },
};

describe('lsp: applying a fix', () => {
  let folder: TemporaryFolder;
  let client: Client;
  let uri: string;
  beforeEach(() => {
    folder = new TemporaryFolder().write(inKernelTree({ ...toyDriver, 'toy_ring.c': unsafe }));
    client = new Client(folder);
    uri = client.uri(ring);
  });
  afterEach(() => {
    client.kill();
    folder.remove();
  });

  const offered = async (text: string): Promise<CodeAction[]> => {
    await client.open(uri, text);
    const { items } = await client.request<{ items: Diagnostic[] }>('textDocument/diagnostic', {
      textDocument: { uri },
    });
    const [diagnostic] = items;
    assert.ok(diagnostic);
    return client.request('textDocument/codeAction', {
      textDocument: { uri },
      range: diagnostic.range,
      context: { diagnostics: items },
    });
  };
  const changesOf = ({ edit }: Pick<CodeAction, 'edit'>): TextDocumentEdit[] =>
    (edit?.documentChanges ?? []) as TextDocumentEdit[];

  it('asks for no confirmation, whatever the fix: boxes would be unticked, and nothing applied', async () => {
    await client.start(annotating);
    const actions = await offered(unsafe);
    const fixes = actions.filter(({ edit }) => edit !== undefined);
    const annotated = fixes.filter(({ edit }) => edit?.changeAnnotations !== undefined);
    assert.ok(annotated.length > 0, 'there is a fix with something to know');
    for (const { edit } of annotated)
      for (const { needsConfirmation, description } of Object.values(edit?.changeAnnotations ?? {}))
        assert.deepEqual([needsConfirmation, (description ?? '').length > 10], [false, true]);
  });

  it('says after a fix what should be known of it, in any editor', async () => {
    await client.start(modern);
    const actions = await offered(unsafe);
    const { command } = actions.find((one) => one.command && one.title.startsWith('Split')) ?? {};
    assert.ok(command);
    await client.request('workspace/executeCommand', command);
    const said = await client.until(() => client.shown[0], 'a message');
    assert.match(
      said,
      /^To look at: toy_ring_sw_fini runs after toy_ring_fini now.*\(Split toy_ring_fini/,
    );
  });

  it('gives the edits of a fix for a preview', async () => {
    await client.start(annotating, { clientCommands: ['driverTeardown.previewFix'] });
    const actions = await offered(unsafe);
    const preview = actions.find(({ title }) => title === 'Preview a fix…');
    const [params] = (preview?.command?.arguments ?? []) as {
      readonly uri: string;
      readonly fingerprint: string;
      readonly fixes: readonly { readonly id: string }[];
    }[];
    assert.ok(params);
    const { fingerprint, fixes } = params;
    const shown = await client.request<FixEditResult>('driverTeardown/fixEdit', {
      uri,
      fingerprint,
      fix: fixes[0]?.id,
    });
    const applied = actions.find(({ edit }) => edit !== undefined);
    assert.deepEqual(changesOf(shown), changesOf(applied ?? {}));
    const gone = { uri, fingerprint, fix: 'nope' };
    assert.equal(await client.request('driverTeardown/fixEdit', gone), null);
  });

  it('leaves it to an editor that can show a way to what is new', async () => {
    await client.start(modern, { clientCommands: ['driverTeardown.tellOfFix'] });
    const actions = await offered(unsafe);
    const { command } = actions.find((one) => one.command && one.title.startsWith('Split')) ?? {};
    assert.equal(command?.command, 'driverTeardown.tellOfFix');
    const [said] = (command?.arguments ?? []) as FixAppliedParams[];
    assert.match(said?.notice ?? '', /runs after `toy_ring_fini` now/);
    assert.deepEqual(said?.creates, []);
  });

  it('tells which fixes the finding of a row has, and has nothing of one that is gone', async () => {
    await client.start(modern);
    await client.open(uri, unsafe);
    const { entries } = await client.request<OrderResult>('driverTeardown/order', { uri });
    const steps = entries.flatMap(({ timelines }) => timelines.flatMap((one) => one.steps));
    const [finding] = steps.flatMap(({ findings }) => findings);
    assert.equal(finding?.rule, 'drmm-releases-pinned-bo');
    const { fingerprint } = finding;
    const asked = (one: string) =>
      client.request<FindingFixes | null>('driverTeardown/findingFixes', { uri, fingerprint: one });
    const known = await asked(fingerprint);
    assert.deepEqual([known?.uri, known?.fingerprint], [uri, fingerprint]);
    assert.ok(known?.fixes.some(({ title }) => title.startsWith('Split')));
    assert.equal(await asked('nope'), null);
  });

  it('gives the comment that silences alone to who asks for that alone', async () => {
    await client.start(modern);
    await client.open(uri, unsafe);
    const actions = await client.request<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri },
      range: rangeOf(unsafe, 'drmm_add_action_or_reset'),
      context: { diagnostics: [], only: ['quickfix.ignore'] },
    });
    assert.deepEqual(
      actions.map(({ title, kind }) => [title, kind]),
      [['Ignore `drmm-releases-pinned-bo` here, with a reason', 'quickfix.ignore']],
    );
  });

  for (const [name, capabilities, expected] of [
    ['a snippet that selects it', annotating, `-- \${0:${placeholderReason}} */\n`],
    ['plain text', modern, `-- ${placeholderReason} */\n`],
  ] as const)
    it(`offers the words to replace in a suppression as ${name}`, async () => {
      await client.start(capabilities);
      const ignore = (await offered(faulty)).find(({ title }) => title.startsWith('Ignore'));
      const [change] = changesOf(ignore ?? {});
      const [edit] = change?.edits ?? [];
      assert.ok(edit);
      const text = 'snippet' in edit ? edit.snippet.value : edit.newText;
      assert.equal('snippet' in edit, capabilities === annotating);
      assert.equal(text, `\t/* driver-teardown: ignore drmm-releases-pinned-bo ${expected}`);
    });
});

/** The first place of some words, which stand in one line. */
function rangeOf(text: string, words: string): Diagnostic['range'] {
  const before = text.slice(0, text.indexOf(words)).split('\n');
  const start = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
  return { start, end: { ...start, character: start.character + words.length } };
}
