/** The language server over stdio: diagnostics by pull and push, fixes, order, odd input. */
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import {
  CancellationTokenSource,
  type CodeAction,
  type Diagnostic,
  type DocumentDiagnosticReport,
  LSPErrorCodes,
  ResponseError,
  type TextEdit,
} from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { CheckFolderResult, OrderResult } from '../../server/src/lsp/protocol.ts';
import { faulty, inKernelTree, TemporaryFolder, toyDriver } from '../cli/support.ts';
import { Client, modern, old } from './client.ts';

const toy = 'drivers/gpu/drm/toy';
const ring = `${toy}/toy_ring.c`;
const registration = { start: { line: 19, character: 8 }, end: { line: 19, character: 8 } };

describe('lsp', () => {
  let folder: TemporaryFolder;
  let client: Client;
  beforeEach(() => {
    folder = new TemporaryFolder().write(inKernelTree(toyDriver));
    client = new Client(folder);
  });
  afterEach(() => {
    client.kill();
    folder.remove();
  });

  const pull = (uri: string, previousResultId?: string): Promise<DocumentDiagnosticReport> =>
    client.request('textDocument/diagnostic', {
      textDocument: { uri },
      ...(previousResultId === undefined ? {} : { previousResultId }),
    });
  const items = async (uri: string): Promise<Diagnostic[]> => {
    const report = await pull(uri);
    assert.equal(report.kind, 'full');
    return report.kind === 'full' ? report.items : [];
  };
  const actions = (
    uri: string,
    diagnostics: Diagnostic[],
    range = registration,
    only?: string[],
  ): Promise<CodeAction[]> =>
    client.request('textDocument/codeAction', {
      textDocument: { uri },
      range,
      context: { diagnostics, ...(only === undefined ? {} : { only }) },
    });

  /** Waits until the server asks the client to pull again. */
  const set = async (settings: unknown): Promise<void> => {
    const before = client.refreshes;
    await client.connection.sendNotification('workspace/didChangeConfiguration', {
      settings: { driverTeardown: settings },
    });
    await client.until(() => (client.refreshes > before ? true : undefined), 'a refresh');
  };

  it('answers a pull with the finding, its chain, its page, and says when nothing changed', async () => {
    await client.start(modern);
    assert.deepEqual(client.initialized?.capabilities.diagnosticProvider, {
      identifier: 'driver-teardown',
      interFileDependencies: true,
      workspaceDiagnostics: false,
    });
    const uri = client.uri(ring);
    await client.open(uri, faulty);
    const report = await pull(uri);
    assert.ok(report.kind === 'full');
    const [diagnostic] = report.items;
    assert.deepEqual(
      [diagnostic?.range.start.line, diagnostic?.severity, diagnostic?.code, diagnostic?.source],
      [19, 1, 'drmm-releases-pinned-bo', 'driver-teardown'],
    );
    assert.ok((diagnostic?.relatedInformation?.length ?? 0) >= 3);
    assert.equal(diagnostic?.relatedInformation?.[0]?.location.uri, uri);
    assert.deepEqual(await pull(uri, report.resultId), {
      kind: 'unchanged',
      resultId: report.resultId,
    });
    assert.equal(await client.stop(), 0);
    assert.deepEqual(client.pushed, []);
  });

  it('follows incremental edits, also those of another open file', async () => {
    await client.start(modern);
    const uri = client.uri(ring);
    await client.open(uri, faulty);
    assert.equal((await items(uri)).length, 1);
    const at = { line: 8, character: 1 };
    await client.change(uri, 2, [
      { range: { start: at, end: { line: 8, character: 13 } }, text: 'toy_look_at' },
    ]);
    assert.equal((await items(uri)).length, 0);
    await client.change(uri, 3, [
      { range: { start: at, end: { line: 8, character: 12 } }, text: 'ttm_bo_unpin' },
      { range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, text: '\n\n' },
    ]);
    assert.equal((await items(uri))[0]?.range.start.line, 21);
    // The callback moves into another file of the module.
    const drv = client.uri(`${toy}/toy_drv.c`);
    const callback = faulty
      .slice(faulty.indexOf('static void'), faulty.indexOf('int toy_ring_init'))
      .replace('static ', '');
    await client.open(drv, `#include "toy.h"\n${callback}`);
    await client.change(uri, 4, [
      {
        text: faulty.replace(
          /static void[\s\S]*?\n}\n/,
          'void toy_ring_fini(struct drm_device *drm, void *arg);\n',
        ),
      },
    ]);
    assert.equal((await items(uri)).length, 1);
    await client.change(drv, 2, [
      { text: `#include "toy.h"\n${callback.replace('ttm_bo_unpin', 'toy_look_at')}` },
    ]);
    assert.equal((await items(uri)).length, 0);
  });

  it('offers the fix as versioned edits, for diagnostics with and without data', async () => {
    await client.start(modern);
    const uri = client.uri(ring);
    await client.open(uri, faulty, 7);
    const [diagnostic] = await items(uri);
    assert.ok(diagnostic);
    const offered = await actions(uri, [diagnostic]);
    const [first] = offered;
    assert.deepEqual(
      [first?.title.startsWith('Convert to device-managed'), first?.kind, first?.isPreferred],
      [true, 'quickfix', true],
    );
    const [change] = first?.edit?.documentChanges ?? [];
    assert.ok(change !== undefined && 'textDocument' in change && 'edits' in change);
    assert.deepEqual(change.textDocument, { uri, version: 7 });
    const texts = change.edits.map((edit) => ('newText' in edit ? edit.newText : '?')).sort();
    // The header of what went and the callback's first parameter leave; nothing else uses either.
    assert.deepEqual(texts, ['', '', 'devm_add_action_or_reset', 'toy->drm.dev']);
    const { data: _, ...bare } = diagnostic;
    assert.deepEqual(
      (await actions(uri, [bare])).map(({ title }) => title),
      offered.map(({ title }) => title),
    );
    assert.deepEqual(
      (await actions(uri, [])).map(({ title }) => title),
      offered.map(({ title }) => title),
    );
    assert.deepEqual(await actions(uri, [diagnostic], registration, ['refactor']), []);
    assert.deepEqual(
      await actions(uri, [], { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }),
      [],
    );
  });

  it('offers a comment that silences the finding, after the fixes', async () => {
    await client.start(modern);
    const uri = client.uri(ring);
    await client.open(uri, faulty, 4);
    const found = await items(uri);
    const offered = await actions(uri, found);
    const last = offered.at(-2);
    assert.deepEqual(
      [last?.title, last?.kind, last?.isPreferred, last?.diagnostics?.length],
      ['Ignore `drmm-releases-pinned-bo` here, with a reason', 'quickfix.ignore', undefined, 1],
    );
    assert.equal(offered.filter(({ title }) => title.startsWith('Ignore')).length, 1);
    assert.ok(offered.length > 1);
    const [change] = last?.edit?.documentChanges ?? [];
    assert.ok(change !== undefined && 'textDocument' in change && 'edits' in change);
    assert.deepEqual(change.textDocument, { uri, version: 4 });
    const silent = TextDocument.applyEdits(
      TextDocument.create(uri, 'c', 4, faulty),
      change.edits as TextEdit[],
    );
    assert.equal(
      silent.split('\n')[19],
      '\t/* driver-teardown: ignore drmm-releases-pinned-bo -- why this is right */',
    );
    assert.equal(silent.split('\n')[20], faulty.split('\n')[19]);
    await client.change(uri, 5, [
      { text: silent.replace('why this is right', 'the ring outlives its module') },
    ]);
    assert.deepEqual(await items(uri), []);
    assert.deepEqual(await actions(uri, []), []);
    await client.change(uri, 6, [{ text: silent }]);
    const bare = await items(uri);
    assert.deepEqual(
      bare.map(({ code }) => code),
      ['suppression-without-reason'],
    );
    assert.ok((await actions(uri, bare)).every(({ title }) => !title.startsWith('Ignore')));
  });

  it('matches a diagnostic by fingerprint after the document has moved on', async () => {
    await client.start(modern);
    const uri = client.uri(ring);
    await client.open(uri, faulty);
    const found = await items(uri);
    await client.change(uri, 2, [
      {
        range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
        text: '\n\n\n',
      },
    ]);
    const [action] = await actions(uri, found);
    const [change] = action?.edit?.documentChanges ?? [];
    assert.ok(change !== undefined && 'edits' in change);
    assert.equal(change.textDocument.version, 2);
    assert.ok(change.edits.some((edit) => 'range' in edit && edit.range.start.line === 22));
  });

  it('pushes to a client that never asks, with versions, and takes it back on close', async () => {
    await client.start(old);
    assert.equal(client.initialized?.capabilities.diagnosticProvider, undefined);
    const uri = client.uri(ring);
    await client.open(uri, faulty);
    const first = await client.until(() => client.pushed.find((p) => p.uri === uri), 'diagnostics');
    assert.deepEqual(
      [first.version, first.diagnostics.length, first.diagnostics[0]?.relatedInformation],
      [1, 1, undefined],
    );
    const [action] = await actions(uri, first.diagnostics);
    assert.deepEqual(Object.keys(action?.edit?.changes ?? {}), [uri]);
    await client.change(uri, 2, [{ text: faulty.replace('ttm_bo_unpin', 'toy_look_at') }]);
    const second = await client.until(
      () => client.pushed.find((p) => p.version === 2),
      'diagnostics of version 2',
    );
    assert.deepEqual(second.diagnostics, []);
    await client.change(uri, 3, [{ text: faulty }]);
    await client.until(
      () => client.pushed.find((p) => p.version === 3),
      'diagnostics of version 3',
    );
    await client.close(uri);
    const last = await client.until(
      () => (client.pushed.at(-1)?.version === undefined ? client.pushed.at(-1) : undefined),
      'clearing',
    );
    assert.deepEqual(last, { uri, diagnostics: [] });
  });

  it('answers the teardown order, and tells when it has changed', async () => {
    await client.start(modern);
    const uri = client.uri(ring);
    await client.open(uri, faulty);
    const order = await client.request<OrderResult>('driverTeardown/order', { uri });
    assert.deepEqual(
      [order.module, order.entries.map(({ entry }) => entry)],
      ['toy', ['toy_probe']],
    );
    const steps = order.entries[0]?.timelines[1]?.steps ?? [];
    const step = steps.find(({ action }) => action === 'toy_ring_fini');
    assert.equal(step?.registered.uri, uri);
    assert.equal(step?.findings[0]?.severity, 'error');
    assert.equal(new Set(steps.map(({ id }) => id)).size, steps.length);
    await client.change(uri, 2, [{ text: faulty.replaceAll('toy_ring_fini', 'toy_ring_end') }]);
    await client.until(() => client.orderChanges || undefined, 'orderChanged');
    const again = await client.request<OrderResult>('driverTeardown/order', { uri });
    assert.ok(
      again.entries[0]?.timelines[1]?.steps.some(({ action }) => action === 'toy_ring_end'),
    );
  });

  it('a request that is cancelled or overtaken is an error, never an empty list', async () => {
    await client.start(modern);
    const uri = client.uri(ring);
    await client.open(uri, faulty);
    await items(uri);
    // Whether the second message comes in time is the pipe's affair: either way no list is empty.
    const codes = new Set<number>();
    const settle = async (answer: Promise<DocumentDiagnosticReport>): Promise<void> => {
      try {
        const report = await answer;
        assert.ok(report.kind === 'full' && report.items.length === 1);
      } catch (error) {
        if (!(error instanceof ResponseError)) throw error;
        codes.add(error.code);
      }
    };
    for (let version = 2; version < 40; version++) {
      const overtaken = pull(uri);
      await client.change(uri, version, [{ text: `${faulty}\n` }]);
      await settle(overtaken);
      const source = new CancellationTokenSource();
      const params = { textDocument: { uri } };
      const cancelled = client.connection.sendRequest<DocumentDiagnosticReport>(
        'textDocument/diagnostic',
        params,
        source.token,
      );
      source.cancel();
      await settle(cancelled);
    }
    const known: number[] = [LSPErrorCodes.ServerCancelled, LSPErrorCodes.RequestCancelled];
    assert.deepEqual([...codes].sort(), known.sort());
    assert.equal((await items(uri)).length, 1);
  });

  it('takes files that change on disk, and asks the client to pull again', async () => {
    await client.start(modern);
    const uri = client.uri(`${toy}/toy_drv.c`);
    await client.open(uri, toyDriver['toy_drv.c'] as string);
    const before = await client.request<OrderResult>('driverTeardown/order', { uri });
    assert.ok(before.entries[0]?.timelines[1]?.steps.some(({ findings }) => findings.length > 0));
    writeFileSync(folder.file(ring), faulty.replace('ttm_bo_unpin', 'toy_look_at'));
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [{ uri: client.uri(ring), type: 2 }],
    });
    await client.until(() => client.refreshes || undefined, 'refresh');
    const after = await client.request<OrderResult>('driverTeardown/order', { uri });
    assert.ok(after.entries[0]?.timelines[1]?.steps.every(({ findings }) => findings.length === 0));
  });

  it('tells only of what is loud enough, and shows lenses unless told not to', async () => {
    await client.start(modern);
    const uri = client.uri(ring);
    await client.open(uri, faulty);
    const set = (driverTeardown: object): Promise<void> =>
      client.connection.sendNotification('workspace/didChangeConfiguration', {
        settings: { driverTeardown },
      });
    const lenses = (): Promise<unknown[]> =>
      client.request('textDocument/codeLens', { textDocument: { uri } });
    assert.equal((await lenses()).length, 1);
    const rules = { 'drmm-releases-pinned-bo': 'warning' };
    await set({ rules, minSeverity: 'error', codeLens: { enabled: false } });
    assert.deepEqual(await items(uri), []);
    assert.deepEqual(await lenses(), []);
    await set({ rules, minSeverity: 'warning' });
    assert.equal((await items(uri)).length, 1);
    await set({ minSeverity: 'loud' });
    await client.until(
      () => client.logged.find((line) => line.includes('"minSeverity"')),
      'a warning',
    );
  });

  it('lists a finding in the baseline, tells it no more, and follows the file', async () => {
    await client.start(modern);
    const uri = client.uri(ring);
    await client.open(uri, faulty);
    const found = await items(uri);
    const listing = (await actions(uri, found)).at(-1);
    assert.equal(listing?.title, 'Add drmm-releases-pinned-bo here to the baseline');
    assert.ok(listing?.command);
    await client.request('workspace/executeCommand', listing.command);
    assert.deepEqual(await items(uri), []);
    assert.match(client.shown[0] ?? '', /^\.driver-teardown-baseline\.json lists the finding now$/);
    // What hangs on findings agrees with them.
    const { entries } = await client.request<OrderResult>('driverTeardown/order', { uri });
    const steps = entries.flatMap(({ timelines }) => timelines.flatMap((one) => one.steps));
    assert.ok(steps.length > 0 && steps.every(({ findings }) => findings.length === 0));

    const baseline = folder.file('.driver-teardown-baseline.json');
    rmSync(baseline);
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [{ uri: client.uri('.driver-teardown-baseline.json'), type: 3 }],
    });
    await client.until(() => (client.refreshes > 1 ? true : undefined), 'refresh');
    assert.equal((await items(uri)).length, found.length);
  });

  it('takes severities from settings and from the configuration file', async () => {
    await client.start(modern);
    const uri = client.uri(ring);
    await client.open(uri, faulty);
    await client.connection.sendNotification('workspace/didChangeConfiguration', {
      settings: { driverTeardown: { rules: { 'drmm-releases-pinned-bo': 'hint', nope: 'error' } } },
    });
    assert.equal((await items(uri))[0]?.severity, 4);
    await client.until(
      () => client.logged.find((line) => line.includes('unknown rule "nope"')),
      'a warning',
    );
    folder.write({ '.driver-teardown.json': '{"rules": {"drmm-releases-pinned-bo": "off"}}' });
    await client.connection.sendNotification('workspace/didChangeConfiguration', {
      settings: { driverTeardown: {} },
    });
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [{ uri: client.uri('.driver-teardown.json'), type: 1 }],
    });
    await client.until(() => (client.refreshes >= 3 ? true : undefined), 'three refreshes');
    assert.deepEqual(await items(uri), []);
  });

  it('excludes what the settings exclude, and goes on without what is no glob', async () => {
    await client.start(modern);
    const uri = client.uri(ring);
    await client.open(uri, faulty);
    assert.equal((await items(uri)).length, 1);
    await set({ exclude: ['drivers/**/toy_ring.c', 7] });
    await client.until(
      () => client.logged.find((line) => line.includes('"exclude" must be a list of globs')),
      'a warning',
    );
    assert.deepEqual(await items(uri), []);
    await set({ exclude: 'drivers' });
    assert.equal((await items(uri)).length, 1);
    assert.equal(client.logged.length, 2);
  });

  it('takes the kernel that the sources are for from the settings', async () => {
    await client.start(modern);
    const uri = client.uri(ring);
    const old = `#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)\n${faulty}\n#endif\n`;
    await client.open(uri, old);
    assert.deepEqual(await items(uri), []);
    await set({ kernelVersion: '5.15' });
    assert.equal((await items(uri)).length, 1);
    await set({ kernelVersion: 'next' });
    await client.until(
      () => client.logged.find((line) => line.includes('"kernelVersion" must be')),
      'a warning',
    );
    assert.deepEqual(await items(uri), []);
  });

  it('takes catalogue entries from the settings, and none when one is wrong', async () => {
    await client.start(modern);
    const uri = client.uri(ring);
    await client.open(uri, faulty.replace('ttm_bo_unpin(ring->bo)', 'toy_unpin(ring->bo)'));
    assert.deepEqual(await items(uri), []);
    const release = { name: 'toy_unpin', driver: 'toy', verb: 'unpins', what: 'BO', object: 0 };
    await set({ catalog: { releases: [release] } });
    assert.deepEqual(
      (await items(uri)).map(({ code }) => code),
      ['drmm-releases-pinned-bo'],
    );
    await set({ catalog: { releases: [release, { name: 'toy_put' }] } });
    await client.until(
      () => client.logged.find((line) => line.includes('catalog.releases[1].driver must be')),
      'a warning',
    );
    assert.deepEqual(await items(uri), []);
  });

  it('checks a folder: findings of closed files are pushed, open ones are left to the pull', async () => {
    await client.start(modern);
    const drv = client.uri(`${toy}/toy_drv.c`);
    await client.open(drv, toyDriver['toy_drv.c'] as string);
    const run = (): Promise<CheckFolderResult> =>
      client.request('workspace/executeCommand', {
        command: 'driverTeardown.checkFolder',
        arguments: [client.uri('drivers')],
      });
    assert.deepEqual(await run(), { modules: 1, files: 2, findings: 1 });
    const uri = client.uri(ring);
    await client.until(
      () => client.pushed.find((p) => p.uri === uri && p.diagnostics.length === 1),
      'findings',
    );
    await client.open(uri, faulty);
    await client.until(
      () => (client.pushed.at(-1)?.diagnostics.length === 0 ? true : undefined),
      'clearing',
    );
    assert.equal((await items(uri)).length, 1);
    await client.close(uri);
    await client.until(
      () => (client.pushed.at(-1)?.diagnostics.length === 1 ? true : undefined),
      'findings again',
    );
    await assert.rejects(
      client.request('workspace/executeCommand', {
        command: 'driverTeardown.checkFolder',
        arguments: [client.uri('nowhere')],
      }),
      /not a folder/,
    );
  });

  it('what is asked before initialize and after shutdown is refused', async () => {
    const params = { textDocument: { uri: client.uri(ring) }, position: { line: 0, character: 0 } };
    const codeOf = (): Promise<unknown> =>
      client.request('textDocument/hover', params).catch((error) => error.code);
    assert.equal(await codeOf(), -32002);
    await client.start(modern);
    assert.equal(await codeOf(), null);
    await client.request('shutdown', undefined);
    assert.equal(await codeOf(), -32600);
    await client.connection.sendNotification('exit');
    assert.equal(await client.exited, 0);
  });

  it('survives odd documents', async () => {
    await client.start(modern);
    const odd: readonly (readonly [string, string])[] = [
      ['untitled:Untitled-1', faulty],
      ['git:/toy/toy_ring.c?%7B%22ref%22%3A%22HEAD%22%7D', faulty],
      [client.uri('notes.txt'), 'text'],
      [client.uri(`${toy}/new/not_saved.c`), faulty],
      [client.uri(`${toy}/empty.c`), ''],
      [client.uri(`${toy}/noise.c`), '}}}} ((( #if \u0000 "\\'.repeat(500)],
      [client.uri(`${toy}/cut.c`), faulty.slice(0, 300)],
    ];
    for (const [uri, text] of odd) {
      await client.open(uri, text);
      await items(uri);
      await actions(uri, []);
      await client.request('driverTeardown/order', { uri });
      await client.change(uri, 2, [{ range: registration, text: '{' }]);
      await client.close(uri);
      assert.deepEqual(await items(uri), []);
    }
    await client.close('file:///never/opened.c');
    await client.change('file:///never/opened.c', 2, [{ text: '' }]);
    await client.open(client.uri(ring), faulty);
    assert.equal((await items(client.uri(ring))).length, 1);
    assert.equal(await client.stop(), 0);
    assert.deepEqual(client.logged, []);
  });
});
