/**
 * The kernel's own build of x86 allmodconfig, as far as it takes to compile single files: made once
 * in the cache, with the command of every source of DRM and accel as kbuild itself would run it.
 */
import { spawnSync } from 'node:child_process';
import {
  accessSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { basename, delimiter, join, normalize } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const version = '6.12';

/** The folders whose files may be changed, and are compiled. */
export const driverFolders = ['drivers/gpu/drm', 'drivers/accel'];

export interface BuildFolder {
  /** The kernel source. Never written to. */
  readonly source: string;
  readonly build: string;
  /** By source file relative to the tree: the shell command that compiles it, run in `build`. */
  readonly commands: ReadonlyMap<string, string>;
}

/** Said to the user as it is: something is missing on this machine, or the kernel does not build. */
export class BuildProblem extends Error {}

/** What the build needs: a program or a header, and the Debian package that brings it. */
const needed: readonly (readonly [what: string, pack: string])[] = [
  ['gcc', 'gcc'],
  ['make', 'make'],
  ['flex', 'flex'],
  ['bison', 'bison'],
  ['bc', 'bc'],
  ['perl', 'perl'],
  ['python3', 'python3'],
  ['xz', 'xz-utils'],
  ['git', 'git'],
  ['/usr/include/libelf.h', 'libelf-dev'],
  ['/usr/include/openssl/opensslv.h', 'libssl-dev'],
];

function isThere(what: string): boolean {
  const places = what.startsWith('/')
    ? [what]
    : (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, what));
  return places.some((place) => {
    try {
      accessSync(place);
      return true;
    } catch {
      return false;
    }
  });
}

/** @throws BuildProblem that names the packages to install */
function checkTools(): void {
  if (process.platform !== 'linux') throw new BuildProblem('a kernel is only built on Linux');
  const missing = needed.filter(([what]) => !isThere(what)).map(([, pack]) => pack);
  if (missing.length === 0) return;
  throw new BuildProblem(`missing to build a kernel: apt-get install ${missing.join(' ')}`);
}

function cacheFolder(): string {
  const own = process.env['DRIVER_TEARDOWN_CACHE'];
  if (own) return own;
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(cache, 'driver-teardown');
}

function run(command: string, args: readonly string[], cwd: string): string {
  const result = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 29,
    env: { ...process.env, LC_ALL: 'C' },
  });
  if (result.status === 0) return result.stdout;
  const said = (result.stderr ?? '').trim().split('\n').slice(-3).join(' / ');
  throw new BuildProblem(`${command} ${args.join(' ')}: ${said || String(result.error)}`);
}

/** The tree with all that a build reads. */
function fullSource(): string {
  const script = join(root, 'scripts', 'fetch-kernel.sh');
  return run(script, ['--full', version], root).trim();
}

/** Lets kbuild make one target; its by-products are what is wanted. */
export function makeTarget(build: string, target: string, jobs: number): boolean {
  const { status } = spawnSync('make', ['-s', `-j${jobs}`, 'ARCH=x86_64', target], {
    cwd: build,
    stdio: 'ignore',
  });
  return status === 0;
}

/** From kbuild's dry run: what it would run for each source file. */
function readCommands(dryRun: string, source: string): Map<string, string> {
  const commands = new Map<string, string>();
  const pattern = /;\s+(gcc [^;]* -c -o (\S+\.o) (\S+\.c))\s*(?=;|$)/gm;
  for (const [, command = '', , file = ''] of dryRun.matchAll(pattern)) {
    if (file.startsWith(`${source}/`)) commands.set(file.slice(source.length + 1), command);
  }
  return commands;
}

function makeBuildFolder(source: string, build: string, jobs: number): void {
  rmSync(build, { recursive: true, force: true });
  mkdirSync(build, { recursive: true });
  const arch = ['-s', 'ARCH=x86_64'];
  const options = `KCONFIG_ALLCONFIG=${join(import.meta.dirname, 'kconfig.config')}`;
  run('make', [...arch, '-C', source, `O=${build}`, options, 'allmodconfig'], build);
  run('make', [...arch, `-j${jobs}`, 'modules_prepare'], build);
}

/** What kbuild would run to build the driver folders, with some options set that are not. */
function dryRun(source: string, build: string, options: readonly string[]): Map<string, string> {
  const targets = driverFolders.map((folder) => `${folder}/`);
  const args = ['-n', '-k', 'W=1', 'KBUILD_VERBOSE=1', 'ARCH=x86_64', ...options, ...targets];
  const { stdout } = spawnSync('make', args, { cwd: build, encoding: 'utf8', maxBuffer: 1 << 29 });
  return readCommands(stdout ?? '', source);
}

/** The options that decide on a source of the driver folders and that no x86 kernel can have. */
function unsetOptions(source: string, build: string): readonly string[] {
  const set = new Set(
    [...readFileSync(join(build, '.config'), 'utf8').matchAll(/^(CONFIG_\w+)=/gm)].map((m) => m[1]),
  );
  const listed = /^obj-\$\((CONFIG_\w+)\)/gm;
  const makefiles = driverFolders.flatMap((folder) => makefilesUnder(join(source, folder)));
  const named = makefiles.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(listed)].map((match) => match[1] ?? ''),
  );
  return [...new Set(named)].filter((name) => !set.has(name)).sort();
}

function makefilesUnder(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => basename(name) === 'Makefile')
    .map((name) => join(folder, name));
}

/**
 * Drivers for machines of other kinds are compiled as well: their sources seldom need more of their
 * architecture than the build system asks for. Those that do fail unchanged, and are left out then.
 */
function makeCommands(source: string, build: string): Map<string, string> {
  const commands = dryRun(source, build, []);
  if (commands.size < 2000)
    throw new BuildProblem(`kbuild's dry run names only ${commands.size} files`);
  const foreign = unsetOptions(source, build).map((name) => `${name}=m`);
  for (const [file, command] of dryRun(source, build, foreign))
    if (!commands.has(file)) commands.set(file, command);
  return commands;
}

/**
 * The build folder, made when it is not there.
 * @param say hears of what takes long
 * @throws BuildProblem
 */
export function buildFolder(jobs: number, say: (line: string) => void): BuildFolder {
  checkTools();
  const source = fullSource();
  const build = join(cacheFolder(), `build-${version}`);
  const [ready, stored] = [join(build, '.ready'), join(build, 'drm-commands.json')];
  const present = existsSync(ready) && readFileSync(ready, 'utf8') === source;
  if (!present) {
    say(`preparing ${build} (once)`);
    makeBuildFolder(source, build, jobs);
  }
  if (!present || !existsSync(stored)) {
    const commands = makeCommands(source, build);
    writeFileSync(stored, JSON.stringify(Object.fromEntries(commands)));
    writeFileSync(ready, source);
  }
  const commands = JSON.parse(readFileSync(stored, 'utf8')) as Record<string, string>;
  // Some drivers name the sources of their other folders by way of `..`.
  const byPath = Object.entries(commands).map(
    ([file, command]) => [normalize(file), command] as const,
  );
  return { source, build, commands: new Map(byPath) };
}
