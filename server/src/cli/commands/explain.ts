/** `driver-teardown explain RULE`: the rule's page; `explain FILE:LINE`: how to see what is found there. */

import { posix } from 'node:path';
import { printable } from '../../core/mail/quote.ts';
import {
  cardMarkdown,
  isEmptyCard,
  reproducerOf,
  stressMarkdown,
} from '../../core/mail/reproducer.ts';
import type { Finding } from '../../core/result.ts';
import { scenariosFor } from '../../core/stress/plan.ts';
import { shellQuoted } from '../../core/stress/script.ts';
import { isWanted } from '../../host/answers.ts';
import { type Assets, rulePage } from '../../host/assets.ts';
import type { ModuleAnalysis } from '../../host/project.ts';
import type { Arguments } from '../arguments.ts';
import { sayBad } from '../gather.ts';
import { checkRules, openInputs } from '../inputs.ts';
import { type Io, UsageError } from '../io.ts';
import { at, type Names, namesFrom } from '../render/names.ts';

/** The finding, its evidence and the card, as Markdown. */
function findingText({ analysis }: ModuleAnalysis, finding: Finding, names: Names): string {
  const { pass } = analysis;
  const card = reproducerOf(finding, pass.buses, pass.catalog);
  const chain = finding.chain.map(
    (link) =>
      `- ${at(link.place, names)} ${link.function === '' ? '' : `${printable(link.function)}(): `}${printable(link.message)}`,
  );
  const shown = isEmptyCard(card) ? ['No course of teardown shows it.', ''] : [cardMarkdown(card)];
  const folder = posix.dirname(finding.place.file);
  const kit = stressMarkdown(
    scenariosFor(finding, { pass, order: analysis.order() }),
    shellQuoted(names(folder)),
  );
  return [
    `# ${at(finding.place, names)}: ${finding.severity} [${finding.rule}]`,
    '',
    printable(finding.message),
    '',
    ...chain,
    '',
    `## To see it`,
    '',
    ...shown,
    ...kit,
  ].join('\n');
}

/** @returns the exit code */
async function explainPlace(
  file: string,
  line: number,
  args: Arguments,
  assets: Assets,
  io: Io,
): Promise<number> {
  const inputs = openInputs({ ...args, positionals: [file] }, assets, io.cwd);
  sayBad(inputs.bad, io);
  if (!('project' in inputs)) return 2;
  const names = namesFrom(inputs.project.root.folder, io.cwd);
  const texts = new Map<string, string>();
  for (const { module, files } of inputs.wanted) {
    const result = await inputs.project.analyse(module);
    for (const finding of result.findings) {
      const here = finding.place.from.line + 1 <= line && line <= finding.place.to.line + 1;
      if (here && isWanted(finding, files, args))
        texts.set(finding.fingerprint, findingText(result, finding, names));
    }
  }
  if (texts.size === 0) throw new UsageError(`nothing is found at ${file}:${line}`);
  io.out(`${[...texts.values()].join('\n')}`);
  return 0;
}

/** @returns the exit code */
export async function explain(args: Arguments, assets: Assets, io: Io): Promise<number> {
  const [id, ...more] = args.positionals;
  if (id === undefined || more.length > 0)
    throw new UsageError('explain takes one RULE (see driver-teardown rules) or one FILE:LINE');
  const [, file, line] = /^(.+):(\d+)$/s.exec(id) ?? [];
  if (file !== undefined) return explainPlace(file, Number(line), args, assets, io);
  checkRules([id]);
  const page = rulePage(assets, id);
  if (page === undefined) throw new UsageError(`rule ${id} has no page yet`);
  io.out(page.endsWith('\n') ? page : `${page}\n`);
  return 0;
}
