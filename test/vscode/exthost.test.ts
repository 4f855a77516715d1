/**
 * Runs the suites of exthost/ inside VS Code's own extension host, with the extension loaded from
 * this folder, and shows each of their tests as a test of this run.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import Mocha from 'mocha';
import { root } from '../../scripts/lib/vscode-host.mjs';
import { skip } from '../skip.ts';
import type { HostedResult } from './exthost/result.ts';
import { Lacking, screenshot, startWorkbench, type Workbench } from './support/workbench.ts';

/** A longer run kills the server more often. */
const kills = process.env['DRIVER_TEARDOWN_KILLS'];
const longest = 240_000 + Number(kills ?? 0) * 40_000;
const bundle = join(root, 'out/exthost.cjs');
const resultFile = join(root, 'out/exthost-result.json');

async function bundleSuites(): Promise<void> {
  await build({
    entryPoints: [join(root, 'test/vscode/exthost/index.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
}

/** Runs in the page, before VS Code reads its configuration: the same on each version. */
const letTestsRun = `{
  const read = Element.prototype.getAttribute;
  Element.prototype.getAttribute = function (name) {
    const value = read.call(this, name);
    if (this.id !== 'vscode-workbench-web-configuration' || name !== 'data-settings' || !value) return value;
    const settings = JSON.parse(value);
    settings.developmentOptions = { ...settings.developmentOptions, enableSmokeTestDriver: true };
    return JSON.stringify(settings);
  };
}`;

/** Opens the window that hosts the tests; resolves with its exit status. */
async function runHosted({ page, url, sample }: Workbench): Promise<number> {
  const exited = new Promise<number>((resolve) => {
    void page.exposeFunction('codeAutomationExit', (status: number) => resolve(status));
  });
  await page.exposeFunction('codeAutomationLog', () => undefined);
  // A built VS Code runs no tests of extensions unless its page says that somebody drives it.
  await page.addInitScript(letTestsRun);
  const payload = [
    ['extensionDevelopmentPath', root],
    ['extensionTestsPath', bundle],
  ] as const;
  await page.goto(url(sample, { payload }));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the extension host did not finish')), longest);
  });
  return Promise.race([exited, late]).finally(() => clearTimeout(timer));
}

describe('in the extension host', function () {
  this.timeout(360_000 + longest);
  // Filled by the hook below: Mocha walks it after that.
  const hosted = describe('hosted', () => {});
  let status = -1;

  before(async function () {
    let workbench: Workbench;
    rmSync(resultFile, { force: true });
    await bundleSuites();
    const env = {
      DRIVER_TEARDOWN_EXTHOST_RESULT: resultFile,
      ...(kills === undefined ? {} : { DRIVER_TEARDOWN_KILLS: kills }),
    };
    try {
      workbench = await startWorkbench({ install: false, env });
    } catch (error) {
      if (error instanceof Lacking) skip(this, error.message);
      throw error;
    }
    try {
      status = await runHosted(workbench);
    } catch (error) {
      await screenshot(workbench.page, 'failure-exthost');
      throw error;
    } finally {
      await workbench.close();
    }
    for (const { title, failure } of readResults()) {
      hosted.addTest(new Mocha.Test(title, () => assert.equal(failure, null, failure ?? '')));
    }
  });

  it('ran tests, and says with its exit status whether they passed', () => {
    const results = readResults();
    assert.ok(results.length > 0, 'no test ran');
    assert.equal(status, results.every(({ failure }) => failure === null) ? 0 : 1);
  });
});

function readResults(): readonly HostedResult[] {
  if (!existsSync(resultFile)) return [];
  return JSON.parse(readFileSync(resultFile, 'utf8')) as HostedResult[];
}
