/** `stress`: the kit that it writes, as a user runs it, on a machine that is made of files. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { skip } from '../skip.ts';
import { run, runAsNobody, TemporaryFolder, toyDriver } from './support.ts';

/** The shells that a test machine may have. */
const shells = [['dash'], ['busybox', 'sh'], ['bash', '--posix']] as const;

/** Stands in for hold.c: says that it holds, and goes when it is told. */
const holder = `#!/bin/sh
case $2 in
  log) echo READY; while :; do sleep 1; done ;;
  map) echo "NOT OFFERED: a mapping" ;;
  *) echo READY; while read -r word; do [ "$word" != close ] || exit 0; done ;;
esac
`;

/** A machine of files: the module toy is loaded, and its driver bound to one PCI device. */
function machine(folder: TemporaryFolder): string {
  const at = (path: string) => folder.file(`machine/${path}`);
  for (const path of ['sys/module/toy/drivers', 'sys/bus/pci/drivers/toy', 'sys/bus/pci/devices'])
    mkdirSync(at(path), { recursive: true });
  const device = 'sys/devices/pci0/0000:00:01.0';
  mkdirSync(at(`${device}/drm/card0`), { recursive: true });
  mkdirSync(at('dev/dri'), { recursive: true });
  mkdirSync(at('proc'), { recursive: true });
  symlinkSync(at('sys/bus/pci/drivers/toy'), at('sys/module/toy/drivers/pci:toy'));
  symlinkSync(at(device), at('sys/bus/pci/devices/0000:00:01.0'));
  symlinkSync(at(device), at('sys/bus/pci/drivers/toy/0000:00:01.0'));
  symlinkSync(at('sys/bus/pci/drivers/toy'), at(`${device}/driver`));
  for (const file of ['bind', 'unbind']) writeFileSync(at(`sys/bus/pci/drivers/toy/${file}`), '');
  writeFileSync(at('dev/dri/card0'), '');
  writeFileSync(at('proc/interrupts'), ' 24:  5  PCI-MSI 1-edge  toy\n');
  symlinkSync(folder.file('out/stress.log'), at('dev/kmsg'));
  return folder.file('machine');
}

describe('cli: stress', () => {
  let folder: TemporaryFolder;
  before(async () => {
    folder = new TemporaryFolder().write(toyDriver);
    const { code, err } = await run(['stress', '.', '-o', 'kit'], folder.path);
    assert.equal(code, 0, err);
  });
  after(() => folder.remove());

  const script = (words: readonly string[], shell: readonly string[] = ['sh'], root?: string) => {
    const [program = '', ...first] = shell;
    return spawnSync(program, [...first, folder.file('kit/stress.sh'), ...words], {
      encoding: 'utf8',
      env: { ...process.env, ...(root === undefined ? {} : { DT_ROOT: root }) },
      timeout: 100_000,
    });
  };
  const need = (context: Mocha.Context, [program = '']: readonly string[]) => {
    if (spawnSync(program, ['-c', ':']).error) skip(context, `no ${program} here`);
  };

  it('names the files, and says what the kit is for', async () => {
    const { code, out, err } = await run(['stress', '.', '--output', 'kit'], folder.path);
    assert.equal(code, 0, err);
    assert.equal(out, 'kit/stress.sh\nkit/hold.c\n');
    assert.match(err, /\d+ scenarios for toy, \d+ of which may show 1 predicted hazard/);
    assert.ok((statSync(folder.file('kit/stress.sh')).mode & 0o111) !== 0);
    const quiet = await run(['stress', '.', '-o', 'kit', '--quiet'], folder.path);
    assert.equal(quiet.err, '');
  });

  it('has the scenarios that the driver offers, with what each may show', () => {
    const text = readFileSync(folder.file('kit/stress.sh'), 'utf8');
    assert.match(text, /^SCENARIOS='unbind open-unbind [^']*probe-fail rmmod'$/m);
    assert.doesNotMatch(text, /^SCENARIOS=.*(?:kms|hwmon|job)-unbind/m);
    assert.match(text, /bo-unbind|open-unbind\)[^;]*drmm-releases-pinned-bo at toy_ring.c:20/);
  });

  for (const shell of shells) {
    const name = shell.join(' ');
    it(`${name} reads it`, function () {
      need(this, shell[0] === 'busybox' ? ['busybox'] : shell);
      const [program = '', ...first] = shell;
      const read = spawnSync(program, [...first, '-n', folder.file('kit/stress.sh')], {
        encoding: 'utf8',
      });
      assert.equal(read.status, 0, read.stderr);
      assert.equal(read.stderr, '');
    });

    it(`${name}: nothing is done without the flag`, function () {
      need(this, shell);
      const { status, stdout, stderr } = script([], shell);
      assert.equal(status, 2);
      assert.match(stdout, /module toy: bus none, driver none, device none/);
      assert.match(stderr, /nothing was done: --break-this-machine does it/);
      assert.ok(!existsSync(folder.file('kit/out')));
    });
  }

  it('shellcheck has nothing to say of it', function () {
    if (spawnSync('shellcheck', ['--version']).error) skip(this, 'no shellcheck here');
    const { status, stdout } = spawnSync('shellcheck', ['-s', 'sh', folder.file('kit/stress.sh')], {
      encoding: 'utf8',
    });
    assert.equal(status, 0, stdout);
  });

  it('--help, --list and --dry-run do nothing either', () => {
    const root = machine(folder);
    assert.match(script(['--help']).stdout, /A\s+kernel with a bug can crash/);
    assert.match(script(['--list']).stdout, /^unbind\nopen-unbind\n/);
    const dry = script(['--dry-run', '--only', 'open-unbind'], ['sh'], root);
    assert.equal(dry.status, 0, dry.stderr);
    assert.match(
      dry.stdout,
      /module toy: bus pci, driver toy, device 0000:00:01\.0, node \S+card0/,
    );
    assert.match(dry.stdout, /open-unbind: unbinds while .*\n {2}holds: \S+card0\n {2}may show /);
    assert.equal(readFileSync(join(root, 'sys/bus/pci/drivers/toy/unbind'), 'utf8'), '');
    const all = script(['--dry-run', '--only', 'probe-fail'], ['sh'], root);
    const [call = '', ...more] = all.stdout.match(/(?<= {2}fails: call \d of )\w+/g) ?? [];
    assert.ok(more.length > 0 && !more.includes(call), all.stdout);
    const one = script(['--dry-run', '--only', `probe-fail:${call}`], ['sh'], root);
    assert.deepEqual(one.stdout.match(/(?<= {2}fails: call \d of )\w+/g), [call]);
  });

  for (const [words, message] of [
    [['--only', 'nothing'], /no scenario nothing \(see --list\)/],
    [['--what'], /unknown option --what/],
    [['--out'], /--out needs a value/],
    [['--nth', 'x'], /--nth needs a number, not x/],
  ] as const) {
    it(`${words.join(' ')}: one clear line, exit 2`, () => {
      const { status, stderr } = script(words);
      assert.equal(status, 2);
      assert.match(stderr, message);
    });
  }

  for (const shell of shells) {
    it(`${shell.join(' ')}: does it, writes the marks, and says what is not offered`, async function () {
      this.timeout(120_000);
      need(this, shell);
      const out = folder.file('out');
      spawnSync('rm', ['-rf', out, folder.file('machine')]);
      const root = machine(folder);
      writeFileSync(folder.file('kit/hold'), holder);
      chmodSync(folder.file('kit/hold'), 0o755);
      const words = ['--break-this-machine', '--out', out, '--only', 'open-unbind,probe-fail'];
      const { status, stderr } = script(words, shell, root);
      assert.equal(status, 0, stderr);
      const log = readFileSync(join(out, 'stress.log'), 'utf8');
      assert.match(log, /^DT: stress of toy begins/);
      assert.match(
        log,
        /DT: scenario open-unbind begin\nDT: teardown begin\nDT: unbind rc 0\nDT: late close\nDT: scenario open-unbind end/,
      );
      assert.match(log, /DT: not offered: this kernel cannot let \w+ fail/);
      assert.equal(
        readFileSync(join(root, 'sys/bus/pci/drivers/toy/unbind'), 'utf8'),
        '0000:00:01.0',
      );
      const again = script(words, shell, root);
      assert.equal(again.status, 2);
      assert.match(again.stderr, /is there already: name another --out, or --resume/);
      const compared = await run(['order', '.', '--log', 'out/stress.log'], folder.path);
      assert.match(compared.out, /^module toy, stressed: 1 predicted hazard: 0 seen/);
    });
  }

  it('goes on behind what took the machine down', function () {
    this.timeout(120_000);
    const out = folder.file('out');
    spawnSync('rm', ['-rf', out, folder.file('machine')]);
    const root = machine(folder);
    folder.write({
      'out/stress.log':
        'DT: scenario as-found begin\nDT: scenario as-found end\nDT: scenario open-unbind begin\n',
      'kit/hold': holder,
      'machine/sys/fs/pstore/dmesg-efi_pstore-1':
        'Panic#2 Part1\n<0>[   12.5] Kernel panic - late\n',
      'machine/sys/fs/pstore/dmesg-efi_pstore-2': 'Panic#2 Part2\n<1>[   12.4] Oops: early\n',
      'machine/sys/fs/pstore/dmesg-efi_pstore-3': 'Oops#1 Part1\n<1>[   12.3] Oops: first\n',
      'machine/sys/fs/pstore/console-ramoops-0': '[   12.5] all\n',
    });
    chmodSync(folder.file('kit/hold'), 0o755);
    const words = [
      '--break-this-machine',
      '--out',
      out,
      '--only',
      'open-unbind,unbind',
      '--resume',
    ];
    const { status, stderr } = script(words, ['sh'], root);
    assert.equal(status, 0, stderr);
    const log = readFileSync(join(out, 'stress.log'), 'utf8');
    assert.match(log, /DT: scenario open-unbind stopped: the machine went down in it/);
    assert.match(log, /DT: scenario unbind end/);
    assert.equal(log.match(/scenario open-unbind begin/g)?.length, 1);
    const kept = log.slice(log.indexOf('DT: pstore'), log.indexOf('DT: resumed'));
    assert.deepEqual(
      kept.match(/first|early|late|all/g),
      ['first', 'early', 'late', 'all'],
      'the dumps in turn, each from its oldest part on',
    );
    script(words, ['sh'], root);
    const twice = readFileSync(join(out, 'stress.log'), 'utf8');
    assert.equal(twice.match(/DT: resumed/g)?.length, 2);
    assert.equal(twice.match(/DT: pstore/g)?.length, 4, 'what was taken is not taken again');
  });

  it('hold.c compiles without a warning, and refuses nonsense', function () {
    if (spawnSync('gcc', ['--version']).error) skip(this, 'no gcc here');
    const program = folder.file('hold-program');
    const source = folder.file('kit/hold.c');
    const made = spawnSync('gcc', ['-Wall', '-Wextra', '-Werror', '-O1', '-o', program, source], {
      encoding: 'utf8',
    });
    assert.equal(made.status, 0, made.stderr);
    assert.equal(spawnSync(program, []).status, 2);
    const absent = spawnSync(program, [folder.file('absent'), 'open'], { encoding: 'utf8' });
    assert.equal(absent.status, 3);
    assert.match(absent.stdout, /NOT OFFERED: .*No such file/);
    const file = spawnSync(program, [source, 'file'], { encoding: 'utf8', input: 'read\nclose\n' });
    assert.equal(file.status, 0);
    assert.match(file.stdout, /READY\nlate read: done\nclosed/);
    const written = spawnSync(program, ['/dev/null', 'write'], {
      encoding: 'utf8',
      input: 'ioctl\nclose\n',
    });
    assert.equal(written.stdout, 'READY\nclosed\n');
  });

  it('replaces an earlier kit, and nothing of others', async () => {
    assert.equal((await run(['stress', '.', '-o', 'kit'], folder.path)).code, 0);
    folder.write({ 'mine/stress.sh': 'echo mine\n', 'mine/other': 'x' });
    const { code, err } = await run(['stress', '.', '-o', 'mine'], folder.path);
    assert.equal(code, 2);
    assert.match(err, /mine\/stress\.sh is there and is of no earlier kit: name another DIR/);
    assert.equal(readFileSync(folder.file('mine/stress.sh'), 'utf8'), 'echo mine\n');
    assert.ok(!existsSync(folder.file('mine/hold.c')));
  });

  for (const [words, message] of [
    [['.'], /stress needs -o DIR/],
    [['.', '-o'], /option .*-o.*argument missing/],
    [['.', '.', '-o', 'k'], /stress takes one PATH/],
    [['absent', '-o', 'k'], /absent: no such file or folder/],
    [['.', '-o', 'toy.h'], /toy\.h cannot be made a folder/],
    [['.', '-o', 'toy.h/k'], /toy\.h\/k cannot be made a folder/],
    [['empty', '-o', 'k'], /^no C files here$/m],
    [['lib', '-o', 'k'], /there is nothing to stress/],
  ] as const) {
    it(`stress ${words.join(' ')}: one clear line, exit 2`, async () => {
      mkdirSync(folder.file('empty'), { recursive: true });
      folder.write({
        'lib/Makefile': 'obj-m += lib.o\n',
        'lib/lib.c': 'int lib_add(int a)\n{\n\treturn a + 1;\n}\n',
      });
      const { code, out, err } = await run(['stress', ...words], folder.path);
      assert.equal(code, 2, err);
      assert.equal(out, '');
      assert.match(err, message);
      assert.ok(!existsSync(folder.file('k')));
    });
  }

  it('a folder that cannot be written to is one line', async function () {
    mkdirSync(folder.file('closed'));
    chmodSync(folder.file('closed'), 0o555);
    const { code, err } = await runAsNobody(this, ['stress', '.', '-o', 'closed'], folder);
    assert.equal(code, 2);
    assert.match(err, /closed\/stress\.sh cannot be written: permission denied/i);
  });

  it('a driver without findings has the scenarios of every driver', async () => {
    folder.write({
      'plain/Makefile': 'obj-m += plain.o\n',
      'plain/plain.c': `#include <linux/platform_device.h>

static int plain_probe(struct platform_device *pdev)
{
	void *memory = devm_kzalloc(&pdev->dev, 8, GFP_KERNEL);

	return memory ? 0 : -ENOMEM;
}

static struct platform_driver plain_driver = {
	.probe = plain_probe,
	.driver = { .name = "plain" },
};
module_platform_driver(plain_driver);
`,
    });
    const { code, err } = await run(['stress', 'plain', '-o', 'plain-kit'], folder.path);
    assert.equal(code, 0, err);
    assert.match(err, /0 of which may show 0 predicted hazards/);
    const text = readFileSync(folder.file('plain-kit/stress.sh'), 'utf8');
    assert.match(text, /^SCENARIOS='unbind probe-fail rmmod'$/m);
    assert.match(text, /^BUSES='platform'$/m);
  });

  it('names that a shell would run are words', async () => {
    const odd = "a'$(touch owned)`\nb";
    folder.write(
      Object.fromEntries(Object.entries(toyDriver).map(([name, text]) => [`${odd}/${name}`, text])),
    );
    const { code, err } = await run(['stress', odd, '-o', `${odd}/kit`], folder.path);
    assert.equal(code, 0, err);
    const file = folder.file(`${odd}/kit/stress.sh`);
    const ran = spawnSync('sh', [file, '--dry-run'], { encoding: 'utf8', cwd: folder.path });
    assert.equal(ran.status, 0, ran.stderr);
    assert.match(ran.stdout, /may show .*toy_ring\.c/);
    assert.ok(!existsSync(folder.file('owned')));
  });

  it('names of modules that are options, or quotes, are words too', async () => {
    const source = `#include <linux/platform_device.h>

static int odd_probe(struct platform_device *pdev)
{
	return devm_kzalloc(&pdev->dev, 8, GFP_KERNEL) ? 0 : -ENOMEM;
}

static struct platform_driver odd_driver = {
	.probe = odd_probe,
	.driver = { .name = "odd" },
};
module_platform_driver(odd_driver);
`;
    for (const name of ['-n', "x'y", 'ü']) {
      folder.write({ 'odd/Makefile': `obj-m := ${name}.o\n`, [`odd/${name}.c`]: source });
      const { code, err } = await run(['stress', 'odd', '-o', 'odd-kit'], folder.path);
      assert.equal(code, 0, err);
      for (const shell of [['sh'], ['busybox', 'sh']]) {
        const [program = '', ...first] = shell;
        const file = folder.file('odd-kit/stress.sh');
        const ran = spawnSync(program, [...first, file, '--dry-run'], { encoding: 'utf8' });
        if (ran.error) continue;
        assert.equal(ran.status, 0, ran.stderr);
        assert.equal(ran.stderr, '');
        assert.ok(ran.stdout.startsWith(`module ${name}: bus none`), ran.stdout);
      }
      spawnSync('rm', ['-rf', folder.file('odd')]);
    }
  });

  for (const [title, text, code, shown] of [
    [
      'another driver',
      'DT: stress of bar begins (x)\nDT: scenario unbind begin\n',
      2,
      /the log is of a stress kit for bar, not toy/,
    ],
    ['cut off', 'DT: stress of toy begins (x)\nDT: scenario unbind begin\n', 1, /unbind +CUT OFF/],
    [
      'begun in the middle',
      'DT: teardown begin\nDT: scenario unbind end\nDT: scenario open-unbind begin\nDT: scenario open-unbind end\n',
      0,
      /open-unbind +done/,
    ],
    [
      'gone down, and booted anew',
      '[ 90.0] DT: scenario unbind begin\n[ 91.0] Kernel panic - not syncing: x\n[ 0.0] Linux version 6.12\n[ 20.0] DT: scenario open-unbind begin\n[ 22.0] DT: scenario open-unbind end\n',
      1,
      /unbind +STOPPED[^]*open-unbind +done/,
    ],
  ] as const) {
    it(`a log that is ${title}: clear words, exit ${code}`, async () => {
      folder.write({ 'odd.log': text });
      const {
        code: status,
        out,
        err,
      } = await run(['order', 'toy_drv.c', '--log', 'odd.log'], folder.path);
      assert.match(status === 2 ? err : out, shown);
      assert.equal(status, code, out + err);
    });
  }

  it('explain names the scenarios that show a finding', async () => {
    const { code, out } = await run(['explain', 'toy_ring.c:20'], folder.path);
    assert.equal(code, 0);
    assert.match(
      out,
      /driver-teardown stress '.*' -o DIR`, and there `sh stress\.sh --break-this-machine --only /,
    );
    assert.match(out, /^- `open-unbind` unbinds while a DRM file is open/m);
  });
});
