import { type DerNode, parseOne } from '../../../forge/der-tree.js';
import { type AnySigner, resignCertificate, type SigningWay } from '../../../forge/resign.js';
import { tbsOf } from '../mutants/foundry.js';

export type Change = (fields: DerNode[]) => void;
export const at = { serial: 1, algorithm: 2, issuer: 3, validity: 4, subject: 5, key: 6, extensions: 7 } as const;

/** A certificate with other fields, signed anew. */
export function remake(certificate: Uint8Array, issuer: AnySigner, change: Change, way: SigningWay = {}): Uint8Array {
  const tbs = tbsOf(certificate);
  change(tbs.children as DerNode[]);
  return resignCertificate(tbs, issuer, way);
}

export const put =
  (field: keyof typeof at, der: Uint8Array): Change =>
  (fields) =>
    void fields.splice(at[field], 1, parseOne(der));
