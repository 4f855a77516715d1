/**
 * `npm run release -- VERSION [--dry-run] [--output FOLDER]` makes a release of what is committed: the .vsix
 * that both galleries take, the tarball for npm, SHA256SUMS and NOTES.md, in out/release. Then it commits version and
 * changelog, tags, and publishes. A dry run makes the same files, of the files as they stand, and changes nothing.
 *
 * Everything is built and checked before anything leaves the machine. A registry is served when there is a
 * token for it (VSCE_PAT, OVSX_PAT, NPM_TOKEN); for each other one the command is printed.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { follows, releaseChangelog } from './lib/changelog.ts';
import { commitTime } from './lib/commit-time.mjs';
import { releaseNotes } from './lib/release-notes.ts';

const root = join(import.meta.dirname, '..');
const usage = 'usage: npm run release -- VERSION [--dry-run] [--output FOLDER]';

interface Registry {
  readonly name: string;
  readonly token: string;
  readonly command: readonly string[];
}

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { 'dry-run': { type: 'boolean' }, output: { type: 'string' } },
  });
  const [version] = positionals;
  if (version === undefined || positionals.length > 1) throw new Error(usage);
  const dry = values['dry-run'] === true;
  const output = resolve(values.output ?? join(root, 'out/release'));
  const manifest = readFileSync(join(root, 'package.json'), 'utf8');
  const { version: current, repository } = JSON.parse(manifest) as {
    readonly version: string;
    readonly repository: { readonly url: string };
  };
  if (!follows(version, current)) throw new Error(`${version} is older than ${current}`);
  const changelog = releaseChangelog(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'), version);
  const objections = whatStandsAgainst(version, repository.url);
  if (!dry && objections.length > 0) throw new Error(objections.join('\n       '));
  for (const objection of objections)
    console.error(`note: a release would stop here: ${objection}`);

  const changed = new Map([
    ['package.json', withVersion(manifest, version)],
    [
      'package-lock.json',
      withVersion(readFileSync(join(root, 'package-lock.json'), 'utf8'), version),
    ],
    ['CHANGELOG.md', changelog.text],
  ]);
  const [vsix, tarball] = build(changed, version, output);
  const sums = [vsix, tarball].map((file) => `${sha256(join(output, file))}  ${file}\n`);
  writeFileSync(join(output, 'SHA256SUMS'), sums.join(''));
  writeFileSync(
    join(output, 'NOTES.md'),
    releaseNotes({ version, notes: changelog.notes, vsix, tarball, sums: sums.join('') }),
  );
  for (const name of [vsix, tarball, 'SHA256SUMS', 'NOTES.md']) console.log(join(output, name));

  if (!dry) {
    for (const [name, text] of changed) writeFileSync(join(root, name), text);
    run('git', ['commit', '--quiet', '-m', `Version ${version}`, ...changed.keys()], root);
    run('git', ['tag', '-a', `v${version}`, '-m', `Version ${version}`], root);
  }
  publish([join(output, vsix), join(output, tarball)], dry);
  const push = ['git', 'push', 'origin', 'HEAD', `v${version}`];
  console.log(`${dry ? 'would then be' : 'now'} yours to run: ${push.join(' ')}`);
}

/** Reasons not to release what stands here. */
function whatStandsAgainst(version: string, repository: string): string[] {
  const ask = (...args: string[]): string =>
    spawnSync('git', args, { cwd: root, encoding: 'utf8' }).stdout?.trim() ?? '';
  const place = (url: string): string =>
    url
      .replace(/^git\+|\.git$/g, '')
      .replace(/^(?:https:\/\/|ssh:\/\/)?(?:git@)?/, '')
      .replace(':', '/');
  return [
    ...(ask('status', '--porcelain') === '' ? [] : ['there are changes that are not committed']),
    ...(ask('tag', '--list', `v${version}`) === '' ? [] : [`the tag v${version} is there already`]),
    ...(place(ask('remote', 'get-url', 'origin')) === place(repository)
      ? []
      : [`"repository" of package.json (${repository}) is not where origin leads`]),
  ];
}

/** The version of the package itself; those of others stand deeper. */
function withVersion(text: string, version: string): string {
  const parsed = JSON.parse(text) as {
    version: string;
    packages?: Record<string, { version?: string }>;
  };
  parsed.version = version;
  const own = parsed.packages?.[''];
  if (own !== undefined) own.version = version;
  return `${JSON.stringify(parsed, null, 2)}\n`;
}

/** Builds both packages in a copy of what git tracks: nothing that lies about here gets into them. */
function build(
  changed: ReadonlyMap<string, string>,
  version: string,
  output: string,
): readonly [string, string] {
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  const work = mkdtempSync(join(tmpdir(), 'driver-teardown-release-'));
  try {
    for (const name of run('git', ['ls-files', '-z'], root).split('\0').filter(Boolean)) {
      mkdirSync(dirname(join(work, name)), { recursive: true });
      cpSync(join(root, name), join(work, name), { verbatimSymlinks: true });
    }
    for (const [name, text] of changed) writeFileSync(join(work, name), text);
    symlinkSync(join(root, 'node_modules'), join(work, 'node_modules'));
    const vsix = `driver-teardown-${version}.vsix`;
    run(process.execPath, ['scripts/package.mjs', '--output', join(output, vsix)], work);
    const packed = run('npm', ['pack', '--json', '--pack-destination', output], work);
    const [{ filename }] = JSON.parse(packed) as [{ readonly filename: string }];
    return [vsix, filename];
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function publish([vsix, tarball]: readonly [string, string], dry: boolean): void {
  const registries: readonly Registry[] = [
    {
      name: 'Visual Studio Marketplace',
      token: 'VSCE_PAT',
      command: ['npx', '--no-install', 'vsce', 'publish', '--packagePath', vsix],
    },
    {
      name: 'Open VSX',
      token: 'OVSX_PAT',
      command: ['npx', '--yes', 'ovsx@0.10', 'publish', vsix],
    },
    { name: 'npm', token: 'NPM_TOKEN', command: ['npm', 'publish', tarball, '--access', 'public'] },
  ];
  for (const { name, token, command } of registries) {
    const [program = '', ...args] = command;
    if (dry || !process.env[token]) {
      console.log(`${name}${dry ? '' : ` (no ${token})`}: ${command.join(' ')}`);
      continue;
    }
    run(program, args, root);
    console.log(`${name}: published`);
  }
}

function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/** @throws Error with what the program said when it fails */
function run(program: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
    env: {
      ...process.env,
      SOURCE_DATE_EPOCH: commitTime(root),
      ...(process.env['NPM_TOKEN']
        ? { 'npm_config_//registry.npmjs.org/:_authToken': process.env['NPM_TOKEN'] }
        : {}),
    },
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed:\n${stderr}${stdout}`);
  return stdout;
}

try {
  main();
} catch (error) {
  console.error(`error: ${(error as Error).message}`);
  process.exitCode = 2;
}
