/** scripts/catalog-check.mjs on a small tree and a small catalogue, both made up here. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../../scripts/catalog-check.mjs', import.meta.url));

const header = `#ifndef ACME_H
#define ACME_H

struct acme;
struct device;

/**
 * acme_register() - Shows an acme to the others.
 */
int acme_register(struct acme *acme);
void acme_unregister(struct acme *acme);

struct acme *acme_get(struct device *dev);
void acme_put(struct acme *acme);

int __must_check
devm_acme_register(struct device *dev,
		   struct acme *acme);
#define devm_acme_add(dev, acme) \\
	devm_acme_register(dev, acme)

static inline int acme_start(struct acme *acme)
{
	return acme_register(acme);
}

#endif
`;

const managed = {
  name: 'devm_acme_register',
  scope: 'bound',
  role: 'acquire',
  device: 0,
  owner: 'device',
  kind: 'acme',
  returns: 'error',
  source: 'include/linux/acme.h:17',
};
const take = {
  name: 'acme_register',
  group: 'acme',
  object: { argument: 0 },
  releases: ['acme_unregister'],
  source: 'include/linux/acme.h:10',
};
const leftOut = [
  { reason: 'the same under another name', names: ['devm_acme_add'] },
  { reason: 'a counted reference', names: ['acme_get'] },
];

describe('catalog-check', () => {
  let folder: string;

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'catalog-check-'));
    write('tree/Makefile', 'VERSION = 7\nPATCHLEVEL = 3\n');
    write('tree/include/linux/acme.h', header);
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  const write = (name: string, text: string): void => {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  };

  const check = (catalog: object): { status: number | null; lines: string[] } => {
    write('catalog/acme.json', JSON.stringify(catalog));
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [script, '--catalog', path.join(folder, 'catalog'), path.join(folder, 'tree')],
      { encoding: 'utf8' },
    );
    assert.equal(stderr, '');
    return { status, lines: stdout.trim().split('\n') };
  };

  it('is content with a catalogue that has everything, or says why not', () => {
    assert.deepEqual(check({ managed: [managed], takes: [take], leftOut }), {
      status: 0,
      lines: ['2 entries checked, 0 disagree; 0 of the headers have no entry'],
    });
  });

  it('lists the managed functions and the pairs that have no entry, with their kernel-doc', () => {
    assert.deepEqual(check({}), {
      status: 1,
      lines: [
        '7.3 include/linux/acme.h:17: no entry: devm_acme_register',
        '7.3 include/linux/acme.h:19: no entry: devm_acme_add',
        '7.3 include/linux/acme.h:10: no entry: acme_register / acme_unregister - Shows an acme to the others.',
        '7.3 include/linux/acme.h:13: no entry: acme_get / acme_put',
        '0 entries checked, 0 disagree; 4 of the headers have no entry',
      ],
    });
  });

  it('leaves out the pairs of a header, and no managed function with them', () => {
    const headers = ['include/linux/ac*.h'];
    const { lines } = check({ leftOut: [{ reason: 'not read', headers }] });
    assert.deepEqual(
      lines.map((line) => line.split(': ').at(-1)),
      [
        'devm_acme_register',
        'devm_acme_add',
        '0 entries checked, 0 disagree; 2 of the headers have no entry',
      ],
    );
  });

  it('refuses a line that does not hold the name, and what the declaration contradicts', () => {
    const wrong = { ...take, source: 'include/linux/acme.h:11' };
    const pointer = { ...managed, owner: 'pci_dev', returns: 'void' };
    assert.deepEqual(check({ managed: [pointer], takes: [wrong], leftOut }), {
      status: 1,
      lines: [
        '7.3 acme.json: devm_acme_register: argument 0 is not a struct pci_dev *',
        '7.3 acme.json: devm_acme_register: returns a value',
        '7.3 acme.json: acme_register: is at line 10, not 11',
        '2 entries checked, 2 disagree; 0 of the headers have no entry',
      ],
    });
  });

  it('passes over folders that the tree does not hold', () => {
    const sound = { ...take, name: 'snd_acme_new', source: 'include/sound/acme.h:3' };
    const { status, lines } = check({ managed: [managed], takes: [take, sound], leftOut });
    assert.equal(status, 0);
    assert.equal(lines[0], '2 entries checked, 0 disagree; 0 of the headers have no entry');
  });

  it('tells a name that is left out and has an entry', () => {
    const both = [...leftOut, { reason: 'why not', names: ['acme_register'] }];
    const { status, lines } = check({ managed: [managed], takes: [take], leftOut: both });
    assert.equal(status, 1);
    assert.equal(lines[0], 'left-out.json: acme_register: an entry has it');
  });
});
