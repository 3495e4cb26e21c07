import type { Logger } from '@notarykit/common';
import { type Arguments, type OptionSpec, UsageError } from './command.js';

/** Options that tell what passes between the command and a registry, with the names of notation. */
export const diagnosticOptions: Readonly<Record<string, OptionSpec>> = {
  verbose: {
    type: 'boolean',
    short: 'v',
    help: 'tell on standard error of requests that are tried again, and what the registry warns of',
  },
  debug: { type: 'boolean', short: 'd', help: 'tell on standard error of every request to the registry, too' },
};

/** The logger that {@link diagnosticOptions} ask for; the registry client takes secrets out before. */
export function readLogger(args: Arguments): { readonly logger?: Logger } {
  const debug = args.flag('debug');
  if (!debug && !args.flag('verbose')) return {};
  const write =
    (level: string) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}): void =>
      void process.stderr.write(`${level}: ${message} ${JSON.stringify(fields)}\n`);
  const logger = { info: write('info'), warn: write('warning'), error: write('error') };
  return { logger: debug ? { ...logger, debug: write('debug') } : logger };
}

/** @throws {UsageError} for options that have no effect, since no registry is asked */
export function refuseDiagnostics(args: Arguments, why: string): void {
  const name = Object.keys(diagnosticOptions).find((each) => args.flag(each));
  if (name !== undefined) throw new UsageError(`--${name} has no effect: ${why}`);
}
