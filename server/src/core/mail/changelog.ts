/** The body of a patch: what breaks and when, how it is reached, what was done, what was not. */
import type { ChainLink, Finding, Fix, Timeline } from '../result.ts';
import type { ReproducerCard } from './reproducer.ts';
import { sentence, wrap } from './wrap.ts';

/** A commit as `Fixes:` names it. */
export interface Commit {
  readonly hash: string;
  readonly subject: string;
}

export interface Changelog {
  readonly finding: Finding;
  readonly fix: Fix;
  readonly card: ReproducerCard;
  /** The commit that brought the registration in, when history tells. */
  readonly fixes: Commit | undefined;
  /** `Driver Teardown 1.2.3`. */
  readonly tool: string;
}

const when: Readonly<Record<Timeline, string>> = {
  unbind: 'when the driver is unbound',
  'unplug-open':
    'when the driver is unbound, or the device unplugged, while a file is open: the drm_device then lives on until the last drm_dev_put()',
  'probe-fail': 'when probe fails',
};

function linkLine({ place, function: name, message }: ChainLink): string {
  const at = `${place.file.split('/').pop() ?? ''}:${place.from.line + 1}`;
  const where = name === '' ? at : `${at} ${name}()`;
  return wrap(`${where}: ${message.replaceAll('`', '')}`, '  ', '    ');
}

/** The timelines in words; the one with the longest explanation comes last. */
function courses(timelines: readonly Timeline[]): string | undefined {
  const order: readonly Timeline[] = ['unbind', 'probe-fail', 'unplug-open'];
  const words = order.filter((one) => timelines.includes(one)).map((one) => when[one]);
  const last = words.pop();
  if (last === undefined) return undefined;
  const text = words.length === 0 ? last : `${words.join(', ')} and ${last}`;
  return `This happens ${text}.`;
}

function testing(card: ReproducerCard): string[] {
  const [test, command] = [card.tests[0], card.commands[0]];
  const options = card.options.map(({ name }) => name).slice(0, 2);
  const shown = test === undefined ? command?.name : `igt@${test.name}`;
  if (shown === undefined) return ['Runtime tested: NO'];
  const aid = options.length === 0 ? '' : `, with ${options.join(' and ')}`;
  return ['Runtime tested: NO', wrap(`It would show in: ${shown}${aid}`)];
}

/** Stable kernels take fixes of bugs, and only such as name the change that they fix. */
function trailers({ finding, fixes }: Changelog): string[] {
  if (fixes === undefined) return [];
  const tag = `Fixes: ${fixes.hash.slice(0, 12)} ("${fixes.subject}")`;
  return finding.severity === 'error' ? [tag, 'Cc: stable@vger.kernel.org'] : [tag];
}

/** The changelog without its subject; no line is longer than 75 characters but for tags and names. */
export function changelogOf(log: Changelog): string {
  const { finding, fix, card, tool } = log;
  const course = courses(finding.timelines);
  const chain = finding.chain.map(linkLine);
  const paragraphs = [
    wrap(sentence(finding.message)),
    ...(course === undefined ? [] : [wrap(course)]),
    ...(chain.length === 0 ? [] : [['How it is reached:', ...chain].join('\n')]),
    wrap(sentence(fix.title)),
    wrap(`Found with ${tool} [${finding.rule}].`),
    testing(card).join('\n'),
  ];
  const tags = trailers(log);
  return [...paragraphs, ...(tags.length === 0 ? [] : [tags.join('\n')])].join('\n\n');
}
