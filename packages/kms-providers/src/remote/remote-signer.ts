import type { CallOptions } from '@notarykit/common';
import { type KeySpec, type Signer, SignerError, type SignRequest } from '@notarykit/signature-envelope';
import type { OrderedChain } from '../certificate-chain.js';

/** A key of a service, resolved to exactly one version. */
export interface RemoteKey {
  /** Versioned and not secret. */
  readonly keyId: string;
  readonly chain: OrderedChain;
}

/** What a provider has to know how to do. */
export interface RemoteKeyService {
  /** Finds the key, its version and its chain; called once, and again after a failure. */
  open(options: CallOptions): Promise<RemoteKey>;
  /** Signs with exactly that version: r and s, or RSASSA-PSS. */
  sign(key: RemoteKey, request: SignRequest): Promise<Uint8Array>;
}

/**
 * A signer over a key service. Key, version and chain are resolved together and once, so that a rotation between two calls
 * cannot pair the signature of one version with the chain of another.
 */
export function remoteSigner(service: RemoteKeyService): Signer {
  let opened: Promise<RemoteKey> | undefined;
  const open = (options: CallOptions): Promise<RemoteKey> => {
    opened ??= service.open(options).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
  return {
    async describe(options = {}) {
      options.signal?.throwIfAborted();
      const { keyId, chain } = await open(options);
      return { keySpec: chain.keySpec, keyId, certificateChain: chain.ders() };
    },
    async sign(request) {
      request.signal?.throwIfAborted();
      const key = await open(request.signal === undefined ? {} : { signal: request.signal });
      checkKeySpec(key, request.keySpec);
      const signature = await service.sign(key, request);
      request.signal?.throwIfAborted();
      return { signature, certificateChain: key.chain.ders() };
    },
  };
}

function checkKeySpec({ chain, keyId }: RemoteKey, asked: KeySpec): void {
  if (chain.keySpec !== asked)
    throw new SignerError(`expected key spec ${chain.keySpec}, found ${asked}`, { reason: 'wrong-key-usage', keyId });
}
