/** Which structs hold which others by value. */
import type { Member } from '../facts/types.ts';
import type { Program } from './program.ts';

const maximumDepth = 8;

/**
 * The members through which struct `tag` embeds one of `wanted`: [['base', 'crtc']] for
 * `x->base.crtc`. Pointers do not embed. An embedded struct that the module does not define is known
 * by its name alone.
 */
export function embeddings(program: Program, tag: string, wanted: ReadonlySet<string>): { readonly struct: string; readonly path: readonly string[] }[] {
  const out: { struct: string; path: readonly string[] }[] = [];
  const visit = (members: readonly Member[], path: readonly string[], depth: number): void => {
    if (depth > maximumDepth) return;
    for (const member of members) {
      const here = member.name === '' ? path : [...path, member.name];
      if (member.type.pointers > 0) continue;
      if (member.type.tagged && wanted.has(member.type.name)) out.push({ struct: member.type.name, path: here });
      else if (member.members.length > 0) visit(member.members, here, depth + 1);
      else if (member.type.tagged) visit(program.struct(member.type.name)?.members ?? [], here, depth + 1);
    }
  };
  visit(program.struct(tag)?.members ?? [], [], 0);
  return out;
}
