import { defined, describeKind, equalBytes, quote, requireBytes } from '@notarykit/common/internal';
import type { Certificate } from '@notarykit/pki/internal/core';
import { isKeySpec, type KeySpec } from '../algorithms.js';
import { certificateOf } from '../certificate-cache.js';
import {
  type AuthorityRules,
  authorityRules,
  type ChainRequirementOptions,
  checkCodeSigningChain,
} from '../certificate-requirements/chain.js';
import { SignerError, type SignerErrorReason } from '../errors.js';
import { keySpecOf } from '../keys.js';
import type { KeyDescription, Signer, SignRequest, SignResult } from '../signer.js';
import { diagnoseSignature, isNotarySignature } from './diagnose.js';

/** Options of {@link checkedSigner}. */
export interface CheckedSignerOptions extends AuthorityRules {
  /** The time at which the chain must be valid. Default now. */
  readonly now?: Date;
}

/**
 * Holds a signer to its contract: its chain is checked before a signature is asked for, and the signature is verified with the
 * leaf's key before anyone uses it. A wrong key version, DER in place of r and s, PKCS#1 v1.5 in place of PSS, a wrong salt or
 * a double hash fail here, not at the verifier. `signEnvelope` does this to every signer.
 */
export function checkedSigner(signer: Signer, options: CheckedSignerOptions = {}): Signer {
  checkMethods(signer);
  let described: KeyDescription | undefined;
  const requirements = (): ChainRequirementOptions => ({ at: options.now ?? new Date(), ...authorityRules(options) });
  const describe: Signer['describe'] = async (call) => {
    const description = readDescription(await signer.describe(call));
    await checkDescription(description, requirements());
    described = description;
    return description;
  };
  return {
    describe,
    async sign(request) {
      const description = described ?? (await describe(request));
      const result = readResult(await signer.sign(request), description.keyId);
      await checkResult(result, request, description, requirements());
      return result;
    },
  };
}

/** Without it, a signer that was left out would look like one that failed. */
function checkMethods(signer: unknown): void {
  const { describe, sign } = (signer ?? {}) as Partial<Signer>;
  if (typeof describe === 'function' && typeof sign === 'function') return;
  const message = `expected a signer, with describe() and sign(), found ${describeKind(signer)}`;
  throw refuse('invalid-request', message, undefined);
}

/** Signers without types may give anything: no fault of theirs may end in a `TypeError` here. */
function readDescription(description: unknown): KeyDescription {
  const { keySpec, certificateChain } = (description ?? {}) as Partial<KeyDescription>;
  if (!isKeySpec(keySpec))
    throw refuse(
      'unsupported-key',
      `expected the signer to describe a key spec of the Notary Project, found ${quote(keySpec)}`,
      undefined,
    );
  if (certificateChain !== undefined) readChain(certificateChain, undefined);
  return description as KeyDescription;
}

function readResult(result: unknown, keyId: string | undefined): SignResult {
  const { signature, certificateChain } = (result ?? {}) as Partial<SignResult>;
  try {
    requireBytes(signature, 'the signature');
  } catch (cause) {
    throw refuse(
      'bad-signature',
      `the signer returned an invalid signature: ${(cause as Error).message}`,
      keyId,
      cause,
    );
  }
  readChain(certificateChain, keyId);
  return result as SignResult;
}

function readChain(chain: unknown, keyId: string | undefined): void {
  if (!Array.isArray(chain))
    throw refuse('chain-mismatch', `expected a list of certificates, found ${describeKind(chain)}`, keyId);
  try {
    for (const der of chain) requireBytes(der, 'a certificate of the signer');
  } catch (cause) {
    throw refuse('chain-mismatch', (cause as Error).message, keyId, cause);
  }
}

async function checkDescription(description: KeyDescription, options: ChainRequirementOptions): Promise<void> {
  if (description.certificateChain !== undefined)
    await checkChain(description.certificateChain, description.keySpec, options, description.keyId);
}

async function checkChain(
  ders: readonly Uint8Array[],
  keySpec: KeySpec,
  options: ChainRequirementOptions,
  keyId?: string,
): Promise<Certificate> {
  try {
    const chain = ders.map(certificateOf);
    await checkCodeSigningChain(chain, options);
    const leaf = chain[0] as Certificate;
    const spec = keySpecOf(leaf.publicKey);
    if (spec !== keySpec) throw new Error(`the leaf's key is ${spec}, the signer says ${keySpec}`);
    return leaf;
  } catch (cause) {
    throw refuse(
      'chain-mismatch',
      `the signer's certificate chain does not fit: ${(cause as Error).message}`,
      keyId,
      cause,
    );
  }
}

async function checkResult(
  result: SignResult,
  request: SignRequest,
  description: KeyDescription,
  options: ChainRequirementOptions,
): Promise<void> {
  const { keyId, certificateChain } = description;
  const [promised, given] = [certificateChain?.[0], result.certificateChain[0]];
  if (promised !== undefined && (given === undefined || !equalBytes(promised, given)))
    throw refuse('chain-mismatch', 'the signature came with another leaf certificate than the signer described', keyId);
  const leaf = await checkChain(result.certificateChain, request.keySpec, options, keyId);
  const signed = { leaf, keySpec: request.keySpec, payload: request.payload, signature: result.signature };
  if (await isNotarySignature(signed)) return;
  const { reason, message } = (await diagnoseSignature(signed)) ?? {
    reason: 'bad-signature',
    message:
      'the signature does not match: it was made with another key than that of the leaf certificate, or over other bytes than the payload',
  };
  throw refuse(reason, message, keyId);
}

function refuse(reason: SignerErrorReason, message: string, keyId: string | undefined, cause?: unknown): SignerError {
  return new SignerError(message, { reason, ...defined({ keyId }) }, defined({ cause }));
}
