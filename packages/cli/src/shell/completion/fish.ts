import type { CompletedOption, Place } from './words.js';

/** A script for fish, to be read from `~/.config/fish/completions/notarykit.fish`. */
export function fishCompletion(places: readonly Place[]): string {
  const paths = places.filter(({ path }) => path !== '').map(({ path }) => quote(path));
  return `# Completions of notarykit for fish: notarykit completion fish | source
function __notarykit_at
  set -l at
  for word in (commandline -opc)[2..-1]
    set -l longer (string join -- ' ' $at $word)
    if contains -- $longer ${paths.join(' ')}
      set at $longer
    end
  end
  test "$at" = "$argv"
end
complete -c notarykit -e
${places.flatMap(linesAt).join('\n')}
`;
}

function linesAt({ path, next, options }: Place): readonly string[] {
  const start = `complete -c notarykit -n ${quote(`__notarykit_at ${path}`.trim())}`;
  return [
    ...[...next].map(([name, help]) => `${start} -f -a ${quote(name)} -d ${quote(help)}`),
    ...options.map((option) => `${start} ${flagsOf(option)}`),
  ];
}

function flagsOf({ name, short, help, value }: CompletedOption): string {
  const names = `-l ${name}${short === undefined ? '' : ` -s ${short}`} -d ${quote(help)}`;
  if (value === undefined) return names;
  if (value === 'file') return `${names} -r -F`;
  return `${names} -x${value === 'text' ? '' : ` -a ${quote(value.join(' '))}`}`;
}

/** A word of fish: in single quotes a backslash and a quote are written with a backslash. */
function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
