import type { ChildProcess, SpawnOptions } from 'node:child_process';

export interface Tree {
  readonly child: ChildProcess;
  readonly mark: string;
  readonly ended: Promise<{
    readonly code: number | null;
    readonly signal: NodeJS.Signals | null;
    readonly error: Error | undefined;
  }>;
}

export function startTree(program: string, args: readonly string[], options?: SpawnOptions): Tree;
export function runTree(
  program: string,
  args: readonly string[],
  running: Set<Tree>,
  options?: SpawnOptions,
): Promise<{ readonly status: number | null; readonly output: string }>;
export function livingProcesses(tree: Tree): number[];
export function endTree(tree: Tree, patience?: number): Promise<void>;
export function killTreeNow(tree: Tree): void;
