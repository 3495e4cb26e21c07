import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createLimiter, type Logger } from '@notarykit/common/internal';
import { AdmissionError } from '../errors.js';
import type { Authorize } from '../service/handler.js';
import { watchFiles } from './watch.js';

/** Who may ask by the tokens of a file. */
export interface TokenFile {
  readonly authorize: Authorize;
  /** Reads the file again now; while it is not a token file, every caller is refused. */
  reload(): Promise<void>;
  stop(): void;
}

/**
 * Reads a file with a bearer token on each line (RFC 6750); two of them let callers change over from one to the other. It is read again
 * when it changes: a token that was removed is no longer valid, and with a file that cannot be read every caller is refused.
 *
 * @throws {AdmissionError} `ERR_ADMISSION_CONFIG` for a file that is not there, has no token, or one under 16 characters
 */
export async function openTokenFile(
  path: string,
  { reloadMs = 10_000, logger }: { readonly reloadMs?: number; readonly logger?: Logger } = {},
): Promise<TokenFile> {
  // One after another: what was read first must not be what counts last.
  const inTurn = createLimiter(1);
  const read = async (): Promise<boolean> => {
    try {
      known = await readTokens(path);
      logger?.info?.('tokens reloaded');
      return true;
    } catch (error) {
      known = [];
      logger?.warn?.('tokens not reloaded; every caller is refused', { error: (error as Error).message });
      return false;
    }
  };
  const again = (): Promise<boolean> => inTurn(read);
  const watch = await watchFiles([path], again);
  let known = await readTokens(path);
  const stop = watch.every(reloadMs);
  return {
    authorize: (authorization) => isKnown(known, authorization),
    reload: async () => void (await again()),
    stop,
  };
}

const tokenForm = /^[A-Za-z0-9\-._~+/]{16,1024}=*$/;

async function readTokens(path: string): Promise<readonly Buffer[]> {
  const lines = (await readText(path)).split(/\r?\n/).filter((line) => line !== '');
  // The text of a token must not be in a log.
  const wrong = lines.findIndex((line) => !tokenForm.test(line));
  if (wrong >= 0 || lines.length === 0)
    throw new AdmissionError(
      'ERR_ADMISSION_CONFIG',
      `${path}: expected on each line a token of 16 to 1024 letters, digits and -._~+/, found ${
        lines.length === 0 ? 'no line' : `none on line ${wrong + 1}`
      }; make one with "openssl rand -hex 32"`,
    );
  return lines.map(digestOf);
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new AdmissionError('ERR_ADMISSION_CONFIG', `${path}: expected a file with a token on each line`, { cause });
  }
}

/** Digests have one length, and comparing them takes one time whatever was sent. */
const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();

function isKnown(known: readonly Buffer[], authorization: string | undefined): boolean {
  const token = /^Bearer +([^\s]+)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) return false;
  const digest = digestOf(token);
  return known.filter((each) => timingSafeEqual(each, digest)).length > 0;
}
