import { isCodedError } from '@notarykit/common/internal';
import { GateError } from '@notarykit/sbom-gate/internal';
import { explain, TrustError } from '@notarykit/trust-policy/internal';
import { helpOf } from 'notarykit/internal';
import { partsOf } from './command.js';
import { exitCodes } from './exit-codes.js';
import type { TimedDecision } from './gate.js';
import { gatePage } from './html/gate.js';
import { trustPage } from './html/trust.js';
import type { Problem, Terminal } from './terminal.js';

/** The command line is wrong; `usage` is that of the command, as far as one was found. */
export function tellUsage(message: string, usage: string | undefined, terminal: Terminal): number {
  const help = usage === undefined ? 'notarykit' : `notarykit ${partsOf(usage).words.join(' ')}`;
  terminal.error({ code: 'ERR_USAGE', message: `${message}\nSee "${help} --help".` });
  return exitCodes.usage;
}

/** Interrupted work. Where it had begun to write, the error says what was written. */
export function tellInterruption(error: unknown, { reason }: AbortSignal, terminal: Terminal): number {
  const why = reason instanceof Error ? reason.message : 'interrupted';
  const more = error === reason || !(error instanceof Error) ? '' : `: ${error.message}`;
  terminal.error({ code: 'ERR_INTERRUPTED', message: `${why}${more}`, help: helpOf(error) });
  return exitCodes.interrupted;
}

/** A verdict that is no, or work that could not be done. */
export function tellFailure(error: unknown, terminal: Terminal): number {
  if (isVerdict(error)) {
    const report = error.detail?.report;
    if (report === undefined) terminal.error(problemOf(error, error.message));
    else terminal.error(problemOf(error, explain(report)), () => trustPage(report));
    return exitCodes.refused;
  }
  const refused = refusedBases(error);
  const message = fileProblem(error) ?? (error instanceof Error ? error.message : String(error));
  const reports = refused.flatMap(({ detail }) => (detail?.report === undefined ? [] : [explain(detail.report)]));
  terminal.error(problemOf(error, [message, ...reports].join('\n')), deniedPage(error));
  return refused.length > 0 || isRefusal(error) ? exitCodes.refused : exitCodes.failed;
}

function problemOf(error: unknown, message: string): Problem {
  return { code: isCodedError(error) ? error.code : undefined, message, help: helpOf(error) };
}

/** The page of a decision that denies. */
function deniedPage(error: unknown): (() => string) | undefined {
  if (!(error instanceof GateError) || error.code !== 'ERR_GATE_DENIED') return undefined;
  return () => gatePage(error.detail as TimedDecision);
}

/** A verdict, not a policy or a store that cannot be read. */
function isVerdict(error: unknown): error is TrustError {
  return error instanceof TrustError && error.isVerdict;
}

/** Whether the error is a refusal; with any other error nothing was decided. */
function isRefusal(error: unknown): boolean {
  return isCodedError(error) && ['ERR_GATE_DENIED', 'ERR_NOTARYKIT_BUNDLE'].includes(error.code);
}

/** The verdicts on base images that are not trusted. */
function refusedBases(error: unknown): readonly TrustError[] {
  if (!isCodedError(error) || error.code !== 'ERR_NOTARYKIT_BASE_IMAGE') return [];
  const { images = [] } = (error.detail ?? {}) as { readonly images?: readonly { readonly error?: unknown }[] };
  return images.map((image) => image.error).filter(isVerdict);
}

/** What the file system says, for people. */
function fileProblem(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('path' in error) || !('code' in error)) return undefined;
  if (error.code === 'ENOENT') return `there is no file ${String(error.path)}: check the name`;
  if (error.code === 'EEXIST') return `${String(error.path)} is there already: replace it with --force`;
  return undefined;
}
