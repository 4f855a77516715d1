/**
 * Takes tree-sitter-c.wasm out of the installed tree-sitter-c package into grammars/ and notes
 * where it came from. Run after changing the package's version; a test checks the hash.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, 'node_modules', 'tree-sitter-c');
const file = 'tree-sitter-c.wasm';
const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

mkdirSync(join(root, 'grammars'), { recursive: true });
copyFileSync(join(folder, file), join(root, 'grammars', file));
const sha256 = createHash('sha256')
  .update(readFileSync(join(folder, file)))
  .digest('hex');
const provenance = { package: name, version, license, file, sha256 };
writeFileSync(
  join(root, 'grammars', 'provenance.json'),
  `${JSON.stringify(provenance, null, 2)}\n`,
);
console.log(`grammars/${file}: ${name} ${version}, sha256 ${sha256}`);
