/** What the analysis of a module may take, and what it says of what it gave up. */
import type { Pass } from './pass.ts';
import type { ModuleOrder, Problem } from './result.ts';

/** What any module may take, and what each character of its sources adds: see docs/reliability.md. */
const basicSteps = 250_000;
const stepsPerCharacter = 2;
/** No rule may use up more than this part of it. */
const parts = 2;

/** How many steps the analysis of a module may make. */
export function stepsFor({ program }: Pass): number {
  return (
    program.files.reduce((sum, { source }) => sum + source.text.length, 0) * stepsPerCharacter +
    basicSteps
  );
}

/** The order of a module that would take too much. */
export function unordered(module: string): ModuleOrder {
  return { module, entries: [], note: 'too much to follow: the order was given up' };
}

/** The steps of one analysis, which its parts share. */
export class Share {
  private readonly pass: Pass;
  private readonly all: number;
  private left: number;
  private readonly givenUp: string[] = [];

  constructor(pass: Pass, steps: number) {
    this.pass = pass;
    this.all = steps;
    this.left = steps;
  }

  /**
   * Runs a part.
   * @param name what is said to be missing when the part is given up
   * @returns undefined then
   */
  of<T>(name: string, run: () => T): T | undefined {
    const { effort } = this.pass.catalog.flows;
    const before = effort.spent;
    const done = effort.within(Math.min(this.left, this.all / parts), run);
    this.left = Math.max(0, this.left - (effort.spent - before));
    if (done === undefined) this.givenUp.push(name);
    return done?.value;
  }

  /** One line for what was given up: it stands at the largest source. */
  get problems(): readonly Problem[] {
    const unread = unreadItems(this.pass);
    if (this.givenUp.length === 0) return unread;
    const [largest] = [...this.pass.program.files].sort(
      (a, b) => b.source.text.length - a.source.text.length,
    );
    const message = `too much to follow: not looked for ${this.givenUp.join(', ')}`;
    return largest === undefined ? unread : [...unread, { file: largest.path, message }];
  }
}

/** What of the module was asked for and could not be read, for its length or its depth. */
function unreadItems({ program }: Pass): Problem[] {
  return program.files.flatMap(({ path, source }) =>
    source.unreadItems.map(({ name, unread }) => ({
      file: path,
      message: `${name} is ${unread}: not read`,
    })),
  );
}
