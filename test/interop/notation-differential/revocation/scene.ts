import { utf8 } from '@notarykit/common';
import { encodeNull } from '@notarykit/pki/internal/asn1';
import {
  type Authority,
  buildCrl,
  buildOcspResponse,
  type CrlOptions,
  certIdOf,
  type ExtensionSpec,
  type Issued,
  type OcspResponseOptions,
  type Revocation,
  type RevocationReason,
  revocationReasons,
  type SingleResponse,
} from '@notarykit/testing';
import type { Reply } from '../loopback.js';

/** Whom an answer is about, and who may give it. */
export interface Scene {
  readonly lab: Authority;
  readonly other: Authority;
  readonly leaf: Issued;
  /** The address of a place of this case. */
  readonly at: (place: string) => string;
  readonly put: (place: string, reply: Reply) => void;
}

export type Make = (scene: Scene) => Promise<Reply> | Reply;

/** One situation: what the certificate names, and what is answered there. */
export interface Situation {
  readonly ocsp?: readonly Make[];
  readonly crl?: readonly Make[];
  /** The distribution points, written otherwise: from the addresses of `crl`. */
  readonly points?: (urls: readonly string[]) => Uint8Array;
  readonly more?: readonly ExtensionSpec[];
  /** Milliseconds for each request, where one of them is not answered. */
  readonly online?: number;
}

const dayMs = 86_400_000;
export const daysFromNow = (days: number): Date => new Date(Date.now() + days * dayMs);
export const garbage: Reply = { body: utf8('no answer at all') };
export const failure = (status: number): Reply => ({ status, body: utf8('failed') });

type Responses = (one: SingleResponse, scene: Scene) => Promise<readonly SingleResponse[]> | readonly SingleResponse[];

/** An OCSP answer of the issuer. */
export function ocsp(
  responses: Partial<SingleResponse> | Responses = {},
  options: Partial<OcspResponseOptions> | ((scene: Scene) => Promise<Partial<OcspResponseOptions>>) = {},
  change = (body: Uint8Array): Uint8Array => body,
): Make {
  return async (scene) => {
    const { lab, leaf } = scene;
    const one: SingleResponse = { certId: await certIdOf(lab.issuer, leaf.serialNumber) };
    const list = typeof responses === 'function' ? await responses(one, scene) : [{ ...one, ...responses }];
    const more = typeof options === 'function' ? await options(scene) : options;
    const body = change(await buildOcspResponse(list, { signer: lab.issuer, ...more }));
    return { headers: { 'Content-Type': 'application/ocsp-response' }, body };
  };
}

export type Entry = Omit<Revocation, 'serialNumber'>;

/** A CRL of the issuer, with entries of the certificate. */
export function crl(
  entries: readonly Entry[] = [],
  options: CrlOptions | ((scene: Scene) => CrlOptions) = {},
  signer: (scene: Scene) => Issued = ({ lab }) => lab.issuer,
  change = (body: Uint8Array): Uint8Array => body,
): Make {
  return async (scene) => {
    const revoked = entries.map((entry) => ({ ...entry, serialNumber: scene.leaf.serialNumber }));
    const more = typeof options === 'function' ? options(scene) : options;
    const body = change(await buildCrl(signer(scene), { revoked, ...more }));
    return { headers: { 'Content-Type': 'application/pkix-crl' }, body };
  };
}

export const reasons = Object.keys(revocationReasons) as RevocationReason[];
export const critical = (oid: string, value: Uint8Array = encodeNull()): ExtensionSpec => ({
  oid,
  critical: true,
  value,
});
export const before = new Date('2025-01-01T00:00:00Z');
export const after = new Date('2025-12-01T00:00:00Z');
export const good = ocsp();
export const revoked = ocsp({ status: {} });
export const clean = crl();
export const listed = crl([{ reason: 'keyCompromise' }]);
