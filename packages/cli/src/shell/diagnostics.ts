import type { Logger } from '@notarykit/common/internal';
import { type Arguments, UsageError } from './command.js';
import type { OptionSpec } from './option-spec.js';

/** Options that log the requests to a registry, with the names of notation. */
export const diagnosticOptions: Readonly<Record<string, OptionSpec>> = {
  verbose: {
    type: 'boolean',
    short: 'v',
    help: 'log retried requests and the warnings of the registry to standard error',
  },
  debug: { type: 'boolean', short: 'd', help: 'log every request to the registry, too' },
};

/** The logger that {@link diagnosticOptions} ask for; the registry client removes secrets first. */
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
