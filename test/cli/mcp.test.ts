/** `driver-teardown mcp`, asked by the protocol's own client. */
import assert from 'node:assert/strict';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import {
  faulty,
  inKernelTree,
  programArguments,
  run,
  TemporaryFolder,
  toyDriver,
} from './support.ts';

const toy = 'drivers/gpu/drm/toy';

describe('cli: mcp', function () {
  this.timeout(60_000);
  let folder: TemporaryFolder;
  let client: Client;

  before(async () => {
    folder = new TemporaryFolder().write(inKernelTree(toyDriver));
    client = new Client({ name: 'test', version: '1' });
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [...programArguments(), 'mcp'],
      cwd: folder.path,
      env: { PATH: process.env['PATH'] ?? '', DRIVER_TEARDOWN_CACHE: folder.file('.cache') },
      stderr: 'inherit',
    });
    await client.connect(transport);
  });
  after(async () => {
    await client.close();
    folder.remove();
  });

  const call = async (
    name: string,
    args: Readonly<Record<string, unknown>> = {},
  ): Promise<{ readonly text: string; readonly isError: boolean }> => {
    const { content, isError } = await client.callTool({ name, arguments: args });
    const [first] = content as { type: string; text: string }[];
    return { text: first?.text ?? '', isError: isError === true };
  };

  it('names itself and lists its tools, which only read', async () => {
    assert.equal(client.getServerVersion()?.name, 'driver-teardown');
    const { tools } = await client.listTools();
    assert.deepEqual(
      tools.map(({ name }) => name),
      ['check', 'order', 'explain', 'what_if', 'check_patch'],
    );
    for (const tool of tools) assert.equal(tool.annotations?.readOnlyHint, true, tool.name);
  });

  it("check and order answer with the command line's JSON", async () => {
    const { text } = await call('check', { paths: [toy] });
    const { out } = await run(['check', toy, '--format', 'json'], folder.path);
    const untimed = (json: string): object => ({ ...(JSON.parse(json) as object), stats: 0 });
    assert.deepEqual(untimed(text), untimed(out));
    const order = await call('order', { path: `${toy}/toy_ring.c`, timeline: 'unbind' });
    const printed = await run(
      ['order', `${toy}/toy_ring.c`, '--timeline', 'unbind', '--format', 'json'],
      folder.path,
    );
    assert.equal(order.text, printed.out);
  });

  it('explains a rule and a place', async () => {
    assert.match((await call('explain', { subject: 'drmm-on-devm-memory' })).text, /^# /);
    assert.match((await call('explain', { subject: `${toy}/toy_ring.c:20` })).text, /## To see it/);
  });

  it('what_if: what fixes create, and their diff; nothing is written', async () => {
    const { text } = await call('what_if', { path: `${toy}/toy_ring.c`, fix: 'to-devm' });
    const answer = JSON.parse(text) as {
      findings: { fixes: { creates: string[] }[] }[];
      diff: string;
    };
    assert.deepEqual(answer.findings[0]?.fixes[0]?.creates, []);
    assert.match(answer.diff, /^\+.*devm_add_action_or_reset/m);
    const again = JSON.parse((await call('check')).text) as { findings: object[] };
    assert.equal(again.findings.length, 1);
  });

  it('check_patch: what it adds', async () => {
    const patch = `--- a/${toy}/toy_ring.c\n+++ b/${toy}/toy_ring.c\n@@ -0,0 +1,1 @@\n+/* x */\n`;
    const none = JSON.parse((await call('check_patch', { patch })).text) as { findings: object[] };
    assert.deepEqual(none.findings, []);
    const lines = faulty.slice(faulty.indexOf('static void')).replaceAll('toy_ring_', 'toy_two_');
    const added = lines.trimEnd().split('\n');
    const at = faulty.split('\n').length;
    const one = `--- a/${toy}/toy_ring.c\n+++ b/${toy}/toy_ring.c\n@@ -${at - 1},1 +${at - 1},${added.length + 1} @@\n }\n${added.map((line) => `+${line}\n`).join('')}`;
    const { findings } = JSON.parse((await call('check_patch', { patch: one })).text) as {
      findings: { function: string }[];
    };
    assert.deepEqual(
      findings.map((finding) => finding.function),
      ['toy_two_init'],
    );
  });

  it('what cannot be done is an error of the call, and the next one is answered', async () => {
    for (const [name, args, message] of [
      ['check', { paths: ['nowhere'] }, /nowhere: no such file or folder/],
      ['check', { rule: '--write-baseline=x' }, /no rule --write-baseline=x/],
      ['check', { paths: ['--write-baseline=x'] }, /--write-baseline=x: no such file/],
      ['check', { colour: 1 }, /no argument colour/],
      ['check', { minSeverity: 'bad' }, /minSeverity must be/],
      ['order', {}, /path is needed/],
      ['explain', { subject: 'nope' }, /no rule nope/],
      ['check_patch', { patch: 'hello' }, /no change in the patch/],
      ['nope', {}, /no tool nope/],
    ] as const) {
      const { text, isError } = await call(name, args);
      assert.equal(isError, true, name);
      assert.match(text, message);
    }
    assert.equal((await call('explain', { subject: 'drmm-on-devm-memory' })).isError, false);
  });
});
