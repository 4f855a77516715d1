/** Where a function follows what a member holds: in what it hands on, reads, writes, tests and returns. */
import type { Catalog } from '../catalog.ts';
import type { CallFact, Condition, PathValue, Value } from '../facts/types.ts';
import type { Pass, Question } from '../pass.ts';
import type { Span } from '../text.ts';
import { aliasesOf, type MemberKey } from './objects.ts';
import type { FunctionRef } from './program.ts';

/** One place of a function that works on the object which a member holds. */
export interface Touch {
  readonly key: MemberKey;
  /** The call that is handed it; an access that is no call stands as one without a name. */
  readonly at: CallFact;
  readonly written: string;
  /** The argument, where it is for the callee to follow the pointer; -1 where it is followed here. */
  readonly handed: number;
}

/** Every touch of a function, in source order but for those that are no calls, which come last. */
export function touchesIn(pass: Pass, fn: FunctionRef): readonly Touch[] {
  return pass.ask(touches, fn);
}

const touches: Question<FunctionRef, readonly Touch[]> = {
  answer: (pass, fn) => [...inCalls(pass, fn), ...inAccesses(pass, fn)],
};

const none: readonly Touch[] = [];

function inCalls(pass: Pass, fn: FunctionRef): Touch[] {
  return fn.facts.calls.flatMap((at) => {
    const through =
      at.through?.kind === 'path' ? followed(pass, fn, at.through, at.start, false) : [];
    return [
      ...through.map(({ key }) => ({ key, at, written: key.member, handed: -1 })),
      ...at.args.flatMap((arg, index): readonly Touch[] => {
        const found = pathsIn(arg.value).flatMap((path) =>
          followed(pass, fn, path, at.start, !isTest(arg.value)),
        );
        if (found.length === 0) return none;
        const written = arg.text.replace(/\s+/g, ' ').trim();
        return found.map(({ key, last }) => ({ key, at, written, handed: last ? index : -1 }));
      }),
    ];
  });
}

function inAccesses(pass: Pass, fn: FunctionRef): Touch[] {
  return accessesIn(fn).flatMap(({ value, at }) =>
    pathsIn(value).flatMap((path) =>
      followed(pass, fn, path, at.start, path.address === -1).map(
        ({ key }): Touch => ({ key, at, written: key.member, handed: -1 }),
      ),
    ),
  );
}

/** The values that a function reads or writes outside of calls, each with what stands for its place. */
function accessesIn({ facts }: FunctionRef): { readonly value: Value; readonly at: CallFact }[] {
  const out: { value: Value; at: CallFact }[] = [];
  for (const one of facts.assigns) {
    const at = standIn(one, one.context, one.block);
    out.push({ value: one.target, at }, { value: one.value, at });
  }
  for (const one of facts.returnsOf)
    if (one.value) out.push({ value: one.value, at: standIn(one, one.context, one.block) });
  for (const one of facts.contexts) {
    if (!one.test) continue;
    const asking = facts.blocks.findIndex(({ next }) => next.includes(one.block));
    const at = standIn({ start: one.start, end: one.start }, one.parent, Math.max(asking, 0));
    out.push(...valuesIn(one.test).map((value) => ({ value, at })));
  }
  return out;
}

/** One place where a function goes into a struct, though it be for the address of what lies in it. */
export interface Entry {
  readonly tag: string;
  readonly member: string;
  /** The path ends there: the member itself is meant, and not what lies behind it. */
  readonly last: boolean;
  /** Its address is what is written. */
  readonly embedded: boolean;
  readonly at: CallFact;
}

/** Where a function goes into structs of known types, in calls first. */
export function entriesInto(pass: Pass, fn: FunctionRef): readonly Entry[] {
  return pass.ask(entered, fn);
}

const entered: Question<FunctionRef, readonly Entry[]> = {
  answer: (pass, fn) => {
    const inCall = fn.facts.calls.flatMap((at) => [
      ...(at.through ? [{ value: at.through, at }] : []),
      ...at.args.map(({ value }) => ({ value, at })),
    ]);
    return [...inCall, ...accessesIn(fn)].flatMap(({ value, at }) =>
      pathsIn(value).flatMap((path) =>
        path.steps.flatMap((_, i) => {
          const steps = path.steps.slice(0, i + 1);
          const found = pass.program.memberOf(fn, { ...path, steps });
          const last = i === path.steps.length - 1;
          return found && found.tag !== ''
            ? [{ tag: found.tag, member: found.member, last, embedded: path.address === 1, at }]
            : [];
        }),
      ),
    );
  },
};

/** `!x->regs` looks at a pointer and not behind it. */
function isTest(value: Value): boolean {
  return value.kind === 'words' && value.test !== undefined;
}

/** The members along a path whose pointers it follows; with `whole` the one that it ends in, too. */
function followed(
  pass: Pass,
  fn: FunctionRef,
  path: PathValue,
  before: number,
  whole: boolean,
): { readonly key: MemberKey; readonly last: boolean }[] {
  // What a local stands for is typed where it comes from, what is written behind it by the local itself.
  return aliasesOf(fn, path, before)
    .toReversed()
    .flatMap((one, i, all) =>
      membersAlong(pass, fn, one, one.steps.length - (all[i + 1]?.steps.length ?? 0), whole),
    );
}

function membersAlong(
  { program, catalog }: Pass,
  fn: FunctionRef,
  path: PathValue,
  upTo: number,
  whole: boolean,
): { readonly key: MemberKey; readonly last: boolean }[] {
  const out: { key: MemberKey; last: boolean }[] = [];
  for (let length = 1; length <= upTo; length++) {
    const last = length === path.steps.length;
    if (path.steps[length - 1] === '[]' || (last && (!whole || path.address === 1))) continue;
    const found = program.memberOf(fn, { ...path, steps: path.steps.slice(0, length) });
    // Beyond an embedded struct there is no pointer to follow; the kernel's own are not there to be read.
    if (found && (last || (found.type ? found.type.pointers > 0 : isPointer(catalog, found))))
      out.push({ key: { tag: found.tag, member: found.member }, last });
  }
  return out;
}

/** Whether the catalogue knows a member of the kernel's structs, and it holds a pointer. */
function isPointer({ data }: Catalog, { tag, member }: MemberKey): boolean {
  return data.knownMembers.some(
    (one) => one.struct === tag && one.member === member && one.holds !== 'stays-bound',
  );
}

function valuesIn(test: Condition): readonly Value[] {
  switch (test.kind) {
    case 'is':
      return [test.value];
    case 'compare':
      return [test.left, test.right];
    case 'not':
      return valuesIn(test.of);
    default:
      return test.of.flatMap(valuesIn);
  }
}

/** An access as a call that nobody makes: ways end in it as in any other. */
export function standIn({ start, end }: Span, context: number, block: number): CallFact {
  const span = { start, end, nameStart: start, nameEnd: end };
  return { ...span, callee: '', through: null, args: [], context, block, use: 'other' };
}

/** The paths that a value names: `regs + OFFSET` names `regs`. */
function pathsIn(value: Value): readonly PathValue[] {
  switch (value.kind) {
    case 'path':
      return [value];
    case 'choice':
      return value.of.flatMap(pathsIn);
    case 'words':
      return [...(value.paths ?? []), ...value.words.map(rootPath)];
    default:
      return [];
  }
}

/** A variable as it stands; what is written behind it is a path of its own. */
function rootPath(root: string): PathValue {
  return { kind: 'path', root, steps: [], address: 0 };
}
