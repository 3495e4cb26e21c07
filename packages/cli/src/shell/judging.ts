import type { Arguments } from './command.js';
import type { OptionSpec } from './option-spec.js';
import { readPairs } from './pairs.js';
import { readAt, timeOptions } from './time.js';

/** The option that {@link readPluginConfig} reads. */
export const verifierConfigOptions: Readonly<Record<string, OptionSpec>> = {
  'plugin-config': {
    type: 'string',
    value: 'name=value',
    multiple: true,
    help: 'passed to the verification plugin that a signature names',
  },
};

/** Options of commands that verify: the time, and the configuration of plugins. */
export const judgingOptions: Readonly<Record<string, OptionSpec>> = { ...timeOptions, ...verifierConfigOptions };

/** The configuration of verification plugins. */
export function readPluginConfig(args: Arguments): Pick<Judging, 'pluginConfig'> {
  return { pluginConfig: readPairs(args, 'plugin-config') };
}

/** The time of a verification, and the configuration of plugins. */
export interface Judging {
  readonly at?: Date;
  readonly pluginConfig: Readonly<Record<string, string>>;
}

/** What {@link judgingOptions} say. */
export function readJudging(args: Arguments): Judging {
  return { ...readAt(args), ...readPluginConfig(args) };
}
