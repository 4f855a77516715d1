# bash completion for driver-teardown. Made by npm run cli-pages from server/src/cli/options.ts.

_driver_teardown_rules() {
  driver-teardown rules --color never 2>/dev/null | cut -d' ' -f1
}

_driver_teardown() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} verb=${COMP_WORDS[1]} words=
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W 'check merge fix order stress explain rules lsp mcp --help --version' -- "$word"))
    return
  fi
  if [[ $before == --* ]]; then
    case $verb$before in
      check--format) words='text json sarif github emacs checkpatch b4-review reply' ;;
      check--fail-on) words='error warning info hint' ;;
      check--baseline) COMPREPLY=($(compgen -f -- "$word")); return ;;
      check--write-baseline) COMPREPLY=($(compgen -f -- "$word")); return ;;
      check--report) COMPREPLY=($(compgen -f -- "$word")); return ;;
      check--shard) return ;;
      check--profile) COMPREPLY=($(compgen -f -- "$word")); return ;;
      check--since) return ;;
      check--patch) COMPREPLY=($(compgen -f -- "$word")); return ;;
      check--config) COMPREPLY=($(compgen -f -- "$word")); return ;;
      check--kernel-version) return ;;
      check--rule) words=$(_driver_teardown_rules) ;;
      check--min-severity) words='error warning info hint' ;;
      check--jobs) return ;;
      check--color) words='auto always never' ;;
      merge--fail-on) words='error warning info hint' ;;
      fix--fix) return ;;
      fix--patch-file) COMPREPLY=($(compgen -f -- "$word")); return ;;
      fix--series) COMPREPLY=($(compgen -f -- "$word")); return ;;
      fix--since) return ;;
      fix--patch) COMPREPLY=($(compgen -f -- "$word")); return ;;
      fix--config) COMPREPLY=($(compgen -f -- "$word")); return ;;
      fix--kernel-version) return ;;
      fix--rule) words=$(_driver_teardown_rules) ;;
      fix--min-severity) words='error warning info hint' ;;
      fix--jobs) return ;;
      fix--color) words='auto always never' ;;
      order--format) words='text json mermaid svg markdown' ;;
      order--timeline) words='unbind unplug-open probe-fail' ;;
      order--entry) return ;;
      order--log) COMPREPLY=($(compgen -f -- "$word")); return ;;
      order--config) COMPREPLY=($(compgen -f -- "$word")); return ;;
      order--kernel-version) return ;;
      order--rule) words=$(_driver_teardown_rules) ;;
      order--min-severity) words='error warning info hint' ;;
      order--jobs) return ;;
      order--color) words='auto always never' ;;
      stress--output) COMPREPLY=($(compgen -f -- "$word")); return ;;
      stress--config) COMPREPLY=($(compgen -f -- "$word")); return ;;
      stress--kernel-version) return ;;
      stress--rule) words=$(_driver_teardown_rules) ;;
      stress--min-severity) words='error warning info hint' ;;
      stress--jobs) return ;;
      stress--color) words='auto always never' ;;
      rules--format) words='text json' ;;
      lsp--socket) return ;;
      lsp--pipe) return ;;
    esac
  fi
  if [[ -z $words && $word == -* ]]; then
    case $verb in
      check) words='--format --fail-on --baseline --no-baseline --write-baseline --prune-baseline --report --shard --profile --since --patch --config --kernel-version --rule --min-severity --jobs --no-cache --quiet --color --version --help' ;;
      merge) words='--fail-on --help' ;;
      fix) words='--diff --write --safe --unsafe --fix --patch-file --series --compare --since --patch --config --kernel-version --rule --min-severity --jobs --no-cache --quiet --color --version --help' ;;
      order) words='--format --timeline --all --entry --log --config --kernel-version --rule --min-severity --jobs --no-cache --quiet --color --version --help' ;;
      stress) words='--output --config --kernel-version --rule --min-severity --jobs --no-cache --quiet --color --version --help' ;;
      explain) words='--help' ;;
      rules) words='--format --help' ;;
      lsp) words='--stdio --node-ipc --socket --pipe --help' ;;
      mcp) words='--help' ;;
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
