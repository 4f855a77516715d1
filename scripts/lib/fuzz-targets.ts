/** What is fuzzed: readers of texts that somebody else wrote, each with what has to hold for any text. */
import { factsOf } from '../../server/src/core/facts/parse.ts';
import { Column } from '../../server/src/core/index/file-index.ts';
import { skim } from '../../server/src/core/index/skim.ts';
import { modulesInFolder } from '../../server/src/core/program/kbuild.ts';
import { maskKernelC } from '../../server/src/core/syntax/mask.ts';
import type { Engine } from '../../test/support/engine.ts';

export interface Target {
  readonly name: string;
  /** Sources of the reader, as a part of their addresses: their coverage guides the search. */
  readonly sources: RegExp;
  /** What is put into texts beside what stands in them. */
  readonly pieces: readonly string[];
  /** @throws Error when something does not hold */
  run(text: string): void;
}

/** For a text of so few characters everything takes less. */
const mostMs = 2000;

function isWithin(ok: boolean, what: string): void {
  if (!ok) throw new Error(what);
}

const c = [
  '{',
  '}',
  '(',
  ')',
  ';',
  ',',
  '"',
  "'",
  '/*',
  '*/',
  '//',
  '\\\n',
  '\n',
  '#if A\n',
  '#else\n',
  '#elif B\n',
  '#endif\n',
  '#define X(a) \\\n',
  '#define F(x) static void x##_f(void) {\n',
  'static int f(void)\n{\n',
  'return 0;\n',
  'struct s {',
  'struct s x = { .a = f, };\n',
  'case 1 ... 3:\n',
  'list_for_each_entry(a, b, c)\n',
  'if (x)\n',
  'else ',
  'do {',
  '} while (0)',
  '__init ',
  '__attribute__((x))',
  'a##b',
  '#x',
  '?:',
  'goto out;\n',
  'out:\n',
  '\r\n',
  '\t',
  '\u00e4',
  '\0',
  'container_of(a, struct b, c)',
  'DEFINE_MUTEX(m);\n',
  '#include "a.h"\n',
  '#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)\n',
  '/* teardown-ignore-next-line x: y */\n',
]; // prettier-ignore

const make = [
  'obj-m += a.o\n',
  'obj-$(CONFIG_A) += a.o\n',
  'a-y := b.o c.o\n',
  'a-objs := ',
  '\\\n',
  '\n',
  '$(',
  ')',
  '${',
  '}',
  '$($(a))',
  'include b.mk\n',
  '-include $(src)/Makefile\n',
  'ifdef A\n',
  'ifeq ($(A),y)\n',
  'else\n',
  'endif\n',
  'define x\n',
  'endef\n',
  '$(eval obj-m += x.o)\n',
  '$(foreach i,a b,$(i).o)',
  '$(call x,a)',
  '$(addprefix a/,b.o)',
  '$(wildcard *.c)',
  '$(patsubst %.c,%.o,a.c)',
  ':=',
  '+=',
  '?=',
  '=',
  '#',
  '\t',
  ' ',
  '%',
  'ccflags-y += -I$(src)/inc\n',
  '$(a:.c=.o)',
  '\u00e4',
  '$',
  '$$',
  'a = $(a)\n',
]; // prettier-ignore

/** The readers with one engine. */
export function fuzzTargets({ parser, reading }: Engine): readonly Target[] {
  return [
    {
      name: 'index',
      sources: /core\/index\//,
      pieces: c,
      run(text) {
        const index = skim(text, reading.words);
        for (let item = 0; item < index.count; item++) {
          const [start, end] = [index.cell(item, Column.start), index.cell(item, Column.end)];
          isWithin(
            start >= 0 && start <= end && end <= text.length,
            `item ${item}: ${start} to ${end}`,
          );
        }
      },
    },
    {
      name: 'mask',
      sources: /core\/(?:syntax|facts)\//,
      pieces: c,
      run(text) {
        const masked = maskKernelC(text, parser.table);
        isWithin(
          masked.length === text.length,
          `${text.length} characters became ${masked.length}`,
        );
        for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1))
          isWithin(
            masked[at] === '\n' || masked[at] === ' ',
            `the line end at ${at} became ${masked[at]}`,
          );
        for (const { facts, start } of factsOf(parser, text).functions)
          isWithin(start >= 0 && facts.body.end <= text.length, `${facts.name} ends past the text`);
      },
    },
    {
      name: 'makefile',
      sources: /core\/program\/(?:make|kbuild)/,
      pieces: make,
      run(text) {
        const files: Readonly<Record<string, string>> = { 'd/Makefile': text, 'd/b.mk': text };
        const around = {
          read: (path: string) => files[path],
          list: () => ['a.c', 'b.c', 'b.mk', 'Makefile'],
        };
        for (const { sources } of modulesInFolder(around, 'd'))
          for (const path of sources)
            isWithin(!path.startsWith('/'), `${path} is no path of the tree`);
      },
    },
  ];
}

/** Why a text breaks a target; undefined when it does not. */
export function breaks(target: Target, text: string): string | undefined {
  const from = performance.now();
  try {
    target.run(text);
  } catch (error) {
    return error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error);
  }
  const ms = performance.now() - from;
  return ms > mostMs ? `takes ${ms.toFixed(0)} ms` : undefined;
}

/** The longest text that is made of others. */
const mostCharacters = 6000;

/** Another text: pieces come, go and are doubled, and the end of another one is put on. */
export function changed(
  text: string,
  others: readonly string[],
  pieces: readonly string[],
  random: () => number,
): string {
  const below = (count: number): number => Math.floor(random() * count);
  let out = text;
  for (let i = 1 + below(4); i > 0; i--) {
    const at = below(out.length + 1);
    const end = Math.min(out.length, at + 1 + below(1 << below(8)));
    const piece = pieces[below(pieces.length)] ?? '';
    const other = others[below(others.length)] ?? '';
    const made: readonly (() => string)[] = [
      () => out.slice(0, at) + piece + out.slice(at),
      () => out.slice(0, at) + piece + out.slice(end),
      () => out.slice(0, at) + out.slice(end),
      () => out.slice(0, end) + out.slice(at, end).repeat(1 + below(8)) + out.slice(end),
      () => out.slice(0, at) + other.slice(below(other.length + 1)),
      () => out.slice(0, at) + piece.repeat(1 + below(40)) + out.slice(at),
    ];
    out = (made[below(made.length)]?.() ?? out).slice(0, mostCharacters);
  }
  return out;
}
