import { createPublicKey } from 'node:crypto';
import type { Pkcs11Attribute } from '@notarykit/kms-providers/pkcs11';
import { algorithmOf } from '@notarykit/signature-envelope';
import type { KeyPair } from '@notarykit/testing';

/** Attributes by type, in bytes, as a token keeps them. */
export type TokenObject = ReadonlyMap<number, Uint8Array>;

/** A private key of a token double. */
export interface TokenKeyOptions {
  readonly label: string;
  readonly id: Uint8Array;
  readonly pair: KeyPair;
  /** Wants the PIN for every signature. */
  readonly alwaysAuthenticate?: boolean;
  /** Whether the token has a public key object too. Default true. */
  readonly publicObject?: boolean;
  /** Whether CKA_EC_POINT is the bare point, as some tokens have it. */
  readonly barePoint?: boolean;
}

/** CK_ULONG of a 64-bit machine that counts from the little end. */
export function ulong(value: number): Uint8Array {
  return Buffer.from(BigInt(value).toString(16).padStart(16, '0'), 'hex').reverse();
}

/** The value of an attribute in bytes. */
export function bytesOf({ value }: Pkcs11Attribute): Uint8Array {
  if (typeof value === 'number') return ulong(value);
  if (typeof value === 'boolean') return Uint8Array.of(Number(value));
  if (typeof value === 'string') return Buffer.from(value);
  if (value instanceof Uint8Array) return value;
  throw new Error('no such value is used');
}

export const objectOf = (attributes: readonly Pkcs11Attribute[]): TokenObject =>
  new Map(attributes.map((attribute) => [attribute.type, bytesOf(attribute)]));

const curves: Readonly<Record<string, string>> = {
  'P-256': '06082a8648ce3d030107',
  'P-384': '06052b81040022',
  'P-521': '06052b81040023',
};

/** The private key object and, unless it is left out, the public one. */
export function keyObjects(key: TokenKeyOptions): { readonly secret: TokenObject; readonly others: TokenObject[] } {
  const names = [
    { type: 0x003, value: key.label },
    { type: 0x102, value: key.id },
  ];
  const { type, curve } = algorithmOf(key.pair.keySpec);
  const jwk = createPublicKey({ key: Buffer.from(key.pair.spki), format: 'der', type: 'spki' }).export({
    format: 'jwk',
  });
  const part = (name: 'n' | 'e' | 'x' | 'y'): Buffer => Buffer.from(jwk[name] ?? '', 'base64url');
  const point = Buffer.concat([Buffer.of(4), part('x'), part('y')]);
  const wrapped = Buffer.concat([Buffer.from(point.length > 127 ? [4, 0x81] : [4]), Buffer.of(point.length), point]);
  const ec = [{ type: 0x180, value: Buffer.from(curves[curve ?? ''] ?? '', 'hex') }];
  const rsa = [
    { type: 0x120, value: part('n') },
    { type: 0x122, value: part('e') },
  ];
  const kind = [{ type: 0x100, value: type === 'rsa' ? 0 : 3 }, ...(type === 'rsa' ? rsa : ec)];
  const shown = type === 'rsa' ? [] : [{ type: 0x181, value: key.barePoint === true ? point : wrapped }];
  const secret = [{ type: 0, value: 3 }, ...names, ...kind, { type: 0x202, value: key.alwaysAuthenticate === true }];
  const open = [{ type: 0, value: 2 }, ...names, ...kind, ...shown];
  return { secret: objectOf(secret), others: key.publicObject === false ? [] : [objectOf(open)] };
}

/** A certificate, under the id of its key or none. */
export function certificateObject(der: Uint8Array, id?: Uint8Array): TokenObject {
  const named = id === undefined ? [] : [{ type: 0x102, value: id }];
  return objectOf([{ type: 0, value: 1 }, { type: 0x080, value: 0 }, { type: 0x011, value: der }, ...named]);
}
