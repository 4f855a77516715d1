/** The shell script of a stress kit: what is known of the driver, before the part that is the same in every kit. */
import { printable } from '../mail/quote.ts';
import type { Finding, Place } from '../result.ts';
import type { PlannedScenario, StressPlan } from './plan.ts';

/** What a kit's first lines hold: nothing else is overwritten by a new one. */
export const kitMark = 'Made by driver-teardown stress';

export interface KitText {
  /** The part that is the same in every kit. */
  readonly body: string;
  readonly version: string;
  /** A place as the reader opens it. */
  at(place: Place): string;
}

/** Any text as one word of a POSIX shell; what would do harm on a terminal is shown instead. */
export function shellQuoted(text: string): string {
  return `'${printable(text).replace(/'/g, "'\\''")}'`;
}

export function stressScript(plan: StressPlan, { body, version, at }: KitText): string {
  const { module, buses, scenarios, failures, attributes } = plan;
  const words = (list: readonly string[]) => shellQuoted(list.join(' '));
  return [
    '#!/bin/sh',
    `# ${kitMark} ${printable(version)} for the module ${printable(module)}: sh stress.sh --help.`,
    '# shellcheck disable=SC2016 # Messages quote code with backquotes.',
    `VERSION=${shellQuoted(version)}`,
    `MODULE=${shellQuoted(module)}`,
    `BUSES=${words(buses)}`,
    `SCENARIOS=${words(scenarios.map(({ scenario }) => scenario.name))}`,
    `FAILURES=${words(failures)}`,
    `ATTRIBUTES=${words(attributes)}`,
    `NL='`,
    `'`,
    '',
    'about() { # SCENARIO: sets what it does, and what it may show',
    '  case $1 in',
    ...scenarios.flatMap((one) => branch(one, at)),
    "    *) HOLD=none END=unbind WHAT='' MAY='' ;;",
    '  esac',
    '}',
    '',
    body,
  ].join('\n');
}

function branch({ scenario, shows }: PlannedScenario, at: KitText['at']): string[] {
  const { name, hold, end, what } = scenario;
  const lines = shows.map((finding) => `"$NL"${shellQuoted(hazardLine(finding, at))}`);
  return [
    `    ${name})`,
    `      HOLD=${hold} END=${end} WHAT=${shellQuoted(what)}`,
    `      MAY=${lines.length === 0 ? "''" : lines.join('\\\n')} ;;`,
  ];
}

function hazardLine({ place, severity, rule, message }: Finding, at: KitText['at']): string {
  return `  may show ${severity} ${rule} at ${at(place)}: ${message}`;
}
