/** A reader of XML that is just strict enough to refuse what a browser would refuse. */

const token =
  /<!--[^]*?-->|<\/([\w:-]+)\s*>|<([\w:-]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)|(<)/g;
const bareAmpersand = /&(?!(?:amp|lt|gt|quot|#\d+);)/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/;

/** @returns what is wrong, or null */
export function xmlProblem(text: string): string | null {
  const open: string[] = [];
  for (const [all, closed, opened, attributes = '', empty, data, stray] of text.matchAll(token)) {
    if (stray !== undefined) return `a stray < after ${open.join(' > ')}`;
    const content = data ?? attributes;
    if (bareAmpersand.test(content) || control.test(content)) return `a bad character in ${all}`;
    const names = [...attributes.matchAll(/\s([\w:-]+)="[^"]*"/g)].map((match) => match[1]);
    if (new Set(names).size < names.length) return `an attribute twice in ${all}`;
    if (opened !== undefined && empty === '') open.push(opened);
    if (closed !== undefined && open.pop() !== closed) return `${all} closes something else`;
  }
  return open.length === 0 ? null : `${open.join(' > ')} is not closed`;
}
