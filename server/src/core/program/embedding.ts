/** Which structs hold which others by value. */

import type { Member } from '../facts/types.ts';
import type { MemberKey } from './objects.ts';
import type { Program } from './program.ts';
import type { Unit } from './unit.ts';

/** A struct inside another. */
export interface Embedding {
  readonly struct: string;
  /** The members that lead to it: `['base', 'crtc']` for `x->base.crtc`. */
  readonly path: readonly string[];
  /** The struct that has it as its own member, and that member's name. */
  readonly key: MemberKey;
}

const maximumDepth = 8;

/**
 * The places where struct `tag` embeds one of `wanted`. Pointers do not embed. An embedded struct
 * that the module does not define is known by its name alone.
 * @param from the file that names the tag: its own struct of that name comes first
 */
export function embeddings(
  program: Program,
  tag: string,
  wanted: ReadonlySet<string>,
  from?: Unit,
): Embedding[] {
  const out: Embedding[] = [];
  const visit = (
    members: readonly Member[],
    path: readonly string[],
    owner: string,
    prefix: string,
    depth: number,
  ): void => {
    if (depth > maximumDepth) return;
    for (const member of members) {
      if (member.type.pointers > 0) continue;
      const here = member.name === '' ? path : [...path, member.name];
      const name =
        member.name === '' ? prefix : prefix === '' ? member.name : `${prefix}.${member.name}`;
      if (member.type.tagged && wanted.has(member.type.name))
        out.push({ struct: member.type.name, path: here, key: { tag: owner, member: name } });
      else if (member.members.length > 0)
        visit(
          member.members,
          here,
          ...(member.type.name === ''
            ? ([owner, name] as const)
            : ([member.type.name, ''] as const)),
          depth + 1,
        );
      else if (member.type.tagged)
        visit(
          program.struct(member.type.name, from)?.members ?? [],
          here,
          member.type.name,
          '',
          depth + 1,
        );
    }
  };
  visit(program.struct(tag, from)?.members ?? [], [], tag, '', 0);
  return out;
}

/** The struct itself and every struct of the module that holds it by value, at any depth. */
export function containersOf(program: Program, tag: string): ReadonlySet<string> {
  const found = new Set([tag]);
  // A set hands out what is added while it is walked.
  for (const inner of found) for (const outer of program.embeddersOf(inner)) found.add(outer);
  return found;
}
