/** A parse worker: takes files from the shared counter until there are none, and sends their facts. */
import { parentPort, workerData } from 'node:worker_threads';
import type { CParser } from '../core/syntax/parse.ts';
import { parseFile } from './parse-file.ts';
import { loadRuntime } from './runtime.ts';
import type { Job, Parsed, WorkerMessage, WorkerSetup } from './tasks.ts';

/** Results travel together: one message for each file would wake the main thread too often. */
const batch = 8;

function run(job: Job, parser: CParser, send: (message: WorkerMessage) => void): void {
  const next = new Int32Array(job.next);
  let results: Parsed[] = [];
  for (let i = Atomics.add(next, 0, 1); i < job.files.length; i = Atomics.add(next, 0, 1)) {
    const parsed = parseFile(parser, i, job.files[i] ?? '', job.paths[i] ?? '');
    results.push({ ...parsed, facts: parsed.facts && JSON.stringify(parsed.facts) });
    if (results.length < batch) continue;
    send({ kind: 'parsed', id: job.id, results });
    results = [];
  }
  send({ kind: 'parsed', id: job.id, results });
  send({ kind: 'done', id: job.id });
}

const port = parentPort;
if (port !== null) {
  const setup = workerData as WorkerSetup;
  const ready = loadRuntime(setup.files).then((runtime) => runtime.newCParser(setup.words));
  port.on('message', (job: Job) => {
    void ready.then((parser) => run(job, parser, (message) => port.postMessage(message)));
  });
}
