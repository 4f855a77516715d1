/**
 * Files that come, go and change under a server, as when a branch is switched: what it tells afterwards is what is
 * there.
 */
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { below, type Kind, pick } from './kind.ts';
import { copyOfSample, differences, opened, sample, sourcesOf } from './server.ts';

/** `FileChangeType` of the protocol. */
const [created, changed, deleted] = [1, 2, 3];

export const trees: Kind = {
  name: 'trees',
  async run(until, random) {
    const folder = copyOfSample();
    const open = new Map(
      sourcesOf(sample)
        .slice(0, 2)
        .map((name) => [name, readFileSync(join(sample, name), 'utf8')]),
    );
    const one = await opened(folder, open);
    const bad: string[] = [];
    let [events, switches, removed] = [0, 0, 0];
    const names = [...sourcesOf(sample), 'sample_gpu/Makefile', 'sample_gpu/sample_bo.h'];
    while (performance.now() < until) {
      const list: { uri: string; type: number }[] = [];
      const tell = (name: string, type: number): void => {
        list.push({ uri: one.client.uri(name), type });
        events++;
      };
      const whole = random();
      if (whole < 0.1) {
        rmSync(join(folder.path, 'sample_gpu'), { recursive: true, force: true });
        removed++;
        for (const name of names) if (name.startsWith('sample_gpu')) tell(name, deleted);
      } else if (whole < 0.3) {
        cpSync(sample, folder.path, { recursive: true, force: true });
        switches++;
        // A branch switch tells of hundreds of files, of most of them more than once.
        for (let i = 0; i < 200; i++) tell(pick(random, names), pick(random, [created, changed]));
      } else
        for (let i = 0; i < 20; i++) {
          const name = pick(random, names);
          const path = join(folder.path, name);
          if (!existsSync(join(path, '..'))) continue;
          const text = readFileSync(join(sample, name), 'utf8');
          if (random() < 0.2) {
            rmSync(path, { force: true });
            tell(name, deleted);
          } else {
            writeFileSync(path, random() < 0.5 ? text : text.slice(0, below(random, text.length)));
            tell(name, changed);
          }
        }
      await one.client.connection.sendNotification('workspace/didChangeWatchedFiles', {
        changes: list,
      });
      if (random() < 0.3) bad.push(...(await differences(one, folder)));
    }
    bad.push(...(await differences(one, folder)));
    await one.client.stop();
    folder.remove();
    return {
      done: `${events} file events`,
      bad,
      figures: `${switches} times all files put back, ${removed} times a driver's folder removed`,
    };
  },
};
