import { isCodedError } from '@notarykit/common';
import { explain, TrustError } from '@notarykit/trust-policy';
import { partsOf } from './command.js';
import { exitCodes } from './exit-codes.js';
import type { Terminal } from './terminal.js';

/** The command line is wrong; `usage` is that of the command, as far as one was found. */
export function tellUsage(message: string, usage: string | undefined, terminal: Terminal): number {
  const help = usage === undefined ? 'notarykit' : `notarykit ${partsOf(usage).words.join(' ')}`;
  terminal.error('ERR_USAGE', `${message}\nSee "${help} --help".`);
  return exitCodes.usage;
}

/** A verdict that is no, or work that could not be done. */
export function tellFailure(error: unknown, terminal: Terminal): number {
  if (isVerdict(error)) {
    terminal.error(error.code, error.detail?.report === undefined ? error.message : explain(error.detail.report));
    return exitCodes.notTrusted;
  }
  const message = fileProblem(error) ?? (error instanceof Error ? error.message : String(error));
  terminal.error(isCodedError(error) ? error.code : undefined, message);
  return isRefusal(error) ? exitCodes.notTrusted : exitCodes.failed;
}

/** A verdict, not a policy or a store that cannot be read. */
function isVerdict(error: unknown): error is TrustError {
  return error instanceof TrustError && error.code !== 'ERR_TRUST_POLICY' && error.code !== 'ERR_TRUST_STORE';
}

/** Whether the answer is no; else there is none. */
function isRefusal(error: unknown): boolean {
  if (!isCodedError(error)) return false;
  if (error.code === 'ERR_NOTARYKIT_BASE_IMAGE') return refusedImages(error.detail).some(isVerdict);
  return ['ERR_GATE_DENIED', 'ERR_NOTARYKIT_BUNDLE'].includes(error.code);
}

/** Why base images were refused. */
function refusedImages(detail: unknown): readonly unknown[] {
  const { images = [] } = (detail ?? {}) as { readonly images?: readonly { readonly error?: unknown }[] };
  return images.map(({ error }) => error);
}

/** What the file system says, for people. */
function fileProblem(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('path' in error) || !('code' in error)) return undefined;
  if (error.code === 'ENOENT') return `there is no file ${String(error.path)}: check the name`;
  if (error.code === 'EEXIST') return `${String(error.path)} is there already: replace it with --force`;
  return undefined;
}
