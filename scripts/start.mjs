/**
 * `npm start [-- PATH]`: a real VS Code with this extension on the sample module, or on the kernel
 * tree or driver folder that PATH names. Ctrl-C ends it with all that it started.
 *
 * Node built-ins only up to the point where the packages are installed.
 */
import { existsSync, statSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { installMissing } from './lib/dependencies.mjs';
import { endTree, killTreeNow, runTree, startTree } from './lib/processes.mjs';
import {
  ensureHost,
  hostFolder,
  installExtension,
  interestingFile,
  interestingLine,
  prepareProfile,
  root,
  startServer,
  workbenchUrl,
} from './lib/vscode-host.mjs';

const usage = `usage: npm start [-- [--web] [--port N] [PATH]]
  PATH      folder or C file to open (default: sample/)
  --web     use VS Code in the browser even when desktop VS Code is installed
  --port N  port of 127.0.0.1 for VS Code in the browser (default: a free one)`;

const say = (line) => console.log(line);
const running = new Set();
let ending = false;

function fail(message, status = 1) {
  console.error(`error: ${message}`);
  process.exit(status);
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        web: { type: 'boolean' },
        port: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) {
      say(usage);
      process.exit(0);
    }
    if (positionals.length > 1) fail(`one PATH at most\n${usage}`, 2);
    const port = values.port === undefined ? undefined : Number(values.port);
    if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65536)) {
      fail(`not a port: ${values.port}`, 2);
    }
    return { web: values.web === true, port, path: positionals[0] };
  } catch (error) {
    return fail(`${error.message}\n${usage}`, 2);
  }
}

/** npm runs scripts in the package's folder; PATH is meant from where the user stands. */
function findTarget(path) {
  if (path === undefined) {
    const folder = join(root, 'sample');
    return { folder, file: interestingFile(folder) };
  }
  const target = resolve(process.env.INIT_CWD ?? process.cwd(), path);
  if (!existsSync(target)) fail(`no such file or folder: ${target}`, 2);
  if (statSync(target).isDirectory()) return { folder: target, file: interestingFile(target) };
  return { folder: dirname(target), file: target };
}

async function run(script, args = []) {
  const { status, output } = await runTree(
    process.execPath,
    [join(root, 'scripts', script), ...args],
    running,
    { cwd: root },
  );
  if (status !== 0) throw new Error(`scripts/${script} failed\n${output.trim()}`);
}

function desktopCode() {
  const names = process.platform === 'win32' ? ['code.cmd', 'code.exe'] : ['code'];
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of names) {
      if (folder !== '' && existsSync(join(folder, name))) return join(folder, name);
    }
  }
  return undefined;
}

async function end(status) {
  if (ending) return;
  ending = true;
  for (const tree of running) await endTree(tree);
  process.exit(status);
}

function endOnSignals() {
  const statuses = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };
  for (const [signal, status] of Object.entries(statuses))
    process.on(signal, () => void end(status));
  // Whatever ends this process, an exception too, nothing that it started stays behind.
  process.on('exit', () => {
    for (const tree of running) killTreeNow(tree);
  });
}

/** A profile of its own: the window is ours to close, and the user's settings stay as they are. */
async function openDesktop(code, { folder, file }) {
  const profile = prepareProfile(join(hostFolder, 'desktop'));
  const args = [
    '--wait',
    '--new-window',
    `--extensionDevelopmentPath=${root}`,
    '--user-data-dir',
    profile.user,
    '--extensions-dir',
    profile.extensions,
    '--disable-workspace-trust',
    folder,
  ];
  if (file !== undefined) args.push('--goto', `${file}:${interestingLine(file)}`);
  const tree = startTree(code, args, { stdio: 'inherit', shell: process.platform === 'win32' });
  running.add(tree);
  say(`opening ${folder} in desktop VS Code (${code}); Ctrl-C closes it`);
  const { code: status, error } = await tree.ended;
  if (error !== undefined) say(`error: ${error.message}`);
  await end(status ?? 1);
}

async function openInBrowser({ folder, file }, port) {
  const host = await ensureHost(say, running);
  const profile = prepareProfile(join(hostFolder, 'profile'));
  const vsix = join(hostFolder, 'driver-teardown.vsix');
  await run('package.mjs', ['--output', vsix]);
  await installExtension(host, profile, vsix, running);
  const server = await startServer(host, profile, { port, onStart: (tree) => running.add(tree) });
  const open = file === undefined ? {} : { file, line: interestingLine(file) };
  say(`\nVS Code with Driver Teardown is at\n\n  ${workbenchUrl(server, folder, open)}\n`);
  say('Anyone on this machine can open it while it runs. Ctrl-C ends it.');
  const { code, signal } = await server.tree.ended;
  if (!ending) console.error(`code-server ended (${signal ?? code}); its log: ${profile.log}`);
  await end(1);
}

const { web, port, path } = readArguments();
const target = findTarget(path);
endOnSignals();
try {
  await installMissing(root, say, running);
  const code = web ? undefined : desktopCode();
  if (code === undefined) {
    await openInBrowser(target, port);
  } else {
    await run('build.mjs');
    await openDesktop(code, target);
  }
} catch (error) {
  // A step that the end of everything has ended has not failed.
  if (!ending) console.error(`error: ${error.message}`);
  await end(1);
}
