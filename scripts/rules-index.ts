/** Writes docs/rules/README.md from the rules themselves; `--check` only says whether it is up to date. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rules } from '../server/src/core/rules/index.ts';

const file = join(import.meta.dirname, '../docs/rules/README.md');
const text = `# Rules

Each page says what the rule finds, why it is bad, on which timeline, what it stays silent on, and what its fix
does. The C on a page is run as the rule's test. \`driver-teardown explain RULE\` prints it.

| rule | default | what it finds |
|---|---|---|
${rules.map((rule) => `| [${rule.id}](../../server/src/core/rules/${rule.id}.md) | ${rule.defaultSeverity} | ${rule.summary} |`).join('\n')}

The severity is configured per rule: \`{ "severities": { "${rules[0]?.id ?? 'rule'}": "off" } }\` in
\`.driver-teardown.json\`, or \`driverTeardown.rules\` in VS Code.
`;

if (process.argv.includes('--check')) {
  let stored = '';
  try {
    stored = readFileSync(file, 'utf8');
  } catch {
    // A missing index is out of date, too.
  }
  if (stored !== text) {
    console.error('docs/rules/README.md is out of date: npm run rules-index');
    process.exit(1);
  }
} else writeFileSync(file, text);
