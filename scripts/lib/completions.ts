/** Completions of shells from the table of options. */
import {
  type Option,
  shownOptions,
  type Verb,
  verbPages,
  verbs,
} from '../../server/src/cli/options.ts';

const head = 'Made by npm run cli-pages from server/src/cli/options.ts.';

function takesFile({ value }: Option): boolean {
  return value !== undefined && /FILE|DIR/.test(value);
}

/** What follows an option in bash, as the branches of a `case`. */
function bashValues(verb: Verb): string[] {
  return shownOptions(verb).flatMap((option) => {
    const { name, value, choices } = option;
    if (value === undefined) return [];
    if (choices) return [`      ${verb}--${name}) words='${choices.join(' ')}' ;;`];
    if (takesFile(option))
      return [`      ${verb}--${name}) COMPREPLY=($(compgen -f -- "$word")); return ;;`];
    if (value === 'ID' && name === 'rule')
      return [`      ${verb}--${name}) words=$(_driver_teardown_rules) ;;`];
    return [`      ${verb}--${name}) return ;;`];
  });
}

export function bashCompletion(): string {
  const options = verbs.map((verb) => {
    const names = shownOptions(verb).map(({ name }) => `--${name}`);
    return `      ${verb}) words='${names.join(' ')}' ;;`;
  });
  return `# bash completion for driver-teardown. ${head}

_driver_teardown_rules() {
  driver-teardown rules --color never 2>/dev/null | cut -d' ' -f1
}

_driver_teardown() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} verb=\${COMP_WORDS[1]} words=
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W '${verbs.join(' ')} --help --version' -- "$word"))
    return
  fi
  if [[ $before == --* ]]; then
    case $verb$before in
${verbs.flatMap(bashValues).join('\n')}
    esac
  fi
  if [[ -z $words && $word == -* ]]; then
    case $verb in
${options.join('\n')}
    esac
  fi
  if [[ -z $words && $verb == explain ]]; then
    words=$(_driver_teardown_rules)
  fi
  if [[ -n $words ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$word"))
  else
    COMPREPLY=($(compgen -f -- "$word"))
  fi
}

complete -o filenames -F _driver_teardown driver-teardown
`;
}

/** In single quotes, with what zsh reads in descriptions escaped. */
function zshText(text: string): string {
  return text.replace(/[[\]:\\]/g, '\\$&').replace(/'/g, "'\\''");
}

function zshOption(option: Option): string {
  const { name, value, repeatable, choices, help } = option;
  const star = repeatable ? '*' : '';
  if (value === undefined) return `'${star}--${name}[${zshText(help)}]'`;
  const words = choices
    ? `(${choices.join(' ')})`
    : takesFile(option)
      ? '_files'
      : value === 'ID' && name === 'rule'
        ? '_driver_teardown_rules'
        : ' ';
  return `'${star}--${name}=[${zshText(help)}]:${zshText(value)}:${words}'`;
}

export function zshCompletion(): string {
  const cases = verbs.map((verb) => {
    const rest = verb === 'explain' ? '_driver_teardown_rules' : '_files';
    const lines = shownOptions(verb).map(zshOption);
    return `    ${verb})\n      _arguments \\\n        ${[...lines, `'*:PATH:${rest}'`].join(' \\\n        ')}\n      ;;`;
  });
  const list = verbs.map((verb) => `    '${verb}:${zshText(verbPages[verb].line)}'`);
  return `#compdef driver-teardown
# ${head}

_driver_teardown_rules() {
  compadd -- $(driver-teardown rules --color never 2>/dev/null | cut -d' ' -f1)
}

_driver_teardown() {
  local -a verbs
  verbs=(
${list.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe 'command' verbs
    return
  fi
  local verb=$words[2]
  shift words
  (( CURRENT-- ))
  case $verb in
${cases.join('\n')}
  esac
}

_driver_teardown "$@"
`;
}

function fishText(text: string): string {
  return `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`;
}

export function fishCompletion(): string {
  const lines = verbs.flatMap((verb) => [
    `complete -c driver-teardown -n __fish_use_subcommand -f -a ${verb} -d ${fishText(verbPages[verb].line)}`,
    ...shownOptions(verb).map((option) => {
      const { name, short, value, choices, help } = option;
      const letter = short === undefined ? '' : ` -s ${short}`;
      const words = choices
        ? ` -x -a ${fishText(choices.join(' '))}`
        : value === undefined
          ? ''
          : takesFile(option)
            ? ' -r -F'
            : name === 'rule'
              ? " -x -a '(__driver_teardown_rules)'"
              : ' -x';
      return `complete -c driver-teardown -n '__fish_seen_subcommand_from ${verb}'${letter} -l ${name}${words} -d ${fishText(help)}`;
    }),
  ]);
  return `# ${head}

function __driver_teardown_rules
    driver-teardown rules --color never 2>/dev/null | string replace -r ' .*' ''
end

${lines.join('\n')}
complete -c driver-teardown -n '__fish_seen_subcommand_from explain' -f -a '(__driver_teardown_rules)'
`;
}
