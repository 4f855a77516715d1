/**
 * A real VS Code for machines without a desktop one: code-server from npm under .vscode-host/, with
 * the node that it needs. Nothing is compiled and nothing is fetched but npm packages. Node
 * built-ins only.
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { endTree, runTree, startTree } from './processes.mjs';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const hostFolder = join(root, '.vscode-host');
const manifestFolder = join(root, 'scripts', 'vscode-host');

/** What a try-out or a test needs to be quiet: no welcome page, no gallery, no telemetry. */
const settings = {
  'security.workspace.trust.enabled': false,
  'workbench.startupEditor': 'none',
  'workbench.enableExperiments': false,
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'files.autoSave': 'off',
  'git.enabled': false,
  'update.mode': 'none',
};

/**
 * VS Code's own packages. The optional ones are needed: without the file watcher's binary VS Code
 * does not notice what changes on disk.
 */
const innerInstall = ['install', '--omit=dev', '--ignore-scripts'];

/**
 * Installs code-server when this version is not there yet; returns where its parts are.
 * @param say is told before something takes long
 * @param version another one than that of the lock file, such as `4.100.3`; DRIVER_TEARDOWN_CODE_SERVER names it, too
 */
export async function ensureHost(
  say,
  running = new Set(),
  version = process.env.DRIVER_TEARDOWN_CODE_SERVER,
) {
  const name =
    version ??
    createHash('sha256')
      .update(readFileSync(join(manifestFolder, 'package-lock.json')))
      .update(innerInstall.join())
      .digest('hex')
      .slice(0, 12);
  const folder = join(hostFolder, `code-server-${name}`);
  if (!existsSync(folder)) await installHost(folder, version, say, running);
  return locate(folder, version);
}

/** Built in a folder beside the real one and renamed: a broken install is never taken for a whole one. */
async function installHost(folder, version, say, running) {
  say(
    `installing code-server ${version ?? ''} from npm into .vscode-host (once, about 30 s and 800 MB)`,
  );
  mkdirSync(hostFolder, { recursive: true });
  const work = mkdtempSync(join(hostFolder, 'installing-'));
  try {
    if (version === undefined) await installLocked(work, running);
    else await installOlder(work, version, running);
    if (existsSync(folder)) return;
    renameSync(work, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const innerFolder = ['node_modules', 'code-server', 'lib', 'vscode'];

async function installLocked(work, running) {
  for (const file of ['package.json', 'package-lock.json']) {
    copyFileSync(join(manifestFolder, file), join(work, file));
  }
  await npm(work, ['ci', '--ignore-scripts'], process.env, running);
  const { node } = locate(work);
  // Their shrinkwrap is incomplete, so `npm ci` refuses it; `npm install` follows it for the rest.
  const path = `${dirname(node)}${delimiter}${process.env.PATH}`;
  await npm(join(work, ...innerFolder), innerInstall, { ...process.env, PATH: path }, running);
}

/** Those that run under the node at hand; some of their native modules have to be built for it. */
async function installOlder(work, version, running) {
  writeFileSync(
    join(work, 'package.json'),
    JSON.stringify({ private: true, dependencies: { 'code-server': version } }),
  );
  const inner = join(work, ...innerFolder);
  await npm(work, ['install', '--ignore-scripts'], process.env, running);
  await npm(work, ['rebuild', 'argon2'], process.env, running);
  // Peers of theirs contradict each other: what their shrinkwrap says is taken.
  await npm(inner, [...innerInstall, '--legacy-peer-deps'], process.env, running);
  // Without these two an older extension host hangs, and no extension starts.
  await npm(inner, ['rebuild', '@vscode/spdlog', 'native-watchdog'], process.env, running);
}

async function npm(cwd, args, env, running) {
  const { status, output } = await runTree(
    'npm',
    [...args, '--no-audit', '--no-fund', '--loglevel=error'],
    running,
    { cwd, env },
  );
  if (status === 0) return;
  throw new Error(
    `npm ${args[0]} for code-server failed: ${output.trim().split('\n').slice(-5).join('\n')}`,
  );
}

function locate(folder, version) {
  const entry = join(folder, 'node_modules', 'code-server', 'out', 'node', 'entry.js');
  if (version !== undefined) return { entry, node: process.execPath };
  const packaged = join(
    folder,
    'node_modules',
    `node-${process.platform}-${process.arch}`,
    'bin',
    'node',
  );
  if (existsSync(packaged)) return { entry, node: packaged };
  if (process.versions.node.startsWith('24.')) return { entry, node: process.execPath };
  throw new Error(
    `code-server needs node 24, which npm has no package of for ${process.platform} ${process.arch}: ` +
      'run this under node 24, or install VS Code so that `code` is on the PATH',
  );
}

/** Creates the folders of one VS Code profile and its settings. */
export function prepareProfile(folder, more = {}) {
  const profile = {
    folder,
    user: join(folder, 'user'),
    extensions: join(folder, 'extensions'),
    config: join(folder, 'config.yaml'),
    log: join(folder, 'server.log'),
  };
  mkdirSync(join(profile.user, 'User'), { recursive: true });
  mkdirSync(profile.extensions, { recursive: true });
  const file = join(profile.user, 'User', 'settings.json');
  if (!existsSync(file))
    writeFileSync(file, `${JSON.stringify({ ...settings, ...more }, null, 2)}\n`);
  writeFileSync(profile.config, 'auth: none\ncert: false\n');
  return profile;
}

function serverArguments(host, profile) {
  return [
    host.entry,
    '--config',
    profile.config,
    '--auth',
    'none',
    '--user-data-dir',
    profile.user,
    '--extensions-dir',
    profile.extensions,
    '--disable-telemetry',
    '--disable-update-check',
    '--disable-workspace-trust',
    '--disable-getting-started-override',
  ];
}

function serverEnvironment(env) {
  // Without a gallery the server looks nothing up outside this machine.
  return { ...process.env, ...env, EXTENSIONS_GALLERY: '{}' };
}

/** Installs a packaged extension into a profile. */
export async function installExtension(host, profile, vsix, running = new Set()) {
  const args = [...serverArguments(host, profile), '--force', '--install-extension', vsix];
  const { status, output } = await runTree(host.node, args, running, {
    env: serverEnvironment({}),
  });
  if (status !== 0 || !/successfully installed/.test(output)) {
    throw new Error(`the extension could not be installed: ${output.trim()}`);
  }
}

/** Starts code-server on a free port of 127.0.0.1 and waits until it answers. */
export async function startServer(host, profile, options = {}) {
  const port = options.port ?? (await freePort());
  const log = openSync(profile.log, 'w');
  const tree = startTree(
    host.node,
    [
      ...serverArguments(host, profile),
      '--bind-addr',
      `127.0.0.1:${port}`,
      ...(options.args ?? []),
    ],
    { stdio: ['ignore', log, log], env: serverEnvironment(options.env ?? {}) },
  );
  closeSync(log);
  options.onStart?.(tree);
  const address = `http://127.0.0.1:${port}`;
  try {
    await untilHealthy(address, tree, profile.log);
  } catch (error) {
    await endTree(tree);
    throw error;
  }
  return { tree, port, address };
}

async function untilHealthy(address, tree, log) {
  let over = false;
  void tree.ended.then(() => {
    over = true;
  });
  for (let tries = 0; tries < 600; tries++) {
    if (over) throw new Error(`code-server ended early:\n${readFileSync(log, 'utf8').trim()}`);
    try {
      if ((await fetch(`${address}/healthz`)).ok) return;
    } catch {
      // Not listening yet.
    }
    await sleep(100);
  }
  throw new Error(`code-server did not answer within 60 s; its log: ${log}`);
}

/** The address that opens a folder, and a file at a line; `payload` is VS Code's own URL payload. */
export function workbenchUrl(server, folder, { file, line, payload = [] } = {}) {
  const remote = (path) => `vscode-remote://127.0.0.1:${server.port}${encodeURI(path)}`;
  const entries = payload.map(([key, path]) => [key, remote(path)]);
  if (file !== undefined && line !== undefined) {
    entries.push(['openFile', remote(`${file}:${line}`)], ['gotoLineMode', 'true']);
  } else if (file !== undefined) {
    entries.push(['openFile', remote(file)]);
  }
  const query = new URLSearchParams({ folder });
  if (entries.length > 0) query.set('payload', JSON.stringify(entries));
  return `${server.address}/?${query}`;
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

const registration = /\bdrmm_add_action/;

/** A file that shows something when a folder is opened: the first source with a drmm action. */
export function interestingFile(folder) {
  const preferred = [
    'sample_gpu/sample_migrate.c',
    'drivers/gpu/drm/xe/xe_migrate.c',
    'xe_migrate.c',
  ];
  const known = preferred.map((name) => join(folder, name)).find((path) => existsSync(path));
  if (known !== undefined) return known;
  const sources = readdirSync(folder)
    .filter((name) => name.endsWith('.c'))
    .sort();
  const managed = sources.find((name) =>
    registration.test(readFileSync(join(folder, name), 'latin1')),
  );
  const first = managed ?? sources[0];
  return first === undefined ? undefined : join(folder, first);
}

/** The line to open a file at: its first drmm action, counted from 1. */
export function interestingLine(file) {
  const index = readFileSync(file, 'latin1')
    .split('\n')
    .findIndex((line) => registration.test(line));
  return index < 0 ? 1 : index + 1;
}
