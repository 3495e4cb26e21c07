import type { HashAlgorithm } from '@notarykit/common/internal';

/** A key of one of the six kinds that may sign, in the spelling of the plugin contract. */
export type KeySpec = 'RSA-2048' | 'RSA-3072' | 'RSA-4096' | 'EC-256' | 'EC-384' | 'EC-521';

/** Signature algorithms by their JWS name (RFC 7518, 3.1). */
export type JwsAlgorithm = 'PS256' | 'PS384' | 'PS512' | 'ES256' | 'ES384' | 'ES512';

/** Everything that is known of one signature algorithm (signature-specification.md, "Signature Algorithm Requirements"). */
export interface SignatureAlgorithm {
  readonly keySpec: KeySpec;
  readonly type: 'rsa' | 'ec';
  readonly hash: HashAlgorithm;
  /** Name in a JWS protected header. */
  readonly jws: JwsAlgorithm;
  /** Label in a COSE protected header (RFC 9053, RFC 8230). */
  readonly cose: number;
  /** Name in the plugin contract. */
  readonly plugin: string;
  /** Name of the hash in the plugin contract. */
  readonly pluginHash: 'SHA-256' | 'SHA-384' | 'SHA-512';
  /** RSASSA-PSS: bytes of salt, equal to those of the hash. ECDSA: 0. */
  readonly saltLength: number;
  /** Bytes of a signature: the modulus, or r and s of one field element each. */
  readonly signatureLength: number;
  /** EC only. */
  readonly curve?: 'P-256' | 'P-384' | 'P-521';
}

/** One row per algorithm; code below receives the row. */
export const signatureAlgorithms: readonly SignatureAlgorithm[] = [
  {
    keySpec: 'RSA-2048',
    type: 'rsa',
    hash: 'sha256',
    jws: 'PS256',
    cose: -37,
    plugin: 'RSASSA-PSS-SHA-256',
    pluginHash: 'SHA-256',
    saltLength: 32,
    signatureLength: 256,
  },
  {
    keySpec: 'RSA-3072',
    type: 'rsa',
    hash: 'sha384',
    jws: 'PS384',
    cose: -38,
    plugin: 'RSASSA-PSS-SHA-384',
    pluginHash: 'SHA-384',
    saltLength: 48,
    signatureLength: 384,
  },
  {
    keySpec: 'RSA-4096',
    type: 'rsa',
    hash: 'sha512',
    jws: 'PS512',
    cose: -39,
    plugin: 'RSASSA-PSS-SHA-512',
    pluginHash: 'SHA-512',
    saltLength: 64,
    signatureLength: 512,
  },
  {
    keySpec: 'EC-256',
    type: 'ec',
    hash: 'sha256',
    jws: 'ES256',
    cose: -7,
    plugin: 'ECDSA-SHA-256',
    pluginHash: 'SHA-256',
    saltLength: 0,
    signatureLength: 64,
    curve: 'P-256',
  },
  {
    keySpec: 'EC-384',
    type: 'ec',
    hash: 'sha384',
    jws: 'ES384',
    cose: -35,
    plugin: 'ECDSA-SHA-384',
    pluginHash: 'SHA-384',
    saltLength: 0,
    signatureLength: 96,
    curve: 'P-384',
  },
  {
    keySpec: 'EC-521',
    type: 'ec',
    hash: 'sha512',
    jws: 'ES512',
    cose: -36,
    plugin: 'ECDSA-SHA-512',
    pluginHash: 'SHA-512',
    saltLength: 0,
    signatureLength: 132,
    curve: 'P-521',
  },
];

const byKeySpec: ReadonlyMap<string, SignatureAlgorithm> = new Map(
  signatureAlgorithms.map((row) => [row.keySpec, row]),
);

/** Whether a value is one of the six key specs. */
export function isKeySpec(value: unknown): value is KeySpec {
  return typeof value === 'string' && byKeySpec.has(value);
}

/** The algorithm of a key: the key decides, never the message. */
export function algorithmOf(keySpec: KeySpec): SignatureAlgorithm {
  const row = byKeySpec.get(keySpec);
  if (row === undefined) throw new TypeError(`expected a key spec such as "EC-256", found ${String(keySpec)}`);
  return row;
}
