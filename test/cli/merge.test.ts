/** The reports of shards, put together, are the report of one check; a profile says where time went. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { faulty, run, TemporaryFolder } from './support.ts';

/** Modules of all kinds: with findings, without, with a problem, and a header that two of them read. */
function drivers(): Record<string, string> {
  const names = ['a', 'b', 'c', 'd', 'e'];
  return Object.fromEntries([
    ...names.flatMap((name) => [
      [`${name}/Makefile`, `obj-m += ${name}.o\n`],
      [
        `${name}/${name}.c`,
        name === 'c' ? 'int c;\n' : faulty.replaceAll('toy_ring', `${name}_ring`),
      ],
    ]),
    ['shared/toy.h', 'struct toy_ring;\n'],
    [
      'd/d.c',
      'static void d_remove(struct platform_device *pdev);\nstatic struct platform_driver d = { .remove = d_remove };\n',
    ],
  ]);
}

describe('cli: merge', () => {
  let folder: TemporaryFolder;
  beforeEach(() => {
    folder = new TemporaryFolder().write(drivers());
  });
  afterEach(() => folder.remove());

  const withoutStats = (text: string): string => text.replace(/"stats": \{[^}]*\}/, '"stats": {}');

  for (const format of ['json', 'sarif'])
    for (const of of [1, 2, 3, 7])
      it(`${of} parts in ${format} are the whole, whatever their order`, async () => {
        const check = ['check', '--no-cache', '--format', format, '--min-severity', 'hint'];
        const whole = await run(check, folder.path);
        assert.equal(whole.code, 1);
        const parts: string[] = [];
        for (let index = of; index >= 1; index--) {
          const { out } = await run([...check, '--shard', `${index}/${of}`], folder.path);
          const name = `part-${index}.${format}`;
          folder.write({ [name]: out });
          parts.push(name);
        }
        const merged = await run(['merge', ...parts], folder.path);
        assert.deepEqual([merged.code, merged.err], [1, '']);
        assert.equal(withoutStats(merged.out), withoutStats(whole.out));
        assert.match(merged.out, /which was not found in the module/);
        const mild = await run(['merge', '--fail-on', 'error', ...parts], folder.path);
        assert.equal(mild.code, (await run([...check, '--fail-on', 'error'], folder.path)).code);
      }).timeout(60_000);

  it('what is no whole is refused', async () => {
    const check = ['check', '--no-cache', '--format', 'json'];
    const part = async (index: number) =>
      (await run([...check, '--shard', `${index}/3`], folder.path)).out;
    const sarif = await run(['check', '--format', 'sarif', '--shard', '2/2'], folder.path);
    folder.write({
      '1.json': await part(1),
      '2.json': await part(2),
      '3.json': await part(3),
      'all.json': (await run(check, folder.path)).out,
      'x.sarif': sarif.out,
      'bad.json': '{',
      'other.json': '[]',
    });
    const wrong: readonly (readonly [readonly string[], RegExp])[] = [
      [[], /merge needs the reports to merge/],
      [['1.json', '3.json'], /needs each part of one check --shard I\/N/],
      [['1.json', '2.json', '2.json'], /needs each part/],
      [['all.json'], /needs each part/],
      [['1.json', 'x.sarif'], /JSON and SARIF cannot be merged/],
      [['bad.json'], /bad\.json: not valid JSON/],
      [['other.json'], /other\.json: no report of driver-teardown check/],
      [['none.json'], /none\.json: no such file/],
    ];
    for (const [files, message] of wrong) {
      const { code, out, err } = await run(['merge', ...files], folder.path);
      assert.deepEqual([code, out], [2, ''], files.join(' '));
      assert.match(err, message);
    }
    assert.equal((await run(['merge', '3.json', '1.json', '2.json'], folder.path)).code, 1);
  }).timeout(60_000);

  it('--profile writes what took the time, and says where it cannot', async () => {
    const args = ['check', '--no-cache', '--jobs', '4'];
    const plain = await run(args, folder.path);
    const profiled = await run([...args, '--profile', 'time.cpuprofile'], folder.path);
    assert.deepEqual([profiled.code, profiled.out], [plain.code, plain.out]);
    const profile = JSON.parse(readFileSync(folder.file('time.cpuprofile'), 'utf8')) as {
      nodes: readonly { readonly callFrame: { readonly functionName: string } }[];
      samples: readonly number[];
      timeDeltas: readonly number[];
    };
    assert.ok(profile.nodes.some(({ callFrame }) => callFrame.functionName === 'analyzeModule'));
    assert.equal(profile.samples.length, profile.timeDeltas.length);
    const { code, err } = await run([...args, '--profile', 'none/x.cpuprofile'], folder.path);
    assert.equal(code, 2);
    assert.match(err, /x\.cpuprofile/);
  }).timeout(60_000);
});
