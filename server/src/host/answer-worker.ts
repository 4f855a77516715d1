/** A worker that answers modules: takes the next one that nobody has taken until there is none. */
import { parentPort, workerData } from 'node:worker_threads';
import { answerModules, type Job } from './answering.ts';

const port = parentPort;
if (port !== null) {
  const job = workerData as Job;
  answerModules(job, (message) => port.postMessage(message)).then(
    () => port.postMessage('done'),
    (error: unknown) => {
      throw error;
    },
  );
}
