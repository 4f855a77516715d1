/** What services and hooks take: SARIF as GitHub reads it, the examples of docs/ci, reports. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { lineHashes } from '../../server/src/core/mail/line-hash.ts';
import { skip } from '../skip.ts';
import { GitFolder } from './git-folder.ts';
import { faulty, inKernelTree, programArguments, run, toyDriver } from './support.ts';

const root = join(import.meta.dirname, '../..');
const toy = 'drivers/gpu/drm/toy';
const second = faulty
  .slice(faulty.indexOf('static void'))
  .replaceAll('toy_ring', 'toy_queue')
  .replaceAll('struct toy_queue', 'struct toy_ring');

const text = { type: 'string', minLength: 1 };
const message = { type: 'object', required: ['text'], properties: { text } };
const https = { type: 'string', pattern: '^https://' };
const one = { type: 'integer', minimum: 1 };
const physical = {
  type: 'object',
  required: ['artifactLocation', 'region'],
  properties: {
    artifactLocation: {
      type: 'object',
      required: ['uri'],
      properties: { uri: { type: 'string', pattern: '^[^/\\s][^\\s\\\\]*$' } },
    },
    region: {
      type: 'object',
      required: ['startLine', 'startColumn', 'endLine', 'endColumn'],
      properties: { startLine: one, startColumn: one, endLine: one, endColumn: one },
    },
  },
};
const location = {
  type: 'object',
  required: ['physicalLocation'],
  properties: { physicalLocation: physical, message },
};

/** What GitHub says that it needs and shows; the types of SARIF 2.1.0 hold the rest at compile time. */
const github = {
  type: 'object',
  required: ['$schema', 'version', 'runs'],
  properties: {
    version: { const: '2.1.0' },
    runs: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['tool', 'results'],
        properties: {
          tool: {
            type: 'object',
            properties: {
              driver: {
                type: 'object',
                required: ['name', 'semanticVersion', 'informationUri', 'rules'],
                properties: {
                  informationUri: https,
                  semanticVersion: { type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+' },
                  rules: {
                    type: 'array',
                    minItems: 10,
                    items: {
                      type: 'object',
                      required: ['id', 'shortDescription', 'fullDescription', 'help', 'helpUri'],
                      properties: {
                        id: { type: 'string', maxLength: 255 },
                        shortDescription: {
                          ...message,
                          properties: { text: { ...text, maxLength: 1024 } },
                        },
                        fullDescription: {
                          ...message,
                          properties: { text: { ...text, maxLength: 1024 } },
                        },
                        help: { ...message, required: ['text', 'markdown'] },
                        helpUri: https,
                        defaultConfiguration: {
                          type: 'object',
                          properties: { level: { enum: ['error', 'warning', 'note'] } },
                        },
                        properties: {
                          type: 'object',
                          properties: {
                            tags: { type: 'array', items: text, maxItems: 20 },
                            'problem.severity': { enum: ['error', 'warning', 'recommendation'] },
                          },
                        },
                      },
                    },
                  },
                },
              },
            },
          },
          results: {
            type: 'array',
            minItems: 1,
            items: {
              type: 'object',
              required: [
                'ruleId',
                'ruleIndex',
                'level',
                'message',
                'locations',
                'partialFingerprints',
              ],
              properties: {
                message,
                level: { enum: ['error', 'warning', 'note'] },
                ruleIndex: { type: 'integer', minimum: 0 },
                locations: { type: 'array', minItems: 1, maxItems: 10, items: location },
                relatedLocations: { type: 'array', items: location },
                partialFingerprints: {
                  type: 'object',
                  required: ['primaryLocationLineHash', 'driverTeardown/v1'],
                  properties: {
                    primaryLocationLineHash: { type: 'string', pattern: '^[0-9a-f]+:[1-9]\\d*$' },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
};

describe('cli: for services and hooks', function () {
  this.timeout(60_000);
  let folder: GitFolder;
  before(function () {
    if (process.platform === 'win32') skip(this, 'the examples are for a POSIX shell');
    folder = new GitFolder(inKernelTree(toyDriver));
    folder.commit('first');
    folder.write({ [`${toy}/toy_ring.c`]: `${faulty}\n${second}` });
    mkdirSync(folder.file('.bin'));
    const words = [process.execPath, ...programArguments()].map((word) => `'${word}'`).join(' ');
    folder.write({ '.bin/driver-teardown': `#!/bin/sh\nexec ${words} "$@"\n` });
    chmodSync(folder.file('.bin/driver-teardown'), 0o755);
  });
  after(() => folder.remove());

  it('SARIF holds what GitHub needs', async () => {
    const { out } = await run(['check', toy, '--format', 'sarif'], folder.path);
    const ajv = new Ajv({ allErrors: true, strictTypes: false });
    assert.ok(ajv.validate(github, JSON.parse(out)), ajv.errorsText());
  });

  it("lines are hashed as GitHub's upload does it", () => {
    // From the tests of github/codeql-action.
    assert.deepEqual(lineHashes(''), ['c129715d7a2bc9a3:1']);
    assert.deepEqual(lineHashes(' a\nb\n  \t\tc\n d'), [
      '271789c17abda88f:1',
      '54703d4cd895b18:1',
      '180aee12dab6264:1',
      'a23a3dc5e078b07b:1',
    ]);
    assert.deepEqual(lineHashes('a\r\nb'), lineHashes('a\nb'));
  });

  /** Runs a line of an example as its service would, with our program on the PATH. */
  const shell = (line: string, environment: NodeJS.ProcessEnv = {}) =>
    spawnSync('sh', ['-e', '-c', line], {
      cwd: folder.path,
      encoding: 'utf8',
      env: {
        ...process.env,
        PATH: `${folder.file('.bin')}:${process.env['PATH'] ?? ''}`,
        DRIVER_TEARDOWN_CACHE: folder.file('.cache'),
        ...environment,
      },
    });
  const commands = (file: string, before: string): string[] =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .flatMap((line) => {
        const at = line.trim();
        return at.startsWith(`${before}driver-teardown `) ? [at.slice(before.length)] : [];
      });

  it('the workflow for GitHub', () => {
    const [all = '', added = ''] = commands('docs/ci/github.yml', 'run: ');
    const first = shell(all);
    assert.equal(first.status, 0, first.stderr);
    const log = JSON.parse(readFileSync(folder.file('driver-teardown.sarif'), 'utf8')) as {
      runs: { results: unknown[] }[];
    };
    assert.equal(log.runs[0]?.results.length, 2);
    folder.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
    const { status, stdout } = shell(added, { GITHUB_BASE_REF: 'main' });
    assert.equal(status, 1);
    assert.equal(stdout.match(/^::error file=/gm)?.length, 1);
  });

  it('the job for GitLab', () => {
    const [all = '', added = ''] = commands('docs/ci/gitlab.yml', '- ');
    assert.equal(shell(all).status, 0);
    assert.match(readFileSync(folder.file('driver-teardown.html'), 'utf8'), /<h2>By rule<\/h2>/);
    const { status, stdout } = shell(added, { CI_MERGE_REQUEST_DIFF_BASE_SHA: 'HEAD' });
    assert.equal(status, 1);
    assert.match(stdout, /toy_queue_fini/);
  });

  it('the hook for pre-commit', () => {
    const [entry = ''] = commands('.pre-commit-hooks.yaml', 'entry: ');
    const { status, stdout } = shell(`${entry} ${toy}/toy_ring.c`);
    assert.equal(status, 1);
    assert.match(stdout, /toy_queue_fini/);
    assert.equal(shell(`${entry} ${toy}/toy_drv.c`).status, 0);
  });

  it('--report: a worklist by driver and rule', async () => {
    const other = 'drivers/gpu/drm/other';
    folder.write(inKernelTree(toyDriver, other));
    const { code } = await run(['check', '--report', 'list.md', 'drivers'], folder.path);
    assert.equal(code, 1);
    const report = readFileSync(folder.file('list.md'), 'utf8');
    assert.match(report, /^# .*\n\n3 errors in 2 modules, 4 files\n/);
    assert.match(
      report,
      /\| drivers\/gpu\/drm\/toy \| 2 \| {2}\| {2}\| {2}\| 2 \|\n\| drivers\/gpu\/drm\/other \| 1 \|/,
    );
    assert.match(report, /\n\| drmm-releases-pinned-bo \| 3 \| 2 \| /);
    assert.match(
      report,
      /\n## drivers\/gpu\/drm\/other\n\n- \[ \] `drivers\/gpu\/drm\/other\/toy_ring\.c:20` error, drmm-releases-pinned-bo: /,
    );
    const { err } = await run(['check', '--report', 'list.txt'], folder.path);
    assert.match(err, /--report names a file that ends in \.md or \.html, not list\.txt/);
  });
});
