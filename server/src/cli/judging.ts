/** Which fixes a report tries out before it prints them. */
import type { OpenProject } from '../host/open.ts';
import { withJudgedFixes } from '../host/what-if.ts';
import type { Arguments } from './arguments.ts';
import type { Refine } from './gather.ts';

/**
 * The formats that hand fixes to programs say of each what it would create; for people to read it is
 * enough that no fix is called safe untried.
 */
export function judging({ project }: OpenProject, args: Arguments): Refine {
  const every = args.format === 'json' || args.format === 'sarif';
  return async (base, finding) =>
    every || (args.format === 'text' && finding.fixes.some(({ safety }) => safety === 'safe'))
      ? withJudgedFixes(project, base, finding)
      : finding;
}
