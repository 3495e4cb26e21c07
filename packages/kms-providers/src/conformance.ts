import { equalBytes, utf8 } from '@notarykit/common';
import { parseCertificate, verifyRaw } from '@notarykit/pki';
import {
  algorithmOf,
  checkedSigner,
  digestOfRequest,
  ecdsaDerToP1363,
  type KeySpec,
  keySpecOf,
  type Signer,
  signEnvelope,
} from '@notarykit/signature-envelope';

/** What {@link signerConformance} is told. */
export interface SignerConformanceOptions {
  /** The runner's `test` (vitest, node:test, jest …). */
  readonly test: (name: string, body: () => Promise<void>) => unknown;
  /** Makes the signer, for every case anew. */
  readonly create: () => Signer | Promise<Signer>;
  /** The key spec that the signer must have. */
  readonly keySpec: KeySpec;
  /** Signatures in the case that looks for lost leading zeros. Default 600 for EC keys; a slow service takes fewer. */
  readonly signatures?: number;
  /** Signers that must fail, each with the reason that it must give. */
  readonly faults?: readonly {
    readonly name: string;
    readonly create: () => Signer | Promise<Signer>;
    readonly reason: string;
    readonly retryable: boolean;
  }[];
}

type Case = (signer: Signer, options: SignerConformanceOptions) => Promise<void>;

/**
 * Registers the cases that every signer must pass with a test runner. A case that fails says what the signer does and how to
 * mend it.
 *
 * @example
 * ```ts
 * signerConformance({ test, create: () => mySigner(), keySpec: 'EC-256' });
 * ```
 */
export function signerConformance(options: SignerConformanceOptions): void {
  for (const [name, body] of Object.entries(cases))
    options.test(name, async () => body(await options.create(), options));
  for (const fault of options.faults ?? [])
    options.test(`fault: ${fault.name}`, async () => expectFault(await fault.create(), fault));
}

const cases: Readonly<Record<string, Case>> = {
  'describes one stable key': async (signer, { keySpec }) => {
    const [first, second] = [await signer.describe(), await signer.describe()];
    demand(
      first.keySpec === keySpec,
      `describe() gives ${first.keySpec}; expected ${keySpec}, by the leaf's public key`,
    );
    demand(
      first.keySpec === second.keySpec && first.keyId === second.keyId,
      'describe() changes: resolve the key once',
    );
  },
  'gives a chain that may sign': async (signer, { keySpec }) => {
    const { certificateChain } = await signer.sign({ payload: utf8('x'), keySpec });
    const leaf = certificateChain[0];
    demand(leaf !== undefined, 'sign() gives no chain: return DER certificates, leaf first, root last');
    const found = keySpecOf(parseCertificate(leaf as Uint8Array).publicKey);
    demand(found === keySpec, `the leaf's key is ${found}; the chain belongs to another key or is not leaf first`);
    await checkedSigner(signer).sign({ payload: utf8('x'), keySpec });
  },
  'signs 1, 4,096, 4,097 bytes and 1 MiB': async (signer, { keySpec }) => {
    for (const length of [1, 4096, 4097, 1024 * 1024])
      await signAndCheck(signer, keySpec, new Uint8Array(length).fill(7));
  },
  'keeps leading zeros': async (signer, { keySpec, signatures }) => {
    const count = signatures ?? (algorithmOf(keySpec).type === 'ec' ? 600 : 4);
    for (let i = 0; i < count; i++) await signAndCheck(signer, keySpec, utf8(`message ${i}`));
  },
  'K10 twenty at once, each over its payload': async (signer, { keySpec }) => {
    await Promise.all(Array.from({ length: 20 }, (_, i) => signAndCheck(signer, keySpec, utf8(`payload ${i}`))));
  },
  'leaves the payload alone and gives copies': async (signer, { keySpec }) => {
    const payload = utf8('unchanged');
    const first = await signer.sign({ payload, keySpec });
    demand(equalBytes(payload, utf8('unchanged')), 'sign() changes the payload: work on a copy');
    first.signature.fill(0);
    for (const der of first.certificateChain) der.fill(0);
    await signAndCheck(signer, keySpec, payload);
  },
  'refuses another key spec': async (signer, { keySpec }) => {
    const other = keySpec === 'EC-256' ? 'EC-384' : 'EC-256';
    const outcome = await signer.sign({ payload: utf8('x'), keySpec: other }).then(
      () => 'signed',
      () => 'refused',
    );
    demand(outcome === 'refused', `sign() accepts key spec ${other}: reject a request that is not for ${keySpec}`);
  },
  'K4 ends when the caller aborts': async (signer, { keySpec }) => {
    const done = signer.sign({ payload: utf8('x'), keySpec, signal: AbortSignal.abort(new Error('enough')) });
    const outcome = await done.then(
      () => 'signed',
      () => 'rejected',
    );
    demand(
      outcome === 'rejected',
      'sign() ignores an aborted signal: call signal.throwIfAborted() and pass the signal on',
    );
    const controller = new AbortController();
    const running = signer.sign({ payload: utf8('x'), keySpec, signal: controller.signal }).catch(() => undefined);
    controller.abort();
    demand(await within(running, 1000), 'sign() goes on for a second after an abort: pass the signal to the service');
  },
  'shows no secret': async (signer) => {
    const text = JSON.stringify(signer) ?? '';
    demand(
      !/PRIVATE KEY|"(pin|token|password|passphrase|secret)"/i.test(text),
      'JSON.stringify(signer) shows a secret',
    );
  },
  'signs envelopes in both formats': async (signer) => {
    const target = {
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      digest: `sha256:${'a'.repeat(64)}`,
      size: 1,
    };
    for (const format of ['jws', 'cose'] as const) await signEnvelope(target, { signer, format });
  },
};

async function within(work: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  const ended = await Promise.race([work.then(() => true), late]);
  clearTimeout(timer);
  return ended;
}

/** Signs, verifies strictly, and says which of the usual mistakes it is. */
async function signAndCheck(signer: Signer, keySpec: KeySpec, payload: Uint8Array): Promise<void> {
  const { signature, certificateChain } = await signer.sign({ payload, keySpec });
  const { publicKey } = parseCertificate(certificateChain[0] as Uint8Array);
  const { type, hash, signatureLength } = algorithmOf(keySpec);
  const scheme = type === 'rsa' ? 'rsassa-pss' : 'ecdsa';
  const valid = (data: Uint8Array, bytes: Uint8Array, by: typeof scheme | 'rsassa-pkcs1' = scheme): Promise<boolean> =>
    verifyRaw({ publicKey, scheme: by, hash, data, signature: bytes }).catch(() => false);
  if (signature.length === signatureLength && (await valid(payload, signature))) return;
  if (type === 'ec' && (await isDer(signature, keySpec, (raw) => valid(payload, raw))))
    throw new Error('the signature is DER; return r and s: ecdsaDerToP1363(signature, keySpec)');
  if (type === 'rsa' && (await valid(payload, signature, 'rsassa-pkcs1')))
    throw new Error(`the signature is RSASSA-PKCS1-v1_5; ask the service for RSASSA-PSS with ${hash}`);
  if (await valid(digestOfRequest({ payload, keySpec }), signature))
    throw new Error('the digest was hashed once more; tell the service that it gets a digest, or give it the payload');
  demand(
    signature.length === signatureLength,
    `a signature has ${signature.length} bytes, expected ${signatureLength}: pad r and s`,
  );
  throw new Error(
    `a signature over ${payload.length} bytes is not valid: another key than the leaf's, another hash than ${hash}` +
      (type === 'rsa' ? ', or a salt that is not as long as the hash' : ''),
  );
}

async function isDer(
  signature: Uint8Array,
  keySpec: KeySpec,
  valid: (raw: Uint8Array) => Promise<boolean>,
): Promise<boolean> {
  try {
    return await valid(ecdsaDerToP1363(signature, keySpec));
  } catch {
    return false;
  }
}

async function expectFault(
  signer: Signer,
  fault: { readonly reason: string; readonly retryable: boolean },
): Promise<void> {
  const error: unknown = await signAny(signer).then(
    () => undefined,
    (caught: unknown) => caught,
  );
  const { reason, retryable } = (error ?? {}) as { reason?: unknown; retryable?: unknown };
  demand(
    reason === fault.reason,
    `expected a SignerError with reason ${fault.reason}, found ${String(reason ?? error)}`,
  );
  demand(retryable === fault.retryable, `expected retryable to be ${fault.retryable}, found ${String(retryable)}`);
}

async function signAny(signer: Signer): Promise<void> {
  const { keySpec } = await signer.describe();
  await checkedSigner(signer).sign({ payload: utf8('x'), keySpec });
}

function demand(holds: boolean, message: string): void {
  if (!holds) throw new Error(message);
}
