/** `--profile FILE`: what the thread did while something ran, as Chrome and VS Code show it. */
import { Session } from 'node:inspector/promises';
import { writeWhole } from '../host/replace.ts';
import { UsageError } from './io.ts';

/** Runs something and writes its profile, also when it fails. */
export async function profiled<T>(file: string | undefined, run: () => Promise<T>): Promise<T> {
  if (file === undefined) return run();
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  // What fails is written, too, and fails then.
  const outcome = await run().then(
    (value) => () => value,
    (error: unknown) => () => {
      throw error;
    },
  );
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  const failed = writeWhole(file, Buffer.from(JSON.stringify(profile)));
  if (failed !== undefined) throw new UsageError(`${file}: cannot be written: ${failed.problem}`);
  return outcome();
}
