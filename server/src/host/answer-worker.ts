/** What a worker thread does: takes the next module that nobody has taken until there is none. */
import { parentPort, workerData } from 'node:worker_threads';
import { answerModules, type Job } from './answering.ts';

/** To be called on a worker thread that was started with a job. */
export async function answerAsWorker(): Promise<void> {
  const port = parentPort;
  if (port === null) return;
  await answerModules(workerData as Job, (message) => port.postMessage(message));
  port.postMessage('done');
}
