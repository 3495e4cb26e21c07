import { expandWord, type Variables } from './expand.js';
import type { DockerfileOptions } from './images.js';
import type { Dockerfile } from './instructions.js';
import { splitWords } from './words.js';

/** Variables that FROM sees: predefined platform arguments and every ARG before the first FROM. */
export function globalVariables(
  file: Dockerfile,
  options: Pick<DockerfileOptions, 'buildArgs' | 'platform'>,
): Variables {
  const variables = new Map<string, string>(predefined(options.platform));
  for (const instruction of file.instructions) {
    if (instruction.keyword === 'FROM') break;
    if (instruction.keyword !== 'ARG') continue;
    for (const word of splitWords(instruction.text, file.escapeMark))
      declare(word, variables, file.escapeMark, options.buildArgs ?? {});
  }
  return variables;
}

function declare(
  word: string,
  variables: Map<string, string>,
  escapeMark: '\\' | '`',
  buildArgs: Readonly<Record<string, string>>,
): void {
  const equals = word.indexOf('=');
  const name = equals < 0 ? word : word.slice(0, equals);
  const given = Object.hasOwn(buildArgs, name) ? buildArgs[name] : undefined;
  if (given !== undefined) variables.set(name, given);
  else if (equals >= 0) variables.set(name, expandWord(word.slice(equals + 1), variables, escapeMark).text);
}

function* predefined(platform: string | undefined): Generator<[string, string]> {
  if (platform === undefined) return;
  const [os = '', architecture = '', variant = ''] = platform.split('/');
  for (const side of ['TARGET', 'BUILD']) {
    yield [`${side}PLATFORM`, platform];
    yield [`${side}OS`, os];
    yield [`${side}ARCH`, architecture];
    yield [`${side}VARIANT`, variant];
  }
}
