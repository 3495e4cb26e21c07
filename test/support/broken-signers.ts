import { constants, sign as signNode } from 'node:crypto';
import type { SignerConformanceOptions } from '@notarykit/kms-providers/conformance';
import { algorithmOf, ecdsaP1363ToDer, type Signer, SignerError } from '@notarykit/signature-envelope';
import { digestOfRequest } from '@notarykit/signature-envelope/internal';
import { createAuthority, type Issued } from '@notarykit/testing';

export const authority = await createAuthority();
export const ec = await authority.issueLeaf();
export const other = await authority.issueLeaf();
export const rsa = await authority.issueLeaf({ keySpec: 'RSA-2048' });
const foreign = await (await createAuthority({ name: 'Another' })).issueLeaf({ keyPair: ec.keyPair });

/** `sign` of a key, in whichever way. */
export function signAs(leaf: Issued, payload: Uint8Array, how: object = {}): Uint8Array {
  const { hash, type, saltLength } = algorithmOf(leaf.keySpec);
  const rules = type === 'ec' ? {} : { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
  const key = { key: leaf.privateKeyPem, dsaEncoding: 'ieee-p1363', ...rules, ...how } as const;
  return new Uint8Array(signNode(hash, payload, key));
}

/** A signer that does everything right, but for the parts that are replaced. */
export function signerOf(leaf: Issued, change: Partial<Signer> = {}): Signer {
  const { keySpec } = leaf;
  const chain = (): Uint8Array[] => leaf.chain.map((der) => der.slice());
  return {
    async describe(call) {
      call?.signal?.throwIfAborted();
      return { keySpec, keyId: 'k/1', certificateChain: chain() };
    },
    async sign(request) {
      request.signal?.throwIfAborted();
      if (request.keySpec !== keySpec) throw new SignerError('not my key', { reason: 'wrong-key-usage' });
      return { signature: signAs(leaf, request.payload.slice()), certificateChain: chain() };
    },
    ...change,
  };
}

type Sign = Signer['sign'];
/** A signer whose signature is another one. */
const signing = (leaf: Issued, sign: (...args: Parameters<Sign>) => Uint8Array): Signer => {
  const right = signerOf(leaf);
  return {
    ...right,
    sign: async (request) => ({ ...(await right.sign(request)), signature: sign(request) }),
  };
};
/** A signer whose chain is another one, when it signs and before. */
const chaining = (leaf: Issued, chain: readonly Uint8Array[]): Signer => {
  const right = signerOf(leaf);
  return {
    describe: async () => ({ keySpec: leaf.keySpec, certificateChain: chain }),
    sign: async (request) => ({ ...(await right.sign(request)), certificateChain: chain }),
  };
};
/** A signer that does something more while it signs. */
const doing = (more: () => unknown): Signer => {
  const right = signerOf(ec);
  return {
    ...right,
    async sign(request) {
      await more();
      return right.sign(request);
    },
  };
};

function counting(): Signer {
  let calls = 0;
  return signerOf(ec, { describe: async () => ({ keySpec: 'EC-256', keyId: `k/${++calls}` }) });
}

/** One session for all: whoever asks last decides what is signed. */
function sharing(): Signer {
  let payload = new Uint8Array();
  const right = signerOf(ec);
  return {
    ...right,
    async sign(request) {
      payload = request.payload.slice();
      await new Promise((resolve) => setImmediate(resolve));
      return right.sign({ ...request, payload });
    },
  };
}

function remembering(): Signer {
  let first: ReturnType<Sign> | undefined;
  const right = signerOf(ec);
  return { ...right, sign: (request) => (first ??= right.sign(request)) };
}

function unpadded(signature: Uint8Array): Uint8Array {
  const strip = (part: Uint8Array): Uint8Array => part.subarray(part.findIndex((byte) => byte !== 0));
  return Buffer.concat([strip(signature.subarray(0, 32)), strip(signature.subarray(32))]);
}

/** A signer that takes payloads of some lengths alone. */
const limited = (
  takes: (length: number) => boolean,
  error: Error = new SignerError('too long', { reason: 'invalid-request' }),
): Signer =>
  signerOf(ec, {
    async sign(request) {
      if (!takes(request.payload.length)) throw error;
      return signerOf(ec).sign(request);
    },
  });

/** A signer that does something first when it describes its key. */
const describing = (first: (signal: AbortSignal | undefined) => Promise<void>): Signer =>
  signerOf(ec, {
    async describe(call) {
      await first(call?.signal);
      return { keySpec: 'EC-256' };
    },
  });

/** A signer that refuses another key spec in its own way. */
const failingWith = (error: () => unknown): Signer =>
  signerOf(ec, {
    async sign(request) {
      if (request.keySpec !== 'EC-256') throw error();
      return signerOf(ec).sign(request);
    },
  });

/** A signer that signs no more once something has happened. */
function breaking(when: 'failure' | 'abort' | 'late'): Signer {
  let broken = false;
  const right = signerOf(ec);
  const note = (): void => {
    broken = true;
  };
  return {
    ...right,
    async sign(request) {
      if (broken) throw new SignerError('broken', { reason: 'unavailable' });
      if (when === 'failure' && request.keySpec !== 'EC-256') note();
      if (when === 'abort' && request.signal?.aborted) note();
      if (when === 'late') request.signal?.addEventListener('abort', note);
      return right.sign(request);
    },
  };
}

/** A service that counts, and is asked for a signature when the key is described. */
const counted = {
  made: 0,
  signer: describing(async () => {
    counted.made++;
  }),
};

const owned = { signature: new Uint8Array(64), certificateChain: ec.chain.map((der) => der.slice()) };
const pss = { padding: constants.RSA_PKCS1_PSS_PADDING };

/** Case, what the signer does wrong, the signer, the hint; more options where the case needs them. */
export type Row = readonly [string, string, Signer, RegExp, Partial<SignerConformanceOptions>?];
export const rows: readonly Row[] = [
  ['describes one stable key', 'another version at each call', counting(), /resolve the key and its version once/],
  [
    'describes one stable key',
    'another key spec',
    signerOf(ec, { describe: async () => ({ keySpec: 'EC-384' }) }),
    /keySpecOf\(leaf\.publicKey\)/,
  ],
  ['gives a chain that may sign', 'root first', chaining(ec, [...ec.chain].reverse()), /order the chain/],
  ['gives a chain that may sign', 'root of another key first', chaining(rsa, [...rsa.chain].reverse()), /leaf.*first/],
  ['gives a chain that may sign', 'no root', chaining(ec, ec.chain.slice(0, -1)), /add the root/],
  ['gives a chain that may sign', 'nothing', chaining(ec, []), /leaf first, root last/],
  ['gives a chain that may sign', 'PEM', chaining(ec, [Buffer.from(ec.pem)]), /return DER: parseCertificates/],
  [
    'gives a chain that may sign',
    'the private key',
    chaining(ec, [Buffer.from(ec.privateKeyPem)]),
    /return only certificates/,
  ],
  ['gives a chain that may sign', 'garbage', chaining(ec, [Buffer.from('x')]), /return DER certificates/],
  ['gives a chain that may sign', 'another root', chaining(ec, foreign.chain), /trusted root/],
  [
    'gives a chain that may sign',
    'another chain than described',
    signerOf(ec, { describe: async () => ({ keySpec: 'EC-256', certificateChain: other.chain }) }),
    /key version that signs/,
  ],
  [
    'signs 1, 4,096, 4,097 bytes and 1 MiB',
    'only what fits a message',
    signing(ec, ({ payload }) => signAs(ec, payload.subarray(0, 4096))),
    /sign the whole payload/,
  ],
  [
    'signs 1, 4,096, 4,097 bytes and 1 MiB',
    'K1 the digest, hashed again',
    signing(ec, (request) => signAs(ec, digestOfRequest(request))),
    /tell the service that it gets a digest/,
  ],
  [
    'signs 1, 4,096, 4,097 bytes and 1 MiB',
    'K1 DER',
    signing(ec, ({ payload }) => ecdsaP1363ToDer(signAs(ec, payload))),
    /ecdsaDerToP1363/,
  ],
  [
    'signs 1, 4,096, 4,097 bytes and 1 MiB',
    'K1 a stale key',
    signing(ec, ({ payload }) => signAs(other, payload)),
    /sign the whole payload with the key version/,
  ],
  [
    'signs 1, 4,096, 4,097 bytes and 1 MiB',
    'K1 PKCS#1 v1.5',
    signing(rsa, ({ payload }) => signAs(rsa, payload, { padding: constants.RSA_PKCS1_PADDING })),
    /ask the service for RSASSA-PSS/,
  ],
  [
    'signs 1, 4,096, 4,097 bytes and 1 MiB',
    'one byte more',
    signing(rsa, ({ payload }) => Buffer.concat([signAs(rsa, payload), Buffer.of(0)])),
    /give it back as the service made it/,
  ],
  [
    'keeps leading zeros',
    'lost zeros',
    signing(ec, ({ payload }) => unpadded(signAs(ec, payload))),
    /pad each to 32 bytes/,
    // One in 128 begins with a zero: 3,000 without any would be one run in 10^10.
    { signatures: 3000 },
  ],
  ['signs every time anew', 'the first signature again', remembering(), /other bytes than the payload/],
  ['K10 twenty at once, each over its payload', 'one session for all', sharing(), /other bytes than the payload/],
  [
    'leaves the payload alone and gives copies',
    'the payload zeroed',
    signing(ec, ({ payload }) => {
      const signature = signAs(ec, payload);
      payload.fill(0);
      return signature;
    }),
    /payload\.slice\(\)/,
  ],
  [
    'leaves the payload alone and gives copies',
    'its own chain',
    signerOf(ec, { sign: async ({ payload }) => ({ ...owned, signature: signAs(ec, payload) }) }),
    /der\.slice\(\)/,
  ],
  [
    'refuses another key spec',
    'whatever is asked',
    signerOf(ec, { sign: (request) => signerOf(ec).sign({ ...request, keySpec: 'EC-256' }) }),
    /reject a request that is not for EC-256/,
  ],
  [
    'K4 ends when the caller aborts',
    'deaf to a signal',
    signerOf(ec, { sign: ({ payload, keySpec }) => signerOf(ec).sign({ payload, keySpec }) }),
    /throwIfAborted/,
  ],
  [
    'K4 ends when the caller aborts',
    'going on',
    signerOf(ec, {
      async sign(request) {
        request.signal?.throwIfAborted();
        await new Promise((resolve) => setTimeout(resolve, 30_000).unref());
        return signerOf(ec).sign(request);
      },
    }),
    /pass the signal to the service/,
  ],
  [
    'K4 ends when the caller aborts',
    'a promise that nobody awaits',
    doing(() => void Promise.reject(new Error('lost'))),
    /await every promise/,
  ],
  ['writes nothing', 'the console', doing(() => console.log('signing')), /console\.log: leave reporting/],
  ['writes nothing', 'standard error', doing(() => process.stderr.write('')), /process\.stderr/],
  [
    'writes nothing',
    'an environment variable',
    doing(() => {
      process.env['KIT_TEST'] = `${Math.random()}`;
    }),
    /sets KIT_TEST: leave the environment alone/,
  ],
  ['shows no secret', 'a PIN in a property', { ...signerOf(ec), pin: '31415' } as Signer, /#private field/],
  [
    'shows no secret',
    'a token that it was not to show',
    { ...signerOf(ec), settings: { header: 'hvs.abc' } } as Signer,
    /#private field/,
    { secrets: ['hvs.abc'] },
  ],
  [
    'shows no secret',
    'a token in an error',
    signerOf(ec, {
      async sign(request) {
        if (request.keySpec !== 'EC-256') throw new Error('no key', { cause: new Error('asked with hvs.abc') });
        return signerOf(ec).sign(request);
      },
    }),
    /out of errors too/,
    { secrets: ['hvs.abc'] },
  ],
  [
    'signs envelopes in both formats',
    'text only',
    signing(ec, ({ payload }) => signAs(ec, Buffer.from(new TextDecoder().decode(payload)))),
    /no cose envelope.*need not be text/,
  ],
  [
    'writes nothing',
    'a line about a failure',
    signerOf(ec, {
      async sign(request) {
        if (request.keySpec !== 'EC-256') console.error('another key');
        return signerOf(ec).sign(request);
      },
    }),
    /console\.error/,
  ],
  [
    'writes nothing',
    'a listener of the process',
    doing(() => void process.on('exit', () => undefined)),
    /listens for exit/,
  ],
  [
    'signs nothing, much, and a part of a buffer',
    'no empty payload',
    limited((length) => length > 0, new Error('empty')),
    /empty payload ends in Error/,
  ],
  [
    'signs nothing, much, and a part of a buffer',
    'up to 1 MiB',
    limited((length) => length <= 2 ** 20),
    /3145728 bytes/,
  ],
  [
    'signs nothing, much, and a part of a buffer',
    'the whole buffer',
    signing(ec, ({ payload }) => signAs(ec, new Uint8Array(payload.buffer))),
    /payload itself/,
  ],
  [
    'gives bytes',
    'text',
    signing(ec, ({ payload }) => Buffer.from(signAs(ec, payload)).toString('base64') as never),
    /not a Uint8Array/,
  ],
  [
    'gives bytes',
    'an ArrayBuffer',
    signing(ec, ({ payload }) => signAs(ec, payload).slice().buffer as never),
    /ArrayBuffer/,
  ],
  ['gives bytes', 'a chain in PEM', chaining(ec, [ec.pem as never]), /not a Uint8Array/],
  [
    'gives bytes',
    'its own chain when it describes',
    signerOf(ec, { describe: async () => ({ keySpec: 'EC-256', certificateChain: owned.certificateChain }) }),
    /describe\(\) returned changes/,
  ],
  [
    'K4 describe ends when the caller aborts',
    'deaf to a signal',
    signerOf(ec, { describe: async () => ({ keySpec: 'EC-256' }) }),
    /describe\(\) ignores/,
  ],
  [
    'K4 describe ends when the caller aborts',
    'no end at all',
    describing((signal) => (signal === undefined ? Promise.resolve() : new Promise(() => undefined))),
    /describe\(\) never ends/,
  ],
  [
    'K4 an abort keeps its reason',
    'no end at all',
    signerOf(ec, {
      sign: (request) => (request.signal === undefined ? signerOf(ec).sign(request) : new Promise(() => undefined)),
    }),
    /sign\(\) never ends/,
  ],
  [
    'K4 describe ends when the caller aborts',
    'another error',
    describing(async (signal) => {
      if (signal?.aborted) throw new SignerError('aborted', { reason: 'timeout' });
    }),
    /loses the reason/,
  ],
  [
    'K4 describe ends when the caller aborts',
    'going on',
    describing(async (signal) => {
      signal?.throwIfAborted();
      if (signal !== undefined) await new Promise((resolve) => setTimeout(resolve, 30_000).unref());
    }),
    /goes on for a second/,
  ],
  [
    'K4 an abort keeps its reason',
    'another error',
    signerOf(ec, {
      async sign(request) {
        if (request.signal?.aborted) throw new SignerError('aborted', { reason: 'timeout' });
        return signerOf(ec).sign(request);
      },
    }),
    /signal\.reason/,
  ],
  [
    'K4 leaves no listener behind',
    'of a signature',
    signerOf(ec, {
      sign(request) {
        request.signal?.addEventListener('abort', () => undefined);
        return signerOf(ec).sign(request);
      },
    }),
    /leaves a listener/,
  ],
  [
    'K4 leaves no listener behind',
    'of a description',
    describing(async (signal) => signal?.addEventListener('abort', () => undefined, { once: true })),
    /leaves a listener/,
  ],
  [
    'K3 fails with a SignerError',
    'a plain error',
    failingWith(() => new Error('no')),
    /Error: no, which has no reason/,
  ],
  ['K3 fails with a SignerError', 'a text', failingWith(() => 'no'), /rejects with no,/],
  [
    'K3 fails with a SignerError',
    'a reason of its own',
    failingWith(() => Object.assign(new Error('no'), { reason: 'bad-luck', retryable: false })),
    /has no reason/,
  ],
  [
    'K3 fails with a SignerError',
    'to be tried again',
    failingWith(() => new SignerError('no', { reason: 'unavailable' })),
    /not be tried again/,
  ],
  ['goes on after a failure and after an abort', 'not after a failure', breaking('failure'), /after one failure/],
  ['goes on after a failure and after an abort', 'not after an abort', breaking('abort'), /after an abort/],
  ['goes on after a failure and after an abort', 'not after a late abort', breaking('late'), /after an abort/],
  [
    'signs only when it is asked to',
    'by node:crypto',
    describing(async () => void signAs(ec, new Uint8Array(1))),
    /makes a signature/,
  ],
  [
    'signs only when it is asked to',
    'by WebCrypto',
    describing(async () => void (await ec.signer.sign({ payload: new Uint8Array(1), keySpec: 'EC-256' }))),
    /makes a signature/,
  ],
  [
    'signs only when it is asked to',
    'in its service',
    counted.signer,
    /makes a signature/,
    { signed: () => counted.made },
  ],
  ...(
    [
      ['one byte short', 31],
      ['maximal', 222],
      ['none', 0],
    ] as const
  ).map(
    ([what, saltLength]): Row => [
      'makes the salt as long as the hash',
      `K1 ${what}`,
      signing(rsa, ({ payload }) => signAs(rsa, payload, { ...pss, saltLength })),
      new RegExp(`salt has ${saltLength} bytes, expected 32; ask the service`),
    ],
  ),
  [
    'makes the salt as long as the hash',
    'K1 another scheme',
    signing(rsa, ({ payload }) => signAs(rsa, payload, { padding: constants.RSA_PKCS1_PADDING })),
    /not RSASSA-PSS/,
  ],
];
