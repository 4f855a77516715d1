/** Text into XML: names from the source may hold anything, also what XML has no way to write. */

// Control characters and lone halves of surrogate pairs have no place in an XML 1.0 document.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const loneHalf = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '\n': '&#10;',
};

export function escapeXml(text: string): string {
  return text
    .replace(control, '\ufffd')
    .replace(loneHalf, '\ufffd')
    .replace(/[&<>"'\n]/g, (found) => entities[found] ?? found);
}

/** Two digits are enough for a screen, and the same on every machine. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** A path whose numbers are rounded: path`M${x} ${y}`. */
export function path(parts: TemplateStringsArray, ...numbers: readonly number[]): string {
  return parts.map((part, i) => (i === 0 ? part : `${round(numbers[i - 1] ?? 0)}${part}`)).join('');
}

/** An element; attributes that are undefined are left out. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  ...children: readonly string[]
): string {
  const written = Object.entries(attributes)
    .flatMap(([key, value]) =>
      value === undefined
        ? []
        : [` ${key}="${escapeXml(String(typeof value === 'number' ? round(value) : value))}"`],
    )
    .join('');
  return children.length === 0
    ? `<${name}${written}/>`
    : `<${name}${written}>${children.join('')}</${name}>`;
}
