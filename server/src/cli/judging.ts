/** Which fixes a report tries out before it prints them. */
import { judging as judgingBy, type Refine } from '../host/answers.ts';
import type { OpenProject } from '../host/open.ts';
import type { Arguments } from './arguments.ts';
import { judgeOf } from './gather.ts';

/** For reports that are made on this thread. */
export function judging({ project }: OpenProject, args: Arguments): Refine {
  return judgingBy(project, { rules: [], minSeverity: 'hint', judge: judgeOf(args) });
}
