/** What stands at the start of a statement, a word or a file, and breaks or changes what follows. */
export const pieces: readonly string[] = [
  '',
  ' ',
  '\n',
  'x',
  '{',
  '}',
  ';',
  '(',
  '"',
  '/* ',
  '#if A\n',
  '#endif\n',
  'return 0;\n',
  'kfree(x);\n',
  'if (err)\n\t\treturn err;\n',
  '\nstatic int more(void)\n{\n\treturn 0;\n}\n',
];
