/**
 * Records what a real kernel does to the drivers of test/kernel/recordings/ at teardown.
 *
 *   npm run kernel:record                 build, run, write the recordings
 *   npm run kernel:record -- --check      build, run, compare with them (exit 1 on a difference)
 *
 * The first build takes some ten minutes on two cores; later ones seconds.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  buildKernel,
  copyTree,
  driversOf,
  installDrivers,
  missingPrograms,
  runKernel,
} from './kernel-record/kernel.mjs';
import {
  isKernelLog,
  linesOf,
  readSection,
  sectionsOf,
  withoutAddresses,
} from './kernel-record/read.mjs';

const version = '6.12';
const root = resolve(import.meta.dirname, '..');
const recordings = join(root, 'test/kernel/recordings');
const cache = join(
  process.env.DRIVER_TEARDOWN_CACHE ??
    join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'driver-teardown'),
  'kernel-record',
);
const suites = { unbind: 'unbind', open: 'unplug-open', part: 'unbind-part', fail: 'probe-fail' };

/** The files of one driver's recording, by name. */
function recordingOf(name, out, kernel) {
  const files = new Map();
  const scenarios = [];
  for (const [suite, scenario] of Object.entries(suites)) {
    const dmesg = join(out, `teardown.${name}.${suite}.dmesg`);
    if (!existsSync(dmesg)) continue;
    const sections = sectionsOf(linesOf(readFileSync(dmesg, 'utf8')));
    const kept =
      scenario === 'probe-fail'
        ? failuresOf(sections)
        : sections.map((section) => ({ section, ...readSection(section) }));
    for (const { taken, steps, left } of kept)
      scenarios.push({ scenario, taken, steps, ...(left.length > 0 ? { left } : {}) });
    files.set(`${scenario}.log`, kept.map((one) => logOf(one, scenario)).join('\n'));
    if (scenario !== 'probe-fail')
      files.set(
        `${scenario}.trace`,
        traceOf(readFileSync(dmesg.replace('.dmesg', '.trace'), 'utf8')),
      );
  }
  files.set('recording.json', `${JSON.stringify({ driver: name, kernel, scenarios }, null, 1)}\n`);
  return files;
}

/** The ways to fail that differ in what had been taken or in what ran. */
function failuresOf(sections) {
  const seen = new Set();
  return sections
    .map((section) => ({ section, ...readSection(section) }))
    .filter(({ taken, steps, failed }) => {
      const key = JSON.stringify([taken, steps]);
      if (!failed || seen.has(key)) return false;
      seen.add(key);
      return true;
    });
}

function logOf({ section, taken }, scenario) {
  const head = scenario === 'probe-fail' ? `# fails after: ${taken.join(' ') || 'nothing'}\n` : '';
  return `${head}${withoutAddresses(section.lines.filter(isKernelLog)).join('\n')}\n`;
}

/** trace_pipe's lines; task, processor flags and time vary from run to run. */
function traceOf(text) {
  const lines = text.split('\n').filter((line) => line !== '');
  return `${withoutAddresses(lines.map((line) => line.replace(/^\s*\S+-\d+\s+\[\d+\] \S+\s+\d+\.\d+:/, '            test-1       [000] .....     0.000000:'))).join('\n')}\n`;
}

/** @returns the names of the files that differ */
function differing(name, files) {
  return [...files]
    .filter(([file, text]) => {
      const path = join(recordings, name, file);
      return !existsSync(path) || readFileSync(path, 'utf8') !== text;
    })
    .map(([file]) => `${name}/${file}`);
}

function main() {
  const check = process.argv.includes('--check');
  const missing = missingPrograms();
  if (missing.length > 0) throw new Error(`building a kernel needs ${missing.join(', ')}`);
  mkdirSync(cache, { recursive: true });
  const tree = copyTree(root, cache, version);
  installDrivers(recordings, tree);
  const out = join(cache, 'run');
  runKernel(recordings, buildKernel(recordings, tree, join(cache, 'build-um')), out);
  const release = readFileSync(
    join(cache, 'build-um/include/config/kernel.release'),
    'utf8',
  ).trim();
  const differences = [];
  for (const name of driversOf(recordings)) {
    const files = recordingOf(name, out, release);
    if (check) differences.push(...differing(name, files));
    else for (const [file, text] of files) writeFileSync(join(recordings, name, file), text);
  }
  if (differences.length === 0)
    console.log(
      `${driversOf(recordings).length} drivers ${check ? 'behave as recorded' : 'recorded'} on linux ${release}`,
    );
  else console.error(`not as recorded: ${differences.join(', ')}`);
  return differences.length === 0 ? 0 : 1;
}

try {
  process.exitCode = main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
