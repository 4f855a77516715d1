/**
 * Writes what is made from the rules: docs/rules/README.md, the schema of the configuration and the
 * settings of package.json. `--check` only says whether they are up to date.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rules } from '../server/src/core/rules/index.ts';
import { configurationSchema, manifestText } from './lib/config-schema.ts';

const index = `# Rules

Each page says what the rule finds, why it is bad, on which timeline, what it stays silent on, and what its fix
does. The C on a page is run as the rule's test. \`driver-teardown explain RULE\` prints it.

| rule | default | what it finds |
|---|---|---|
${rules.map((rule) => `| [${rule.id}](../../server/src/core/rules/${rule.id}.md) | ${rule.defaultSeverity} | ${rule.summary} |`).join('\n')}

The severity is configured per rule: \`{ "severities": { "${rules[0]?.id ?? 'rule'}": "off" } }\` in
\`.driver-teardown.json\`, or \`driverTeardown.rules\` in VS Code. Fixes that move something to another scope are offered
below \`drivers/gpu/drm\` and \`drivers/accel\` of a kernel tree and everywhere outside of one; \`"conversions": ["drivers/net"]\`
says where else, since not every subsystem wants them.

A driver outside of a kernel tree asks for the version with \`#if LINUX_VERSION_CODE >= KERNEL_VERSION(…)\`. Every branch
counts until it is said which kernel the sources are for: \`"kernelVersion": "6.12"\` there, \`driverTeardown.kernelVersion\`
in VS Code, or \`--kernel-version 6.12\`. A tree's own Makefile says it for the tree.
`;

const made: readonly (readonly [string, string])[] = [
  ['docs/rules/README.md', index],
  ['client/resources/driver-teardown.schema.json', configurationSchema()],
  ['package.json', manifestText()],
];

/** A file that is missing is out of date, too. */
function stored(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

for (const [name, text] of made) {
  const file = join(import.meta.dirname, '..', name);
  if (stored(file) === text) continue;
  if (!process.argv.includes('--check')) writeFileSync(file, text);
  else {
    console.error(`${name} is out of date: npm run rules-index`);
    process.exitCode = 1;
  }
}
