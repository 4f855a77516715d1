/**
 * `make C=1 CHECK=driver-teardown` calls a checker as sparse is called: the options of the compiler and
 * one source. They say how to compile, and nothing here is compiled, so they count for nothing.
 */

/** The next word is their value, unless it is joined to them. */
const takesValue = new Set(
  `-D -U -I -include -imacros -isystem -iquote -idirafter -iprefix -x -o -MF -MT -MQ -arch
   -target -Xclang -Xlinker -Xassembler -Xpreprocessor -mllvm -T -L -l --param --sysroot --target`.split(
    /\s+/,
  ),
);

function isCompilers(word: string): boolean {
  return (
    /^-[^-]/.test(word) ||
    /^--(?:param|sysroot|target|arch|os|prefix|gcc-toolchain)(?:=|$)/.test(word)
  );
}

/** Whether a compiler's options are among the words; ours all begin with two dashes. */
export function isCompilerForm(words: readonly string[]): boolean {
  return words.some((word) => /^-[DIUWfm]./.test(word) || word === '-nostdinc');
}

/** Our own options, and the source. */
export function withoutCompilerWords(words: readonly string[]): readonly string[] {
  const kept: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    if (!isCompilers(word)) kept.push(word);
    else if (takesValue.has(word)) i++;
  }
  return kept;
}
