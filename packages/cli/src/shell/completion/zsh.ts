import { quote } from './bash.js';
import type { CompletedOption, Place } from './words.js';

/** A script for zsh, to be read by its start-up file or from its `fpath` as `_notarykit`. */
export function zshCompletion(places: readonly Place[]): string {
  return `#compdef notarykit
# Completions of notarykit for zsh: source <(notarykit completion zsh)
_notarykit() {
  local at= word i
  local -a next options
  for ((i = 2; i < CURRENT; i++)); do
    case "$at \${words[i]}" in
${places
  .filter(({ path }) => path !== '')
  .map(({ path }) => `      ${quote(` ${path}`)}) at=${quote(` ${path}`)} ;;`)
  .join('\n')}
    esac
  done
  case "$at \${words[CURRENT-1]}" in
${places.flatMap(valuesAt).join('\n')}
  esac
  case "$at" in
${places.map(wordsAt).join('\n')}
  esac
  if [[ \${words[CURRENT]} == -* ]]; then
    _describe -o option options
  elif ((\${#next})); then
    _describe command next
  else
    _files
  fi
}
if [[ \${funcstack[1]} == _notarykit ]]; then
  _notarykit "$@"
else
  compdef _notarykit notarykit
fi
`;
}

function valuesAt({ path, options }: Place): readonly string[] {
  return options.flatMap((option) => {
    const { value } = option;
    if (value === undefined) return [];
    const pattern = namesOf(option)
      .map((name) => quote(`${path === '' ? '' : ` ${path}`} ${name}`))
      .join(' | ');
    const offer =
      value === 'file' ? '_files' : value === 'text' ? '_message value' : `compadd -- ${value.map(quote).join(' ')}`;
    return [`    ${pattern}) ${offer}; return ;;`];
  });
}

function wordsAt({ path, next, options }: Place): string {
  const described = (name: string, help: string): string => quote(`${name.replaceAll(':', '\\\\:')}:${help}`);
  const words = [...next].map(([name, help]) => described(name, help)).join(' ');
  const flags = options.flatMap((option) => namesOf(option).map((name) => described(name, option.help))).join(' ');
  return `    ${quote(path === '' ? '' : ` ${path}`)}) next=(${words}) options=(${flags}) ;;`;
}

const namesOf = ({ name, short }: CompletedOption): readonly string[] => [
  `--${name}`,
  ...(short === undefined ? [] : [`-${short}`]),
];
