import type { CompletedOption, Place } from './words.js';

/** A script for bash 3.2 and later. */
export function bashCompletion(places: readonly Place[]): string {
  return `# Completions of notarykit for bash: source <(notarykit completion bash)
_notarykit() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} at= next= options= i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at \${COMP_WORDS[i]}" in
${arms(places.filter(({ path }) => path !== '').map(({ path }) => [` ${path}`, `at=${quote(` ${path}`)}`]))}
    esac
  done
  COMPREPLY=()
  case "$at $before" in
${arms(places.flatMap(valuesAt))}
  esac
  case "$at" in
${arms(places.map(wordsAt))}
  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$options" -- "$current")) ;;
    *) COMPREPLY=($(compgen -W "$next" -- "$current")) ;;
  esac
}
complete -o bashdefault -o default -F _notarykit notarykit
`;
}

/** Options whose value is not a file: bash completes files by itself where nothing is offered. */
function valuesAt({ path, options }: Place): readonly Arm[] {
  return options.flatMap((option) => {
    const { value } = option;
    if (value === undefined || value === 'file') return [];
    const offer =
      value === 'text'
        ? 'COMPREPLY=() ; compopt +o default +o bashdefault 2>/dev/null'
        : `COMPREPLY=($(compgen -W ${quote(value.join(' '))} -- "$current"))`;
    return [[namesOf(option).map((name) => `${path === '' ? '' : ` ${path}`} ${name}`), `${offer}; return`] as const];
  });
}

function wordsAt({ path, next, options }: Place): Arm {
  const names = options.flatMap(namesOf).join(' ');
  return [path === '' ? '' : ` ${path}`, `next=${quote([...next.keys()].join(' '))} options=${quote(names)}`];
}

const namesOf = ({ name, short }: CompletedOption): readonly string[] => [
  `--${name}`,
  ...(short === undefined ? [] : [`-${short}`]),
];

/** A pattern, or several, of `case` and what happens then. */
type Arm = readonly [string | readonly string[], string];

function arms(all: readonly Arm[]): string {
  return all.map(([pattern, then]) => `    ${[pattern].flat().map(quote).join(' | ')}) ${then} ;;`).join('\n');
}

/** A word of a shell; nothing in it is expanded. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
