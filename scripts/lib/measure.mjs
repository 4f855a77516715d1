/** Times and memory of whole processes, and what to say of many figures. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** How often the memory of running processes is looked at. */
const lookMs = 25;

/** The value below which a part of the values lies; undefined without values. */
export function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}

export const median = (values) => quantile(values, 0.5);

/** What a process has taken at most so far, and takes now, in MB; undefined when it has ended. Linux only. */
export function memoryOf(pid) {
  let status;
  try {
    status = readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return undefined;
  }
  const of = (key) => Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0) / 1024;
  return { most: of('VmHWM'), now: of('VmRSS') };
}

/** The processes of a group. */
function members(group) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        // After the name, which may hold anything: state, parent, group.
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]) === group;
      } catch {
        return false;
      }
    });
}

/**
 * Runs a program to its end.
 * @returns `ms` and, with `memory`, `mb`: the sum of what each of its processes took at most, which is
 *   exact for one process and never too little for several. Undefined when the program is not there or
 *   fails; a check that finds something does not fail.
 */
export function run(command, args, { env = {}, cwd, memory = false } = {}) {
  return new Promise((resolve) => {
    const from = performance.now();
    // A group of its own, so that its processes can be told from others.
    const child = spawn(command, args, {
      stdio: 'ignore',
      detached: memory,
      cwd,
      env: { ...process.env, ...env },
    });
    const most = new Map();
    const look = () => {
      for (const pid of members(child.pid)) {
        const used = memoryOf(pid);
        if (used && used.most > 0) most.set(pid, used.most);
      }
    };
    const timer = memory ? setInterval(look, lookMs) : undefined;
    child.on('error', () => {
      clearInterval(timer);
      resolve(undefined);
    });
    child.on('exit', (status) => {
      const ms = performance.now() - from;
      clearInterval(timer);
      const mb = [...most.values()].reduce((sum, one) => sum + one, 0);
      resolve(status === null || status > 1 ? undefined : { ms, mb });
    });
  });
}

/** Reads every file below a folder, so that no measurement waits for the disk. */
export function warm(folder) {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!/(?:\.[ch]|Makefile|Kbuild)$/.test(name)) continue;
    const path = join(folder, name);
    if (statSync(path, { throwIfNoEntry: false })?.isFile()) readFileSync(path);
  }
}
