import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const provenance: unknown = JSON.parse(
  readFileSync(join(root, 'grammars/provenance.json'), 'utf8'),
);

interface Provenance {
  readonly package: string;
  readonly version: string;
  readonly file: string;
  readonly sha256: string;
}

function hash(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

describe('the grammar', () => {
  const { file, sha256, version, package: name } = provenance as Provenance;

  it('is the file that provenance.json names', () => {
    assert.equal(hash(join(root, 'grammars', file)), sha256);
  });

  it('is the one that the npm package ships, in the version that package-lock.json wants', () => {
    const lock: unknown = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
    const { packages } = lock as {
      readonly packages: Record<string, { readonly version: string }>;
    };
    assert.equal(packages[`node_modules/${name}`]?.version, version);
    assert.equal(hash(join(root, 'node_modules', name, file)), sha256);
  });
});
