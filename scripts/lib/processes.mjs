/**
 * Child processes that can be ended for certain, with all that they started themselves.
 *
 * A process group is not enough: terminals and some editors put their children into sessions of
 * their own. So each tree also carries a mark in its environment, which children inherit, and on
 * Linux the mark is looked for in /proc.
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const markName = 'DRIVER_TEARDOWN_STARTED_BY';

/** Starts a program as the head of a process group that `endTree` can end. */
export function startTree(program, args, options = {}) {
  const mark = randomUUID();
  const child = spawn(program, args, {
    ...options,
    detached: true,
    env: { ...(options.env ?? process.env), [markName]: mark },
  });
  // One listener for the whole life: a failed start must not become an uncaught exception.
  const ended = new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal, error: undefined }));
    child.once('error', (error) => resolve({ code: null, signal: null, error }));
  });
  return { child, mark, ended };
}

/**
 * Runs a program to its end. `running` holds its tree meanwhile, so that a signal can end it.
 * @returns its exit status and what it printed (when `options.stdio` leaves that to this function)
 */
export async function runTree(program, args, running, options = {}) {
  const tree = startTree(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  running.add(tree);
  let output = '';
  for (const stream of [tree.child.stdout, tree.child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  const { code, signal, error } = await tree.ended;
  running.delete(tree);
  return {
    status: code,
    output: error?.message ?? (signal === null ? output : `${output}${signal}`),
  };
}

/** The ids of the living processes of a tree. */
export function livingProcesses(tree) {
  if (process.platform !== 'linux') return groupLives(tree.child.pid) ? [tree.child.pid] : [];
  const wanted = `${markName}=${tree.mark}`;
  const living = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const variables = readFileSync(`/proc/${name}/environ`, 'latin1').split('\0');
      if (variables.includes(wanted) && !isZombie(name)) living.push(Number(name));
    } catch {
      // The process has ended, or it is another user's.
    }
  }
  return living;
}

/** Ends a tree: politely first, then for certain. Resolves when nothing of it lives. */
export async function endTree(tree, patience = 3000) {
  signalTree(tree, 'SIGTERM');
  const deadline = Date.now() + patience;
  while (Date.now() < deadline && livingProcesses(tree).length > 0) await sleep(50);
  for (let tries = 0; tries < 40 && livingProcesses(tree).length > 0; tries++) {
    signalTree(tree, 'SIGKILL');
    await sleep(50);
  }
}

/** The last resort in an exit handler, where nothing can be awaited. */
export function killTreeNow(tree) {
  signalTree(tree, 'SIGKILL');
}

function signalTree(tree, signal) {
  if (tree.child.pid !== undefined && groupLives(tree.child.pid)) send(-tree.child.pid, signal);
  for (const id of livingProcesses(tree)) send(id, signal);
}

function groupLives(id) {
  return id !== undefined && send(-id, 0);
}

function send(id, signal) {
  try {
    process.kill(id, signal);
    return true;
  } catch {
    return false;
  }
}

function isZombie(id) {
  const status = readFileSync(`/proc/${id}/stat`, 'latin1');
  return status.slice(status.lastIndexOf(')') + 2, status.lastIndexOf(')') + 3) === 'Z';
}
