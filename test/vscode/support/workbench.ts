/** A real VS Code (code-server) in a real browser (Chromium), for tests and for the screenshot. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { endTree, livingProcesses, runTree, type Tree } from '../../../scripts/lib/processes.mjs';
import {
  ensureHost,
  type Host,
  installExtension,
  type Profile,
  prepareProfile,
  type RunningServer,
  root,
  startServer,
  workbenchUrl,
} from '../../../scripts/lib/vscode-host.mjs';
import { patience } from './editor.ts';

/** Why this machine cannot run a test. Everything else that goes wrong is a failure. */
export class Lacking extends Error {}

export interface Workbench {
  readonly page: Page;
  readonly server: RunningServer;
  /** A copy of sample/ that the test may change. */
  readonly sample: string;
  /** Where the URL of this server leads: a folder, a file in it, and VS Code's URL payload. */
  url(folder: string, open?: Parameters<typeof workbenchUrl>[2]): string;
  close(): Promise<void>;
}

function findChromium(): string {
  const named = process.env['CHROMIUM'];
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  const program = [...(named === undefined ? [] : [named]), ...found].find((path) =>
    existsSync(path),
  );
  if (program === undefined) throw new Lacking('no chromium on the PATH (CHROMIUM can name one)');
  return program;
}

async function findHost(): Promise<Host> {
  if (process.platform !== 'linux') throw new Lacking('code-server is tested on Linux only');
  try {
    return await ensureHost((line) => console.log(`      ${line}`));
  } catch (error) {
    throw new Lacking(`no code-server: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Installs DRIVER_TEARDOWN_VSIX, or else packages the extension as it would be published. */
async function installPackage(host: Host, profile: Profile): Promise<void> {
  const given = process.env['DRIVER_TEARDOWN_VSIX'];
  if (given !== undefined) return installExtension(host, profile, given);
  const vsix = join(profile.folder, 'driver-teardown.vsix');
  const script = join(root, 'scripts/package.mjs');
  const { status, output } = await runTree(process.execPath, [script, '--output', vsix], new Set());
  if (status !== 0) throw new Error(`packaging failed:\n${output}`);
  await installExtension(host, profile, vsix);
}

/** @throws Lacking when there is no Chromium */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const quiet = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'];
  const offline = ['--disable-background-networking', '--disable-component-update'];
  return chromium.launch({ executablePath, args: [...sandbox, ...quiet, ...offline] });
}

export interface WorkbenchOptions {
  /** Whether the packaged extension is installed; the extension host tests bring theirs. */
  readonly install: boolean;
  readonly serverArgs?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly viewport?: { readonly width: number; readonly height: number };
}

/**
 * Starts server and browser; nothing is opened yet.
 * @throws Lacking when the machine has no Chromium or cannot have code-server
 */
export async function startWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  findChromium();
  const host = await findHost();
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'driver-teardown-vscode-')));
  const sample = join(folder, 'sample');
  cpSync(join(root, 'sample'), sample, { recursive: true });
  const profile = prepareProfile(folder, options.settings ?? {});
  let tree: Tree | undefined;
  let browser: Browser | undefined;
  const close = async (): Promise<void> => {
    await browser?.close();
    if (tree !== undefined) await endTree(tree);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    if (options.install) await installPackage(host, profile);
    const server = await startServer(host, profile, {
      args: options.serverArgs ?? [],
      env: options.env ?? {},
      onStart: (started) => {
        tree = started;
      },
    });
    browser = await launchBrowser();
    const viewport = options.viewport ?? { width: 1400, height: 1000 };
    const page = await (await browser.newContext({ viewport })).newPage();
    page.setDefaultTimeout(patience);
    const url: Workbench['url'] = (at, open) => workbenchUrl(server, at, open);
    return { page, server, sample, url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Sends a signal to the language servers that the workbench of this test has started. */
export function signalServers({ server }: Workbench, signal: NodeJS.Signals): void {
  for (const id of livingProcesses(server.tree)) {
    try {
      const command = readFileSync(`/proc/${id}/cmdline`, 'utf8');
      if (/driver-teardown.*[/\\]dist[/\\]server\.cjs/.test(command)) process.kill(id, signal);
    } catch {
      // It has ended between the look and the signal.
    }
  }
}

/** Screenshots are kept for whoever looks into a failure, and because they show what works. */
export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(join(root, 'artifacts'), { recursive: true });
  await page.screenshot({ path: join(root, 'artifacts', `${name}.png`) });
}
