import { InvalidArgumentError, Option } from 'commander';
import { type Arguments, UsageError } from './command.js';
import type { OptionSpec } from './option-spec.js';

/** The options of a command as commander knows them. */
export function optionsOf(specs: Readonly<Record<string, OptionSpec>>): ReadonlyMap<string, Option> {
  return new Map(Object.entries(specs).map(([name, spec]) => [name, optionOf(name, spec)]));
}

function optionOf(name: string, spec: OptionSpec): Option {
  const { type, multiple = false, short, value = 'value', choices, help } = spec;
  const flags = `${short === undefined ? '' : `-${short}, `}--${name}${type === 'boolean' ? '' : ` <${value}>`}`;
  const option = new Option(flags, `${help}${multiple ? ' (may be repeated)' : ''}`);
  if (type === 'boolean') return option;
  if (choices !== undefined) return option.choices(choices);
  return option.argParser((text: string, before: unknown) => {
    checkValue(text, name, spec);
    return multiple ? [...(Array.isArray(before) ? before : []), text] : text;
  });
}

/** Where a value was left out, the next option becomes the value and has no effect: no message would say so. */
function checkValue(text: string, name: string, { secret = false }: OptionSpec): void {
  if (!text.startsWith('-') || text === '-') return;
  // The message of commander repeats the value.
  if (secret) throw new UsageError(`--${name}: the value looks like an option: is it left out?`);
  throw new InvalidArgumentError('It looks like an option: is the value left out?');
}

/** What commander read, by the names of the options. */
export function argumentsOf(
  positionals: readonly string[],
  options: ReadonlyMap<string, Option>,
  values: Readonly<Record<string, unknown>>,
): Arguments {
  const read = (name: string): { readonly option: Option; readonly value: unknown } => {
    const option = options.get(name);
    if (option === undefined) throw new Error(`the command declares no option --${name}`);
    return { option, value: values[option.attributeName()] };
  };
  const text = (name: string): string | undefined => {
    const { value } = read(name);
    return typeof value === 'string' ? value : undefined;
  };
  return {
    positionals,
    text,
    texts: (name) => [read(name).value].flat().filter((value) => typeof value === 'string'),
    // commander sets what `--no-x` takes away.
    flag: (name) => read(name).value === !read(name).option.negate,
    declares: (name) => options.has(name),
    required(name) {
      const value = text(name);
      if (value === undefined) throw new UsageError(`--${name} is needed: ${read(name).option.description}`);
      return value;
    },
  };
}
