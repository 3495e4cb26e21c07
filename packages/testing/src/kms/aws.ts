import { createHash } from 'node:crypto';
import { algorithmOf } from '@notarykit/signature-envelope/internal';
import type { KmsAnswer } from './answer.js';
import { type KmsFaults, type KmsKey, noFaults, signWith } from './key.js';
import { type KmsDouble, type KmsRequest, serve } from './serve.js';

const arn = 'arn:aws:kms:eu-west-1:111122223333:';
const skewLimitMs = 5 * 60_000;

const fail = (name: string, message: string): KmsAnswer => ({ status: 400, body: { __type: name, message } });

/** One key of the service: each version is its own key, as AWS has no versions of asymmetric keys. */
interface Found {
  readonly arn: string;
  readonly key: KmsKey;
  readonly version: number;
}

/**
 * AWS KMS as its SDK sees it (JSON 1.1): GetPublicKey and Sign. A key is asked for by id, ARN, alias or alias ARN; the alias
 * `alias/<name>` follows the newest version. Requests must be signed for the service, with a time within five minutes.
 */
export async function serveAwsKms(keys: readonly KmsKey[]): Promise<KmsDouble> {
  const faults = noFaults();
  return serve((request) => refusal(request, faults) ?? answer(request, keys, faults), faults, {
    requestIdHeader: 'x-amzn-requestid',
  });
}

function refusal({ headers }: KmsRequest, faults: KmsFaults): KmsAnswer | undefined {
  if (faults.throttle > 0) {
    faults.throttle--;
    return fail('ThrottlingException', 'Rate exceeded');
  }
  const scope = /^AWS4-HMAC-SHA256 Credential=[^/]+\/[0-9]{8}\/[^/]+\/kms\/aws4_request/;
  if (!scope.test(headers.authorization ?? ''))
    return fail('MissingAuthenticationTokenException', 'Request is missing Authentication Token');
  const time = String(headers['x-amz-date']).replace(
    /^(....)(..)(..)T(..)(..)(..)Z$/,
    (_, ...p: string[]) => `${p[0]}-${p[1]}-${p[2]}T${p[3]}:${p[4]}:${p[5]}Z`,
  );
  const late = Date.now() + faults.clockSkewMs - Date.parse(time);
  if (!(Math.abs(late) < skewLimitMs))
    return fail('InvalidSignatureException', `Signature expired: ${time} is not within 5 minutes`);
  return faults.denied ? fail('AccessDeniedException', 'User is not authorized to perform this') : undefined;
}

function answer({ headers, body }: KmsRequest, keys: readonly KmsKey[], faults: KmsFaults): KmsAnswer {
  const found = find(keys, String(body['KeyId']));
  if (found === undefined) return fail('NotFoundException', `Key '${String(body['KeyId'])}' does not exist`);
  if (faults.disabled) return fail('DisabledException', `${found.arn} is disabled.`);
  if (headers['x-amz-target'] !== 'TrentService.GetPublicKey') return sign(found, body, faults);
  return faults.readDenied ? fail('AccessDeniedException', 'not authorized: kms:GetPublicKey') : describe(found);
}

function find(keys: readonly KmsKey[], asked: string): Found | undefined {
  const id = asked.startsWith(arn) ? asked.slice(arn.length).replace(/^key\//, '') : asked;
  for (const key of keys) {
    const versions = key.versions.map((_, i) => i + 1);
    const version = id === `alias/${key.name}` ? versions.at(-1) : versions.find((n) => id === `${key.name}-${n}`);
    if (version !== undefined) return { arn: `${arn}key/${key.name}-${version}`, key, version };
  }
  return undefined;
}

function describe({ arn: KeyId, key, version }: Found): KmsAnswer {
  const { keySpec, spki } = pairOf({ key, version });
  const { type, curve } = algorithmOf(keySpec);
  const KeySpec = type === 'ec' ? `ECC_NIST_${curve?.replace('-', '')}` : keySpec.replace('-', '_');
  // For RSA a real key lists RSASSA_PKCS1_V1_5 first: who takes the first one signs in the wrong way.
  const SigningAlgorithms =
    type === 'ec'
      ? [algorithmName(keySpec)]
      : ['RSASSA_PKCS1_V1_5_SHA_256', 'RSASSA_PSS_SHA_256', 'RSASSA_PSS_SHA_384', 'RSASSA_PSS_SHA_512'];
  const KeyUsage = key.usage === 'encrypt' ? 'ENCRYPT_DECRYPT' : 'SIGN_VERIFY';
  const PublicKey = Buffer.from(spki).toString('base64');
  return {
    status: 200,
    body: { KeyId, KeySpec, CustomerMasterKeySpec: KeySpec, KeyUsage, PublicKey, SigningAlgorithms },
  };
}

function sign({ arn: KeyId, key, version }: Found, body: Record<string, unknown>, faults: KmsFaults): KmsAnswer {
  const { keySpec } = pairOf({ key, version });
  const { SigningAlgorithm, MessageType } = body;
  const { hash } = algorithmOf(keySpec);
  const pkcs1 = SigningAlgorithm === `RSASSA_PKCS1_V1_5_SHA_${hash.slice(3)}` && keySpec.startsWith('RSA');
  if (key.usage === 'encrypt' || !(pkcs1 || SigningAlgorithm === algorithmName(keySpec)))
    return fail('InvalidKeyUsageException', `${KeyId} does not support ${String(SigningAlgorithm)}`);
  const message = Buffer.from(String(body['Message']), 'base64');
  if (message.length < 1 || message.length > 4096)
    return fail('ValidationException', "Value at 'message' failed to satisfy constraint: length from 1 to 4096");
  const digest = MessageType === 'DIGEST' ? message : createHash(hash).update(message).digest();
  if (digest.length * 8 !== Number(hash.slice(3)))
    return fail('ValidationException', `Digest is invalid length for algorithm ${SigningAlgorithm}.`);
  const signature = signWith({ versions: key.versions, version, digest, der: true, pkcs1 }, faults);
  return { status: 200, body: { KeyId, Signature: Buffer.from(signature).toString('base64'), SigningAlgorithm } };
}

const pairOf = ({ key, version }: Pick<Found, 'key' | 'version'>): KmsKey['versions'][number] =>
  key.versions[version - 1] as KmsKey['versions'][number];

function algorithmName(keySpec: Parameters<typeof algorithmOf>[0]): string {
  const { type, hash } = algorithmOf(keySpec);
  return `${type === 'rsa' ? 'RSASSA_PSS' : 'ECDSA'}_SHA_${hash.slice(3)}`;
}
