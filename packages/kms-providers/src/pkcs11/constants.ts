/** Numbers of PKCS#11 2.40 ("Cryptoki", pkcs11t.h). */
export const CKF = { RW_SESSION: 2, SERIAL_SESSION: 4, OS_LOCKING_OK: 2 } as const;

export const CKU = { USER: 1, CONTEXT_SPECIFIC: 2 } as const;

export const CKO = { CERTIFICATE: 1, PUBLIC_KEY: 2, PRIVATE_KEY: 3 } as const;

export const CKK = { RSA: 0, EC: 3 } as const;

export const CKA = {
  CLASS: 0x000,
  TOKEN: 0x001,
  PRIVATE: 0x002,
  LABEL: 0x003,
  VALUE: 0x011,
  CERTIFICATE_TYPE: 0x080,
  ISSUER: 0x081,
  SERIAL_NUMBER: 0x082,
  KEY_TYPE: 0x100,
  SUBJECT: 0x101,
  ID: 0x102,
  MODULUS: 0x120,
  PUBLIC_EXPONENT: 0x122,
  EC_PARAMS: 0x180,
  EC_POINT: 0x181,
  ALWAYS_AUTHENTICATE: 0x202,
} as const;

export const CKM = {
  RSA_PKCS: 0x0001,
  RSA_PKCS_PSS: 0x000d,
  ECDSA: 0x1041,
  /** With the hash inside the token. */
  hashing: {
    sha256: { digest: 0x250, mgf: 2, rsaPkcs: 0x40, rsaPss: 0x43, ecdsa: 0x1044 },
    sha384: { digest: 0x260, mgf: 3, rsaPkcs: 0x41, rsaPss: 0x44, ecdsa: 0x1045 },
    sha512: { digest: 0x270, mgf: 4, rsaPkcs: 0x42, rsaPss: 0x45, ecdsa: 0x1046 },
  },
} as const;

/** The value that tells `pkcs11js` that parameters are CK_RSA_PKCS_PSS_PARAMS. */
export const pssParameters = 5;
