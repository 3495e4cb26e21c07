import { type CallOptions, copyBytes, defined, requireBytes } from '@notarykit/common/internal';
import { type KeySpec, type Signer, SignerError, type SignRequest } from '@notarykit/signature-envelope/internal';
import type { OrderedChain } from '../certificate-chain.js';
import { coded } from './brought.js';
import { openOnce, timeLimited } from './open-once.js';

/** A key of a service, resolved to exactly one version. */
export interface RemoteKey {
  /** Versioned and not secret. */
  readonly keyId: string;
  readonly chain: OrderedChain;
}

/** What a provider has to know how to do. */
export interface RemoteKeyService<K extends RemoteKey> {
  /** Finds the key, its version and its chain; called once, and again after a failure to find it or when it is gone. */
  open(options: CallOptions): Promise<K>;
  /** Signs with exactly that version: r and s, or RSASSA-PSS. */
  sign(key: K, request: SignRequest): Promise<Uint8Array>;
  /** Limit of a look-up and of a signature, in milliseconds. Default 60,000. */
  readonly timeoutMs?: number | undefined;
}

/**
 * A signer over a key service. Key, version and chain are resolved together and once, so that a rotation between two calls
 * cannot pair the signature of one version with the chain of another.
 */
export function remoteSigner<K extends RemoteKey>(service: RemoteKeyService<K>): Signer {
  const { timeoutMs } = service;
  const found = openOnce((call) => service.open(call), { timeoutMs });
  return {
    async describe(options = {}) {
      options.signal?.throwIfAborted();
      const { keyId, chain } = await coded(options.signal, () => found.get(options));
      return { keySpec: chain.keySpec, keyId, certificateChain: chain.ders() };
    },
    async sign(request) {
      request.signal?.throwIfAborted();
      // The caller may use its buffer again while the key is looked up.
      const payload = copyBytes(requireBytes(request.payload, 'payload'));
      const call = defined({ signal: request.signal });
      const key = await coded(request.signal, () => found.get(call));
      checkKeySpec(key, request.keySpec);
      const signing = coded(request.signal, () =>
        timeLimited(timeoutMs, request.signal, (signal) =>
          service.sign(key, { payload, keySpec: request.keySpec, signal }),
        ),
      );
      const signature = await signing.then(signatureOf(key), (error: unknown) => {
        if (isGone(error)) found.forget();
        throw error;
      });
      return { signature, certificateChain: key.chain.ders() };
    },
  };
}

/** A client that answers with something else is detected here, not by a `TypeError` where it is used as bytes. */
function signatureOf({ keyId }: RemoteKey): (answer: unknown) => Uint8Array {
  return (answer) => {
    try {
      return requireBytes(answer, 'the signature of the service');
    } catch (cause) {
      throw new SignerError((cause as Error).message, { reason: 'bad-signature', keyId }, { cause });
    }
  };
}

/** The version is no longer there to sign: the next call looks for the one that has taken its place. */
function isGone(error: unknown): boolean {
  return error instanceof SignerError && ['key-disabled', 'key-not-found', 'bad-signature'].includes(error.reason);
}

function checkKeySpec({ chain, keyId }: RemoteKey, asked: KeySpec): void {
  if (chain.keySpec !== asked)
    throw new SignerError(`expected key spec ${chain.keySpec}, found ${asked}`, { reason: 'wrong-key-usage', keyId });
}
