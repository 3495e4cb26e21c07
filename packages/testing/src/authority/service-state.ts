import type { Revocation } from '../revocation/crl.js';
import type { Issued, IssuedCa } from './authority.js';

/** What the services of one authority know. */
export interface ServiceState {
  readonly now: () => Date;
  readonly authorities: readonly IssuedCa[];
  readonly revocations: ReadonlyMap<Pick<Issued, 'serialNumber' | 'issuerDer'>, Revocation>;
  readonly timestamping: () => Promise<Issued>;
}
