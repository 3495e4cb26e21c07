import { isCodedError } from '@notarykit/common/internal';
import { Refusal, type RegistryErrorCode } from './answers.js';

type Kind = readonly [status: number, code: RegistryErrorCode, why: string];

const full: Kind = [507, 'STORAGE_FULL', 'there is no room left; nothing of this request was kept'];
const denied: Kind = [500, 'STORAGE_DENIED', 'the registry may not write there; nothing of this request was kept'];
const busy: Kind = [503, 'STORAGE_BUSY', 'too many files are open; try again'];
const kinds: Readonly<Record<string, Kind>> = {
  ENOSPC: full,
  EDQUOT: full,
  EFBIG: full,
  EACCES: denied,
  EPERM: denied,
  EROFS: denied,
  EMFILE: busy,
  ENFILE: busy,
};

/** What an endpoint's failure is answered with: a refusal of the disk has its own code. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (isCodedError(error) && error.code === 'ERR_OCI_LIMIT') return new Refusal(507, 'STORAGE_FULL', error.message);
  if (isCodedError(error) && error.code === 'ERR_TESTING_DIRECTORY_IN_USE')
    return new Refusal(503, 'DIRECTORY_IN_USE', error.message);
  const system = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  const kind = kinds[system];
  if (kind !== undefined) return new Refusal(kind[0], kind[1], `${system}: ${kind[2]}`);
  return new Refusal(500, 'UNKNOWN', error instanceof Error ? error.message : 'internal error');
}
