/** The one module that a PATH is of, for verbs that are about one driver. */
import type { ModuleAnalysis } from '../host/project.ts';
import type { Arguments } from './arguments.ts';
import { sayNothing, sayProblems } from './gather.ts';
import type { Inputs } from './inputs.ts';
import { type Io, UsageError } from './io.ts';
import { namesFrom } from './render/names.ts';

/**
 * Analyses it; what was wrong with files is told.
 * @param named only modules of this name, where there are some: a log says of which it is
 * @returns undefined when nothing could be analysed, which was told
 * @throws UsageError when there are several
 */
export async function oneModule(
  { wanted, project }: Inputs,
  args: Arguments,
  io: Io,
  named?: string,
): Promise<ModuleAnalysis | undefined> {
  const ofName = wanted.filter(({ module }) => module.name === named);
  const asked = ofName.length > 0 ? ofName : wanted;
  const found: ModuleAnalysis[] = [];
  for (const { module } of asked) found.push(await project.analyse(module));
  const problems = [
    ...found.flatMap(({ analysis }) => analysis.report.problems),
    ...project.problems,
  ];
  sayProblems(problems, namesFrom(project.root.folder, io.cwd), args, io);
  const modules = found.map(({ analysis }) => analysis.report.module);
  if (sayNothing({ modules, problems }, io)) return undefined;
  // A folder may hold helpers beside the driver: the one with a driver is meant.
  const drivers = found.filter(({ analysis }) => analysis.pass.buses.size > 0);
  const meant = drivers.length > 0 ? drivers : found;
  if (meant.length > 1) {
    const names = meant.slice(0, 5).map(({ module }) => module.name);
    throw new UsageError(
      `${meant.length} modules here (${names.join(', ')}${meant.length > 5 ? ', …' : ''}): name a file or folder of one`,
    );
  }
  return meant[0];
}
