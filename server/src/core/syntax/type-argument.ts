/** Type arguments of macro calls: `container_of(p, struct x, m)`, `min_t(unsigned long, a, b)`. */
import { primitiveTypes } from './lexis.ts';

const typeOnly =
  /^\s*(?:(?:const|volatile|struct|union|enum)\s+)*[A-Za-z_]\w*(?:\s+[A-Za-z_]\w*)*(?:\s*\*|\s+const)*\s*$/;

/**
 * Rewrites one argument as an identifier of equal length.
 * @returns undefined when the argument is no type
 */
export function typeArgument(text: string, start: number, end: number): string | undefined {
  const argument = text.slice(start, end);
  if (!typeOnly.test(argument) || argument.trim() === 'void') return undefined;
  const plain = argument.replace(/\b(?:const|volatile|struct|union|enum)\b|\*/g, (word) =>
    ' '.repeat(word.length),
  );
  // The words that are left become one identifier; its first letter changes when it is a keyword.
  return plain.replace(/\S+(?:\s+\S+)*/, (words) => {
    const joined = words.replace(/[^\w\r\n]/g, '_');
    return primitiveTypes.has(joined) ? `_${joined.slice(1)}` : joined;
  });
}
