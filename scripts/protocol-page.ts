/**
 * Writes docs/lsp-extensions.md from server/src/lsp/protocol.ts: each request, notification and command
 * with its comment, and the types that follow it. `--check` only says whether it is up to date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const page = join(root, 'docs/lsp-extensions.md');

const head = `# Requests beside LSP

Everything that squiggles, fixes or explains is standard LSP. These requests, notifications and commands are ours.
\`npm run protocol-page\` writes this page from \`server/src/lsp/protocol.ts\`; places are LSP's own \`Range\`, and
\`WorkspaceEdit\` and \`Command\` are as there.

A client says what it can do in \`initializationOptions\`, beside the settings:

- \`"clientCommands": […]\`: which of the commands below that are the client's it has. What it has not is not offered to it, or
  done by the server in its own way.
- \`"moduleStatus": true\`: it wants \`driverTeardown/moduleStatus\`. While a module is given up, requests about its documents are
  refused (\`ServerCancelled\`, not to be retriggered) until \`driverTeardown.readModule\` or until its last document is closed.
- \`"trusted": false\`: the user does not trust the workspace (yet). git is not run then, and patches have no \`Fixes:\` tag.
- \`"callHierarchy": false\`: the client asks another server for call hierarchies.
- \`"messages": { "English": "translation" }\`: the picture's own words in another language, with \`{0}\` where something is put
  in. What the analysis says stays English.
`;

interface Part {
  readonly comment: string;
  readonly code: string;
}

/** The statements of the file at its outer level, each with the comment above it. */
function partsOf(source: string): Part[] {
  const form =
    /^(?:\/\*\*((?:(?!\*\/)[^])*)\*\/\n)?((?:export )?(?:const \w+ =\s*'[^']+';|interface \w+[^{]*\{[^]*?^\}|type [^;]*;))/gm;
  return [...source.matchAll(form)].map(([, comment = '', code = '']) => ({
    comment: comment
      .split('\n')
      .map((line) => line.replace(/^\s*\* ?/, '').trim())
      .join('\n')
      .trim(),
    code: code.replace(/^export /, '').replaceAll('readonly ', ''),
  }));
}

function text(): string {
  const source = readFileSync(join(root, 'server/src/lsp/protocol.ts'), 'utf8');
  const lines = [head];
  let types: string[] = [];
  const flush = (): void => {
    if (types.length > 0) lines.push('```ts', types.join('\n\n'), '```', '');
    types = [];
  };
  for (const { comment, code } of partsOf(source)) {
    const name = /^const \w+ =\s*'([^']+)'/.exec(code)?.[1];
    if (name === undefined) {
      types.push(comment === '' ? code : `/** ${comment.replaceAll('\n', ' ')} */\n${code}`);
      continue;
    }
    flush();
    lines.push(`## ${name}`, '', comment, '');
  }
  flush();
  return `${lines.join('\n').trimEnd()}\n`;
}

const made = text();
if (process.argv.includes('--check')) {
  if (readFileSync(page, 'utf8') !== made) {
    console.error('docs/lsp-extensions.md is out of date: npm run protocol-page');
    process.exitCode = 1;
  }
} else writeFileSync(page, made);
