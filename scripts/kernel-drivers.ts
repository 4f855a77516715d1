/**
 * Takes real DRM drivers down in a real kernel, in an emulated PC (QEMU, no KVM), and holds the prediction to it.
 *
 *   npm run kernel:drivers                    boot every subject, write test/kernel/drivers/
 *   npm run kernel:drivers -- --check         the same, and compare (exit 1 on a difference)
 *   npm run kernel:drivers -- qxl vkms        these subjects only; with --check too
 *   npm run kernel:drivers -- --from FOLDER   convert logs that lie there (NAME/SCENARIO.dmesg), boot nothing
 *   npm run kernel:drivers -- cirrus --check --ready --scenario unbind --limit 80
 *                                             one scenario in the guest that was made before; exit 3: none was,
 *                                             4: not within so many seconds
 *   npm run kernel:drivers -- --orders        write the predictions only
 *   npm run kernel:drivers -- --table         write only the table of docs/real-drivers.md, as every recording does
 *   npm run kernel:drivers -- --stress qxl    run stress kits, write test/kernel/stress/;
 *                                             --from FOLDER: NAME.log lies there
 *
 * Debian: apt-get install qemu-system-x86 busybox-static cpio zstd xz-utils gcc make kmod linux-headers-VERSION. The
 * kernel's image is downloaded once. One to three minutes a boot on an idle machine.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { findAssets } from '../server/src/host/assets.ts';
import { emptyConfiguration } from '../server/src/host/configuration.ts';
import { openProject } from '../server/src/host/open.ts';
import { rootOf } from '../server/src/host/root.ts';
import { fileOf, orderName, recordingOf, stressRecordingOf } from './kernel-drivers/convert.ts';
import { goldenOf } from './kernel-drivers/golden.ts';
import { tableOf, withTable } from './kernel-drivers/table.ts';

interface Subject {
  readonly name: string;
  /** A file of the module, below drivers/gpu/drm. */
  readonly source: string;
  readonly module: string;
  readonly bus: string;
  readonly match: string;
  readonly driver: string;
  readonly qemu: string;
  readonly before?: string;
  readonly scenarios: readonly string[];
}

/** A stress kit that runs in the guest. */
interface Kit {
  readonly name: string;
  /** Of the kernel's tree, or of this repository. */
  readonly source: string;
  readonly qemu: string;
  readonly before?: string;
  /** What stress.sh is given, with commas. */
  readonly args: string;
  /** The machine goes down: the serial console has the last words. */
  readonly console?: boolean;
}

const root = resolve(import.meta.dirname, '..');
const recipe = join(root, 'scripts/kernel-drivers');
const recordings = join(root, 'test/kernel/drivers');
const cache = join(
  process.env.DRIVER_TEARDOWN_CACHE ??
    join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'driver-teardown'),
  'kernel-drivers',
);
const {
  kernel,
  subjects,
  stress: kits,
} = JSON.parse(readFileSync(join(recipe, 'subjects.json'), 'utf8')) as {
  readonly kernel: string;
  readonly subjects: readonly Subject[];
  readonly stress: readonly Kit[];
};

/** Seconds until a boot counts as hung. */
const limit = Number(optionValue('--limit') ?? 900);

/** What follows an option on the command line. */
function optionValue(option: string): string | undefined {
  const at = process.argv.indexOf(option);
  return at < 0 ? undefined : process.argv[at + 1];
}

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): void {
  const { status, error } = spawnSync(command, args, {
    cwd: cache,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw new Error(`${command} ${error?.message ?? `ended with ${status}`}`);
}

function treePath(): string {
  const { status, stdout, stderr } = spawnSync(join(root, 'scripts/fetch-kernel.sh'), ['6.12'], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`no kernel 6.12: ${stderr.trim()}`);
  return stdout.trim();
}

/** The kernel's image, unpacked, and what boots from it. */
function prepare(tree: string): void {
  mkdirSync(cache, { recursive: true });
  if (!existsSync(join(cache, 'img'))) {
    run('apt-get', ['download', `linux-image-${kernel}`]);
    const deb = readdirSync(cache).find((name) => name.startsWith(`linux-image-${kernel}`)) ?? '';
    run('dpkg', ['-x', deb, 'img']);
  }
  run(join(recipe, 'guest.sh'), [cache, kernel], { KERNEL_TREE: tree });
}

/** The kernel's command line for every boot. */
const quiet =
  'console=ttyS0 no_timer_check loglevel=4 log_buf_len=16M printk.devkmsg=on panic=-1 mitigations=off random.trust_cpu=on';
const debugging = 'trace_clock=global slub_debug=FZPU page_poison=1';

/** Where the guest's memory keeps a panic's last words (pstore) until the next boot, which goes on with the kit. */
const kept = '0x30000000';
const resuming = `softlockup_panic=1 memmap=1M$${kept}`;
const keeper = `ramoops:mem_address=${kept}:mem_size=0x100000:record_size=0x20000:max_reason=1`;

/** Boots, with a folder of this machine as /out of the guest. */
function start(name: string, out: string, qemu: string, words: readonly string[]): void {
  const machine = `-accel tcg -M q35 -cpu qemu64,+rdrand -m 1024 -smp 1 -nodefaults -display none -vga none${
    words.includes(resuming) ? '' : ' -no-reboot'
  }`;
  const { status } = spawnSync(
    'timeout',
    [
      ...`${limit} nice -n 10 qemu-system-x86_64 ${machine} ${qemu}`.trim().split(/ +/),
      ...['-serial', `file:${join(out, 'console')}`],
      ...['-kernel', join(cache, 'vmlinuz'), '-initrd', join(cache, 'initrd')],
      ...['-virtfs', `local,path=${out},mount_tag=out,security_model=none`],
      ...['-append', [quiet, debugging, ...words].join(' ')],
    ],
    { stdio: 'ignore' },
  );
  if (status !== 0) console.error(`${name}: the boot ended with ${status}`);
  if (status === 124 && optionValue('--limit') !== undefined) process.exit(4);
}

function emptied(out: string): string {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  return out;
}

/** The guest writes a log for each scenario into the folder that this returns. */
function boot({ name, module, bus, match, driver, qemu, before, scenarios }: Subject): string {
  const out = emptied(join(cache, 'logs', name));
  start(name, out, qemu, [
    'drm.debug=0x200 tp_printk trace_event=dev:devres_log',
    `dt.mod=${module} dt.bus=${bus} dt.match=${match} dt.drv=${driver} dt.scen=${scenarios.join()}`,
    ...(before === undefined ? [] : [`dt.pre=${before}`]),
  ]);
  return out;
}

/** Runs a stress kit in the guest; @returns the log */
function runKit({ name, source, qemu, before, args, console: serial }: Kit, tree: string): string {
  const out = emptied(join(cache, 'stress', name));
  const loader = join(root, 'node_modules/tsx/dist/loader.mjs');
  const program = ['--import', loader, join(root, 'server/src/program.ts'), 'stress'];
  run(process.execPath, [...program, sourceOf(source, tree), '-o', join(out, 'kit')]);
  start(name, out, qemu, [
    `dt.kit=1 dt.args=${args}`,
    serial ? 'tp_printk ignore_loglevel' : resuming,
    `dt.pre=${[...(serial ? [] : [keeper]), ...(before === undefined ? [] : [before])].join()}`,
  ]);
  return join(out, serial ? 'console' : 'stress/stress.log');
}

function sourceOf(source: string, tree: string): string {
  return join(source.startsWith('test/') ? root : tree, source);
}

/** Runs the kits, or takes their logs from a folder, and writes the recordings. */
function recordKits(wanted: readonly string[], tree: string, from: string | undefined): void {
  for (const kit of kits.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    const log = from === undefined ? runKit(kit, tree) : join(resolve(from), `${kit.name}.log`);
    if (!existsSync(log)) console.error(`${kit.name}: no log`);
    else
      writeFileSync(
        join(root, 'test/kernel/stress', `${kit.name}.log`),
        stressRecordingOf(readFileSync(log, 'latin1')),
      );
  }
}

/** Writes or compares the recordings of one subject; @returns what differs. */
function record({ name, scenarios }: Subject, from: string, check: boolean): string[] {
  const differing: string[] = [];
  for (const scenario of scenarios) {
    const log = join(from, `${scenario.replaceAll(':', '-')}.dmesg`);
    if (!existsSync(log)) {
      if (check) differing.push(`${name}/${scenario} (no log)`);
      continue;
    }
    const text = recordingOf(readFileSync(log, 'utf8'));
    const path = join(recordings, name, fileOf(scenario));
    if (!/ (?:REL|REM) /.test(text)) continue;
    if (check) {
      if (!existsSync(path) || readFileSync(path, 'utf8') !== text)
        differing.push(`${name}/${scenario}`);
      continue;
    }
    mkdirSync(join(recordings, name), { recursive: true });
    writeFileSync(path, text);
  }
  return differing;
}

/** What the model says of each subject's driver, once for each source. */
async function writeOrders(tree: string): Promise<void> {
  const assets = findAssets(import.meta.dirname);
  mkdirSync(join(recordings, 'orders'), { recursive: true });
  for (const source of new Set(subjects.map((one) => one.source))) {
    const path = join('drivers/gpu/drm', source);
    const { project } = openProject({
      assets,
      root: rootOf(join(tree, path)),
      configuration: emptyConfiguration,
    });
    const [module] = project.modulesOf(path);
    if (!module) throw new Error(`no module of ${source}`);
    const order = goldenOf((await project.analyse(module)).analysis.order());
    const name = orderName(source);
    writeFileSync(
      join(recordings, 'orders', `${name}.json`),
      `${JSON.stringify(order, null, 1)}\n`,
    );
  }
}

function writeTable(): void {
  const page = join(root, 'docs/real-drivers.md');
  writeFileSync(page, withTable(readFileSync(page, 'utf8'), tableOf(subjects, recordings)));
}

async function main(args: readonly string[]): Promise<number> {
  const check = args.includes('--check');
  const from = optionValue('--from');
  const scenario = optionValue('--scenario');
  const values = ['--from', '--scenario', '--limit'].map((option) => args.indexOf(option) + 1);
  const names = args.filter((arg, i) => !arg.startsWith('--') && (i === 0 || !values.includes(i)));
  const wanted = subjects
    .filter(({ name }) => names.length === 0 || names.includes(name))
    .map((one) => (scenario === undefined ? one : { ...one, scenarios: [scenario] }));
  if (args.includes('--ready')) {
    if (!existsSync(join(cache, 'initrd')) || !existsSync(join(cache, 'vmlinuz'))) return 3;
    return reported(wanted.flatMap((subject) => record(subject, boot(subject), check)));
  }
  if (args.includes('--table')) {
    writeTable();
    return 0;
  }
  const tree = treePath();
  if (args.includes('--stress')) {
    if (from === undefined) prepare(tree);
    recordKits(names, tree, from);
    return 0;
  }
  if (!check) await writeOrders(tree);
  if (args.includes('--orders')) return 0;
  if (from === undefined) prepare(tree);
  const differing: string[] = [];
  for (const subject of wanted) {
    const logs = from === undefined ? boot(subject) : join(resolve(from), subject.name);
    if (existsSync(logs)) differing.push(...record(subject, logs, check));
  }
  if (!check) writeTable();
  return reported(differing);
}

/** Says what differs; @returns the exit code */
function reported(differing: readonly string[]): number {
  if (differing.length > 0) console.error(`not as recorded: ${differing.join(', ')}`);
  return differing.length > 0 ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
