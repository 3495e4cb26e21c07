const provider = 'packages/kms-providers/src';
const token = 'test/integration/kms-providers/pkcs11.test.ts';
const certificates = 'test/integration/kms-providers/certificates.test.ts';
const signers = 'test/conformance/threats-signers.test.ts';

/** One guard: where it stands, and what is there when it is removed. */
const guard = (id, what, test, file, find, replace) => ({ id, what, test, file: `${provider}/${file}`, find, replace });

export const guards = [
  guard(
    'K1',
    'a token that comes back with another key',
    token,
    'pkcs11/token-key.ts',
    '!equalBytes(old.publicKey, fresh.publicKey)',
    'false',
  ),
  guard(
    'K2',
    'a given chain is that of the key on the token',
    token,
    'pkcs11.ts',
    'return readChainOf(certificateChain, publicKey);',
    'return readChainOf(certificateChain);',
  ),
  guard(
    'K2',
    'what an authority issued is fit for signatures',
    certificates,
    'csr/check-issued.ts',
    'await checkCodeSigningChain(certificates, { at: issued.at });',
    '',
  ),
  guard(
    'K3',
    'a token that was away is found again',
    token,
    'pkcs11/token-key.ts',
    'if (!isLost(error))',
    'if (error)',
  ),
  guard(
    'K4',
    'who gave up while waiting takes no session',
    token,
    'pkcs11/session-pool.ts',
    'signal?.throwIfAborted();',
    '',
  ),
  guard(
    'K10',
    'no more signatures at once than sessions',
    token,
    'pkcs11/session-pool.ts',
    'createLimiter(size)',
    'createLimiter(1000)',
  ),
  guard(
    'K4',
    'no finalisation under work',
    token,
    'pkcs11/library-gate.ts',
    'Promise.allSettled(running).then(task)',
    'Promise.resolve().then(task)',
  ),
  guard('K5', 'a refused PIN', token, 'pkcs11/pin.ts', 'if (refused?.pin === value) throw refused.error;', ''),
  {
    id: 'K10',
    what: 'no more signatures at once than the limit',
    test: signers,
    file: 'packages/signature-envelope/src/signers/limiting.ts',
    find: 'createLimiter(concurrency)',
    replace: 'createLimiter(1000)',
  },
];
