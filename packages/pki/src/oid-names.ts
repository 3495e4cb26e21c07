/** What people call the algorithms and curves that are refused, by the identifier above each and its last number. */
const names: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '1.2.840.113549.1.1': {
    1: 'RSA',
    2: 'RSA with MD2',
    4: 'RSA with MD5',
    5: 'RSA with SHA-1',
    7: 'RSAES-OAEP',
    10: 'RSASSA-PSS',
    11: 'RSA with SHA-256',
    12: 'RSA with SHA-384',
    13: 'RSA with SHA-512',
    14: 'RSA with SHA-224',
  },
  '1.2.840.10040.4': {
    1: 'DSA',
    3: 'DSA with SHA-1',
  },
  '2.16.840.1.101.3.4.3': {
    2: 'DSA with SHA-256',
    17: 'ML-DSA-44',
    18: 'ML-DSA-65',
    19: 'ML-DSA-87',
  },
  '1.2.840.10045.2': {
    1: 'EC',
  },
  '1.2.840.10045.4': {
    1: 'ECDSA with SHA-1',
  },
  '1.2.840.10045.4.3': {
    1: 'ECDSA with SHA-224',
    2: 'ECDSA with SHA-256',
    3: 'ECDSA with SHA-384',
    4: 'ECDSA with SHA-512',
  },
  '1.2.840.10045.3.1': {
    1: 'P-192',
    7: 'P-256',
  },
  '1.3.132.0': {
    10: 'secp256k1',
    33: 'P-224',
    34: 'P-384',
    35: 'P-521',
  },
  '1.3.36.3.3.2.8.1.1': {
    7: 'brainpoolP256r1',
    11: 'brainpoolP384r1',
    13: 'brainpoolP512r1',
  },
  '1.3.101': {
    110: 'X25519',
    111: 'X448',
    112: 'Ed25519',
    113: 'Ed448',
  },
  '1.2.156.10197.1': {
    301: 'SM2',
    501: 'SM2 with SM3',
  },
};

/** An object identifier as it is in messages: with its name, where it has one that is known. */
export function describeOid(oid: string): string {
  const at = oid.lastIndexOf('.');
  const [above, last] = [oid.slice(0, at), oid.slice(at + 1)];
  const group = Object.hasOwn(names, above) ? names[above] : undefined;
  return group !== undefined && Object.hasOwn(group, last) ? `${group[last]} (${oid})` : oid;
}
