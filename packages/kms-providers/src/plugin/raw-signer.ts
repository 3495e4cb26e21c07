import {
  type CallOptions,
  copyBytes,
  defined,
  encodeBase64,
  isJsonArray,
  type JsonObject,
  quote,
} from '@notarykit/common/internal';
import { type Certificate, parseCertificate, verifyRaw } from '@notarykit/pki/internal';
import {
  algorithmOf,
  ecdsaDerToP1363,
  type KeySpec,
  keySpecOf,
  type Signer,
  type SignRequest,
  type SignResult,
  signatureAlgorithms,
} from '@notarykit/signature-envelope/internal';
import { redactedSigner } from '../remote/redacted.js';
import type { PluginSignerOptions } from './options.js';
import { openSession, type PluginSession } from './session.js';

const maxCertificates = 10;

/**
 * A signer over a plugin of `notation` that makes raw signatures (`SIGNATURE_GENERATOR.RAW`): `describe-key`, then
 * `generate-signature`. Nothing that the plugin answers is believed: name, contract, key, algorithm and chain must be those that
 * were asked for, and the signature must be one of the leaf's key over the payload. EC signatures may come as r and s or in
 * DER, which the contract leaves open.
 *
 * @throws {SignerError} reason `plugin` for an invalid name; `describe` and `sign` reject with the reason of the plugin's error
 * code (`access-denied`, `throttled`, `timeout`, `invalid-request` …), `unavailable` for a plugin that ends without a word, and
 * `plugin` for everything that breaks the contract or a limit
 *
 * @example
 * ```ts
 * const signer = pluginSigner({ name: 'azure-kv', keyId: 'https://wabbit.vault.azure.net/keys/net-monitor/1', inheritEnv: ['AZURE_CLIENT_ID'] });
 * ```
 */
export function pluginSigner(options: PluginSignerOptions): Signer {
  const session = openSession(options);
  let described: KeySpec | undefined;
  const describe = async (call: CallOptions): Promise<KeySpec> => {
    call.signal?.throwIfAborted();
    await session.require('SIGNATURE_GENERATOR.RAW', call);
    described = readKeySpec(session, options.keyId, await session.ask('describe-key', {}, call));
    return described;
  };
  const signer: Signer = {
    describe: async (call = {}) => ({ keySpec: await describe(call), keyId: options.keyId }),
    async sign({ keySpec, payload, signal }) {
      // The caller may use its buffer again while the plugin is asked.
      const request: SignRequest = {
        keySpec,
        payload: copyBytes(payload),
        ...defined({ signal }),
      };
      signal?.throwIfAborted();
      const found = described ?? (await describe(request));
      if (found !== keySpec) throw session.error(`expected key spec ${found}, found ${keySpec}`, 'wrong-key-usage');
      return generate(session, options.keyId, request);
    },
  };
  return redactedSigner(signer, session.secrets);
}

function readKeySpec(session: PluginSession, keyId: string, answer: JsonObject): KeySpec {
  checkKeyId(session, keyId, answer);
  const row = signatureAlgorithms.find(({ keySpec }) => keySpec === answer['keySpec']);
  if (row === undefined)
    throw session.error(
      `expected a key of ${signatureAlgorithms.map(({ keySpec }) => keySpec).join(', ')}, found ${quote(answer['keySpec'])}`,
      'unsupported-key',
    );
  return row.keySpec;
}

function checkKeyId(session: PluginSession, keyId: string, answer: JsonObject): void {
  if (answer['keyId'] !== keyId)
    throw session.error(`it was asked about the key ${quote(keyId)} and answers about ${quote(answer['keyId'])}`);
}

async function generate(session: PluginSession, keyId: string, request: SignRequest): Promise<SignResult> {
  const { keySpec, payload, signal } = request;
  const { plugin, pluginHash } = algorithmOf(keySpec);
  const asked = { keySpec, hashAlgorithm: pluginHash, payload: encodeBase64(payload) };
  const answer = await session.ask('generate-signature', asked, defined({ signal }));
  checkKeyId(session, keyId, answer);
  if (answer['signingAlgorithm'] !== plugin)
    throw session.error(`expected algorithm ${plugin}, found ${quote(answer['signingAlgorithm'])}`);
  const certificateChain = readChain(session, answer);
  const leaf = readLeaf(session, certificateChain, keySpec);
  return { signature: await readSignature(session, answer, leaf, request), certificateChain };
}

function readChain(session: PluginSession, answer: JsonObject): readonly Uint8Array[] {
  const chain = answer['certificateChain'];
  if (!isJsonArray(chain) || chain.length === 0) throw session.error('it gives no certificate chain');
  if (chain.length > maxCertificates)
    throw session.error(`expected at most ${maxCertificates} certificates, found ${chain.length}`);
  return chain.map((certificate) => session.bytes({ certificateChain: certificate }, 'certificateChain'));
}

function readLeaf(session: PluginSession, chain: readonly Uint8Array[], keySpec: KeySpec): Certificate {
  let leaf: Certificate;
  let found: KeySpec;
  try {
    leaf = parseCertificate(chain[0] as Uint8Array);
    found = keySpecOf(leaf.publicKey);
  } catch (cause) {
    throw session.error(`its leaf certificate cannot sign: ${(cause as Error).message}`, 'plugin', cause);
  }
  if (found !== keySpec) throw session.error(`its leaf certificate has a key of ${found}, it described ${keySpec}`);
  return leaf;
}

/** The signature as r and s, or RSASSA-PSS: whichever reading of it the leaf's key confirms. */
async function readSignature(
  session: PluginSession,
  answer: JsonObject,
  leaf: Certificate,
  { keySpec, payload }: SignRequest,
): Promise<Uint8Array> {
  const given = session.bytes(answer, 'signature');
  const { type, hash, signatureLength } = algorithmOf(keySpec);
  const readings = type === 'ec' ? [given, fromDer(given, keySpec)] : [given];
  for (const signature of readings) {
    if (signature?.length !== signatureLength) continue;
    const scheme = type === 'ec' ? 'ecdsa' : 'rsassa-pss';
    if (await verifyRaw({ publicKey: leaf.publicKey, scheme, hash, data: payload, signature })) return signature;
  }
  throw session.error('its signature does not match the key of the leaf certificate');
}

function fromDer(signature: Uint8Array, keySpec: KeySpec): Uint8Array | undefined {
  try {
    return ecdsaDerToP1363(signature, keySpec);
  } catch {
    return undefined;
  }
}
