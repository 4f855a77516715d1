/** Builds and runs the kernel that records the drivers of test/kernel/recordings/. */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';

/** What the build needs, with the packages that hold it. */
const programs = {
  gcc: 'gcc',
  make: 'make',
  flex: 'flex',
  bison: 'bison',
  bc: 'bc',
  dmesg: 'util-linux',
  mount: 'mount',
  'dpkg-deb': 'dpkg',
};

/** @returns {string[]} packages to install, in words for a person */
export function missingPrograms() {
  return Object.entries(programs)
    .filter(([program]) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0)
    .map(([program, bundle]) => `${program} (package ${bundle})`);
}

function run(command, args, options = {}) {
  const { status, signal, error } = spawnSync(command, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    ...options,
  });
  if (error) throw error;
  if (status !== 0)
    throw new Error(`${command} ${args.slice(0, 3).join(' ')} … ended with ${signal ?? status}`);
}

/** A copy of the whole source: the fetched tree itself is other programs' too, and stays as it is. */
export function copyTree(root, cache, version) {
  const tree = join(cache, `linux-${version}`);
  const complete = join(tree, '.complete');
  if (existsSync(complete)) return tree;
  const fetch = spawnSync(join(root, 'scripts/fetch-kernel.sh'), ['--full', version], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  if (fetch.status !== 0) throw new Error(`no source of linux ${version}`);
  rmSync(tree, { recursive: true, force: true });
  run('cp', ['-a', '--reflink=auto', fetch.stdout.trim(), tree]);
  writeFileSync(complete, '');
  return tree;
}

/** Puts recorder and drivers into the tree, beside the kernel's own drivers. */
export function installDrivers(recordings, tree) {
  const drm = join(tree, 'drivers/gpu/drm');
  const target = join(drm, 'teardown-recordings');
  const wanted = /\.(?:c|h)$|^(?:Makefile|Kconfig)$/;
  const place = (from, to) => {
    mkdirSync(to, { recursive: true });
    for (const name of readdirSync(from)) {
      if (wanted.test(name)) copyChanged(join(from, name), join(to, name));
    }
  };
  place(join(recordings, 'recorder'), target);
  for (const name of driversOf(recordings)) place(join(recordings, name), join(target, name));
  append(join(drm, 'Kconfig'), 'source "drivers/gpu/drm/teardown-recordings/Kconfig"\n');
  append(join(drm, 'Makefile'), 'obj-$(CONFIG_DRM_TEARDOWN_RECORDINGS) += teardown-recordings/\n');
}

/** The folders that hold a driver: each but the recorder's. */
export function driversOf(recordings) {
  return readdirSync(recordings, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'recorder')
    .map((entry) => entry.name)
    .sort();
}

/** An equal file keeps its time, and make its object. */
function copyChanged(from, to) {
  if (!existsSync(to) || !readFileSync(from).equals(readFileSync(to))) cpSync(from, to);
}

function append(file, line) {
  const text = readFileSync(file, 'utf8');
  if (!text.includes(line)) writeFileSync(file, text + line);
}

export function buildKernel(recordings, tree, build) {
  mkdirSync(build, { recursive: true });
  const wanted = readFileSync(join(recordings, 'recorder/kernel.config'), 'utf8');
  const seed = join(build, '.wanted');
  const make = (...goals) =>
    run('make', ['-s', '-C', tree, 'ARCH=um', `O=${build}`, `-j${cpus().length}`, ...goals]);
  if (!existsSync(seed) || readFileSync(seed, 'utf8') !== wanted) {
    writeFileSync(join(build, '.config'), wanted);
    make('olddefconfig');
    requireOptions(wanted, readFileSync(join(build, '.config'), 'utf8'));
    writeFileSync(seed, wanted);
  }
  make('linux');
  return join(build, 'linux');
}

function requireOptions(wanted, config) {
  const missing = wanted
    .split('\n')
    .filter((line) => line.startsWith('CONFIG_') && !config.includes(`${line}\n`));
  if (missing.length > 0) throw new Error(`this kernel cannot have ${missing.join(', ')}`);
}

/** Boots the kernel on the host's files, with init.sh as its first process, until it powers off. */
export function runKernel(recordings, kernel, out) {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const init = join(out, 'init.sh');
  cpSync(join(recordings, 'recorder/init.sh'), init);
  const args = [
    'mem=256M',
    'root=/dev/root',
    'rootfstype=hostfs',
    'rootflags=/',
    'rw',
    `init=${init}`,
    `RECORDINGS=${out}`,
    `uml_dir=${join(out, 'uml')}`,
    'con=null',
    'con0=fd:0,fd:1',
    'tp_printk',
    'log_buf_len=8M',
    'ignore_loglevel',
  ];
  const { stdout } = spawnSync(kernel, args, {
    timeout: 300_000,
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = join(out, 'console.log');
  writeFileSync(log, stdout ?? '');
  if (!existsSync(join(out, 'finished')))
    throw new Error(`the recording kernel did not reach its end: see ${log}`);
}
