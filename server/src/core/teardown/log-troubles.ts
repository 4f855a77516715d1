/**
 * What a kernel finds wrong, as its log says it: the line that tells it, and the functions on the stacks below.
 * The words are those of lib/bug.c, kernel/panic.c, mm/kasan/report.c, mm/slub.c, lib/list_debug.c, lib/refcount.c,
 * lib/debugobjects.c, arch/x86/mm/fault.c and arch/x86/kernel/traps.c; the kernels of other machines have the same
 * or few others.
 */

export type TroubleKind =
  | 'kasan'
  | 'memory'
  | 'fault'
  | 'list'
  | 'refcount'
  | 'warning'
  | 'bug'
  | 'lock'
  | 'panic'
  | 'stuck'
  | 'leftover';

/** Each with the words by which a line is told from others; the first that fits counts. */
const troubles: readonly {
  readonly kind: TroubleKind;
  readonly word: string;
  readonly pattern: RegExp;
}[] = [
  { kind: 'kasan', word: 'BUG: KASAN: ', pattern: /BUG: KASAN: .{1,160}/ },
  { kind: 'kasan', word: 'BUG: KFENCE: ', pattern: /BUG: KFENCE: .{1,160}/ },
  { kind: 'memory', word: 'BUG ', pattern: /BUG \S+ \(.{1,80}\): .{1,120}/ },
  { kind: 'fault', word: 'BUG: kernel NULL', pattern: /BUG: kernel NULL .{1,160}/ },
  { kind: 'fault', word: 'BUG: unable to', pattern: /BUG: unable to .{1,160}/ },
  {
    kind: 'fault',
    word: 'general protection fault',
    pattern: /general protection fault.{0,160}/,
  },
  { kind: 'fault', word: 'Unable to handle', pattern: /Unable to handle kernel .{1,160}/ },
  { kind: 'lock', word: 'BUG: sleeping', pattern: /BUG: sleeping .{1,160}/ },
  { kind: 'lock', word: 'BUG: scheduling', pattern: /BUG: scheduling .{1,160}/ },
  { kind: 'lock', word: 'WARNING: possible', pattern: /WARNING: possible .{1,160}/ },
  { kind: 'list', word: 'list_', pattern: /list_(?:add|del) corruption.{0,160}/ },
  { kind: 'refcount', word: 'refcount_t: ', pattern: /refcount_t: .{1,160}/ },
  { kind: 'memory', word: 'ODEBUG: ', pattern: /ODEBUG: .{1,160}/ },
  { kind: 'memory', word: 'DMA-API: ', pattern: /DMA-API: .{1,160}/ },
  { kind: 'warning', word: 'WARNING: ', pattern: /WARNING: .{1,160}/ },
  { kind: 'bug', word: 'BUG: ', pattern: /BUG: .{1,160}/ },
  { kind: 'bug', word: 'kernel BUG at', pattern: /kernel BUG at .{1,160}/ },
  { kind: 'bug', word: 'UBSAN: ', pattern: /UBSAN: .{1,160}/ },
  { kind: 'fault', word: 'Oops: ', pattern: /Oops: .{1,160}/ },
  { kind: 'panic', word: 'Kernel panic - ', pattern: /Kernel panic - .{1,160}/ },
  { kind: 'stuck', word: 'blocked for more than', pattern: /INFO: task .{1,120}/ },
  { kind: 'stuck', word: 'DT: stuck: ', pattern: /DT: stuck: .{1,80} did not come back/ },
  { kind: 'stuck', word: 'DT: scenario ', pattern: /DT: scenario \S+ stopped.{0,80}/ },
  {
    kind: 'warning',
    word: 'Unbalanced pm_runtime',
    pattern: /Unbalanced pm_runtime_\w+!?/,
  },
  {
    kind: 'warning',
    word: 'Resources present',
    pattern: /Resources present before probing/,
  },
  { kind: 'warning', word: 'Trying to free', pattern: /Trying to (?:free|vfree\(\)) .{1,160}/ },
  { kind: 'leftover', word: 'DT: left ', pattern: /DT: left (?!nothing).{1,160}/ },
];

/** What a line says is wrong. */
export function troubleOf(
  line: string,
): { readonly kind: TroubleKind; readonly text: string } | undefined {
  for (const { kind, word, pattern } of troubles) {
    const match = line.includes(word) ? pattern.exec(line) : null;
    if (match) return { kind, text: match[0] };
  }
  return undefined;
}

/** The functions of one report: where it happened, and those of the other stacks that it shows. */
export interface Stacks {
  /** From the innermost outwards. */
  readonly at: readonly string[];
  /** Who allocated or freed the memory, or queued the work. */
  readonly others: readonly string[];
}

/** So many functions of a report are kept, and its stacks end so many lines below it. */
const maximumFunctions = 60;
const maximumLines = 160;
const headLines = 6;
/** What a report says again in its head, by how it begins. */
const below: Readonly<Partial<Record<TroubleKind, readonly TroubleKind[]>>> = {
  refcount: ['warning'],
  list: ['warning', 'bug', 'fault'],
  memory: ['warning'],
  lock: ['warning'],
  bug: ['fault'],
  fault: ['fault'],
};

const otherStack = /(?:Allocated|Freed) (?:by task|in \S+)|Last potentially related|Second to last/;
const stackOf = /Call Trace:|<TASK>|<IRQ>/;
const stackEnd = /---\[ end |================|DT: /;
const framed = /(\? )?\b([A-Za-z_][\w.]*)\+0x[0-9a-f]+\/0x[0-9a-f]+/;

/** Takes the lines below one that tells of a trouble. */
export class StackReader {
  readonly at: string[] = [];
  readonly others: string[] = [];
  private lines = 0;
  private other = false;

  private readonly kind: TroubleKind;

  /** @param line the one that tells it: it may name the function */
  constructor(kind: TroubleKind, line: string) {
    this.kind = kind;
    this.takeFrame(line);
  }

  /** @returns false when the report is over */
  take(line: string): boolean {
    this.lines++;
    if (this.lines > maximumLines || stackEnd.test(line)) return false;
    if (otherStack.test(line)) this.other = true;
    else if (this.other && stackOf.test(line)) this.other = false;
    this.takeFrame(line);
    return this.at.length + this.others.length < maximumFunctions;
  }

  /** Whether a line that tells of a trouble belongs to this report still: `Oops: ` comes a few lines below `BUG: `. */
  goesOn(kind: TroubleKind): boolean {
    return (
      this.lines <= headLines && this.at.length <= 1 && below[this.kind]?.includes(kind) === true
    );
  }

  private takeFrame(line: string): void {
    const match = framed.exec(line);
    // What the unwinder is not sure of is no evidence.
    if (!match?.[2] || match[1]) return;
    const name = match[2].replace(/\..*$/, '');
    const list = this.other ? this.others : this.at;
    if (list.at(-1) !== name) list.push(name);
  }
}
