/** The order as Markdown: what a tooltip says of a step, and what “Copy as Markdown” copies. */
import { say } from '#say';
import type { OrderFinding, OrderLocation, OrderStep } from '../../../server/src/lsp/protocol.ts';
import type { EntryNode, LogStepNode, OrderNode, StepNode, TimelineNode } from './order-nodes.ts';
import { fileAndLine, released, scopeWords, severityWord, stepName } from './order-words.ts';

/** Text as itself: a message with `__iomem *` is no emphasis. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>~$]/g, '\\$&').replace(/\s+/g, ' ');
}

/** Code in a line, also when it holds backticks. */
export function inlineCode(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 ? ' ' : '';
  return `${fence}${pad}${text.replace(/\s+/g, ' ')}${pad}${fence}`;
}

/** A sentence in which backticks mark code, as the engine writes them. */
export function prose(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (/^`.+`$/s.test(part) ? inlineCode(part.slice(1, -1)) : escapeMarkdown(part)))
    .join('');
}

function link(location: OrderLocation): string {
  const target = `${location.uri}#${location.range.start.line + 1}`;
  return `[${escapeMarkdown(fileAndLine(location))}](${target.replace(/[()\s]/g, encodeURIComponent)})`;
}

/** What a tooltip says of a step: more than its row, with links. */
export function stepTooltip({ step, number, total }: StepNode): string {
  const what = released(step);
  const facts = [
    say('Step {0} of {1}', number, total),
    step.by === null ? undefined : say('Given back by: {0}', inlineCode(step.by)),
    what === undefined ? undefined : say('Releases: {0}', prose(what)),
    step.scope === null ? undefined : say('Scope: {0}', scopeMeaning(step.scope)),
    step.scope === null
      ? say('From: {0}', link(step.registered))
      : say('Registered: {0}', link(step.registered)),
    step.callback === null ? undefined : say('Callback: {0}', link(step.callback)),
    step.via.length === 0
      ? undefined
      : say('Reached by: {0}', step.via.map(inlineCode).join(' → ')),
    step.conditional === null ? undefined : say('Only: {0}', inlineCode(step.conditional)),
    step.repeats === null ? undefined : say('Repeated in: {0}', inlineCode(step.repeats)),
    step.group === null ? undefined : say('devres group: {0}', escapeMarkdown(step.group)),
  ].filter((line) => line !== undefined);
  const head = `**${inlineCode(stepName(step))}**`;
  const findings = [
    ...step.marks.map(({ kind, text, location }) =>
      [
        `**${kind === 'ends' ? say('Ends too early') : say('Comes too late')}**: ${escapeMarkdown(text)}`,
        ...(location === null ? [] : [link(location)]),
      ].join(' — '),
    ),
    ...step.findings.map(findingTooltip),
  ];
  return [head, facts.map((fact) => `- ${fact}`).join('\n'), ...findings].join('\n\n');
}

function scopeMeaning(scope: NonNullable<OrderStep['scope']>): string {
  return scope === 'bound'
    ? escapeMarkdown(say('devm, until the device is unbound'))
    : escapeMarkdown(say('drmm, until the last put of the drm_device'));
}

/** A finding with its evidence, each link of it to be clicked. */
export function findingTooltip({ severity, rule, message, chain }: OrderFinding): string {
  const head = `**${severityWord(severity)}** ${escapeMarkdown(rule)}: ${prose(message)}`;
  const links = chain.map((one) => `1. ${prose(one.message)} — ${link(one.location)}`);
  return [head, links.join('\n')].filter((text) => text !== '').join('\n\n');
}

/** Headings and lists that read well in a mail too. */
export function nodesAsMarkdown(nodes: readonly OrderNode[]): string {
  return `${nodes.map(nodeAsMarkdown).join('\n\n')}\n`;
}

/** A whole view, under the module's name. */
export function viewAsMarkdown(
  module: string,
  roots: readonly EntryNode[],
  notes: readonly string[],
): string {
  const title = `# ${say('Teardown order of {0}', escapeMarkdown(module))}`;
  const parts = [title, ...notes.map(escapeMarkdown), ...roots.map(nodeAsMarkdown)];
  return `${parts.join('\n\n')}\n`;
}

function nodeAsMarkdown(node: OrderNode): string {
  switch (node.type) {
    case 'entry':
      return entryAsMarkdown(node);
    case 'timeline':
      return timelineAsMarkdown(node);
    case 'phase':
      return phaseAsMarkdown(node);
    case 'step':
      return stepAsMarkdown(node);
    case 'run':
      return node.children.map(nodeAsMarkdown).join('\n');
    case 'leftovers':
    case 'runners':
      return [
        `**${escapeMarkdown(node.label)}**`,
        node.children.map(nodeAsMarkdown).join('\n'),
      ].join('\n\n');
    case 'runner':
      return `- ${inlineCode(node.label)}: ${escapeMarkdown(node.description)}`;
    case 'left':
      return `- ${inlineCode(node.label)}: ${escapeMarkdown(node.description)}`;
    case 'mark':
      return `- ${escapeMarkdown(node.label)}`;
    case 'log':
      return logAsMarkdown(node);
    case 'logStep':
      return logStepAsMarkdown(node, '');
    case 'finding':
      return findingAsMarkdown(node.finding, '');
    case 'note':
      return say('Note: {0}', escapeMarkdown(node.label));
    case 'evidence':
      return `- ${escapeMarkdown(node.label)} (${fileAndLine(node.location)})`;
  }
}

function entryAsMarkdown({ label, description, children }: EntryNode): string {
  const head = `## ${inlineCode(label)} (${escapeMarkdown(description)})`;
  // A failure of probe that nobody has looked at has nothing to be copied.
  const known = children.filter((child) => child.type !== 'timeline' || child.steps !== undefined);
  return [head, ...known.map(nodeAsMarkdown)].join('\n\n');
}

function timelineAsMarkdown({ label, description, children }: TimelineNode): string {
  const head = `### ${escapeMarkdown(label)} (${escapeMarkdown(description)})`;
  return [head, ...children.map(nodeAsMarkdown)].join('\n\n');
}

function phaseAsMarkdown({ label, children }: OrderNode): string {
  return [`**${escapeMarkdown(label)}**`, children.map(nodeAsMarkdown).join('\n')].join('\n\n');
}

function stepAsMarkdown({ step, number }: StepNode): string {
  const what = released(step);
  const facts = [
    step.scope === null ? undefined : scopeWords[step.scope],
    step.by === null ? undefined : say('given back by {0}', inlineCode(step.by)),
    what === undefined ? undefined : say('releases {0}', prose(what)),
    step.conditional === null ? undefined : say('only {0}', inlineCode(step.conditional)),
    step.repeats === null ? undefined : say('in {0}', inlineCode(step.repeats)),
    step.group === null ? undefined : say('devres group {0}', escapeMarkdown(step.group)),
    fileAndLine(step.registered),
  ].filter((text) => text !== undefined);
  const line = `${number}. ${inlineCode(stepName(step))}: ${facts.join(', ')}`;
  const indent = ' '.repeat(`${number}. `.length);
  const marks = step.marks.map(({ text }) => `${indent}- ${escapeMarkdown(text)}`);
  const findings = step.findings.map((finding) => findingAsMarkdown(finding, indent));
  return [line, ...marks, ...findings].join('\n');
}

function logAsMarkdown({ label, description, children }: OrderNode): string {
  const head = `## ${escapeMarkdown(label)} (${escapeMarkdown(description)})`;
  return [head, children.map(nodeAsMarkdown).join('\n')].join('\n\n');
}

/** With what stands below, but for what ran as predicted. */
function logStepAsMarkdown(
  { label, description, state, children }: LogStepNode,
  indent: string,
): string {
  const said = description === '' ? '' : ` (${escapeMarkdown(description)})`;
  const isTold = state === 'seen' || state === 'quiet' || state === 'trouble';
  const below = isTold ? children.filter((child) => child.type === 'logStep') : [];
  return [
    `${indent}- ${escapeMarkdown(label)}${said}`,
    ...below.map((child) => logStepAsMarkdown(child, `${indent}  `)),
  ].join('\n');
}

function findingAsMarkdown(
  { severity, rule, message, chain }: OrderFinding,
  indent: string,
): string {
  const links = chain.map(
    (one) => `${indent}  - ${prose(one.message)} (${fileAndLine(one.location)})`,
  );
  const head = `${indent}- **${severityWord(severity)}** ${inlineCode(rule)}: ${prose(message)}`;
  return [head, ...links].join('\n');
}
