/**
 * A working day in minutes: edits of many files in several modules, with switches between; memory and times stay
 * what they were.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyzeModule } from '../../server/src/core/analyze.ts';
import { SourceFile } from '../../server/src/core/facts/source-file.ts';
import type { Pass } from '../../server/src/core/pass.ts';
import { pieces } from '../../test/support/edits.ts';
import { loadEngine } from '../../test/support/engine.ts';
import { below, type Kind, megabytes, pick, quantile } from './kind.ts';

interface Module {
  readonly original: ReadonlyMap<string, string>;
  readonly files: Map<string, SourceFile>;
  pass: Pass | undefined;
}

/** The p95 of the last tenth may be this many times that of the second one, which has all warmed up. */
const most = 1.2;

/** @param folders a module each */
export function day(folders: readonly string[]): Kind {
  return {
    name: 'day',
    async run(until, random) {
      const begun = performance.now();
      const { reading, catalog } = await loadEngine();
      const modules = folders.map((folder): Module => {
        const original = new Map(
          readdirSync(folder)
            .filter((name) => /\.[ch]$/.test(name))
            .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
        );
        const files = new Map(
          [...original].map(([name, text]) => [name, new SourceFile(reading, name, text)]),
        );
        return { original, files, pass: undefined };
      });
      const times: number[] = [];
      const memory: number[] = [];
      let switches = 0;
      const look = (module: Module): void => {
        const input = { name: 'module', files: [...module.files.values()], problems: [] };
        module.pass = analyzeModule(input, catalog, { severities: {} }, module.pass).pass;
      };
      const put = (module: Module, name: string, text: string): void => {
        module.files.set(name, new SourceFile(reading, name, text, module.files.get(name)));
      };
      for (const module of modules) look(module);
      // The first reading is no part of the day.
      const end = until + performance.now() - begun;
      for (let round = 0; performance.now() < end; round++) {
        if (round % 600 === 599) {
          // Another branch: every file of every module is another one, and then as it was.
          switches++;
          for (const one of modules)
            for (const [name, text] of one.original) put(one, name, `\n${text}`);
          for (const one of modules) look(one);
          for (const one of modules) for (const [name, text] of one.original) put(one, name, text);
          for (const one of modules) look(one);
        }
        // Every module is edited as often in each tenth.
        const module = modules[round % modules.length] as Module;
        const name = pick(random, [...module.original.keys()]);
        const text = module.original.get(name) ?? '';
        const at = below(random, text.length);
        const from = process.cpuUsage();
        put(module, name, text.slice(0, at) + pick(random, pieces) + text.slice(at));
        look(module);
        const { user, system } = process.cpuUsage(from);
        times.push((user + system) / 1000);
        put(module, name, text);
        look(module);
        memory.push(megabytes());
        if (round % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      const tenth = Math.floor(times.length / 10);
      const [second, last] = [times.slice(tenth, 2 * tenth), times.slice(-tenth)];
      const [early, late] = [quantile(second, 0.95), quantile(last, 0.95)];
      const [then, now] = [memory[2 * tenth] ?? 0, memory.at(-1) ?? 0];
      const bad: string[] = [];
      // A few hundred edits say nothing of a tenth.
      if (tenth >= 100 && late > most * early) bad.push(`p95 from ${early} ms to ${late} ms`);
      if (tenth >= 100 && now > 1.2 * then + 20) bad.push(`memory from ${then} MB to ${now} MB`);
      const files = modules.reduce((sum, one) => sum + one.original.size, 0);
      return {
        done: `${2 * times.length} edits`,
        bad,
        figures: `${files} files of ${modules.length} modules, ${switches} switches; p95 of the second tenth ${early.toFixed(0)} ms, of the last ${late.toFixed(0)} ms; ${then} MB after two tenths, ${now} MB at the end`,
      };
    },
  };
}
