import { utf8 } from '@notarykit/common';
import { describe as describeContent, mediaTypes, memoryRepository } from '@notarykit/oci';
import { type EnvelopeSigner, type Signer, SignerError, signEnvelope } from '@notarykit/signature-envelope';
import { createAuthority } from '@notarykit/testing';
import { sign, signBlob } from 'notarykit';
import { describe, expect, test } from 'vitest';
import { forgeJws } from '../../forge/jws.ts';

const authority = await createAuthority();
const leaf = await authority.issueLeaf();
const target = { mediaType: mediaTypes.imageManifest, digest: `sha256:${'a'.repeat(64)}`, size: 528 } as const;

async function signInRepository(signer: Signer | EnvelopeSigner): Promise<unknown> {
  const repository = memoryRepository('registry.test/net-monitor');
  const bytes = utf8(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: [] }));
  const image = describeContent(mediaTypes.imageIndex, bytes);
  await repository.push(image, bytes);
  return sign(repository, image.digest, { signer });
}

const envelopes: Readonly<Record<string, (signer: EnvelopeSigner) => Promise<unknown>>> = {
  signEnvelope: (signer) => signEnvelope(target, { signer }),
  sign: signInRepository,
};
const signatures: Readonly<Record<string, (signer: Signer) => Promise<unknown>>> = {
  signEnvelope: (signer) => signEnvelope(target, { signer }),
  sign: signInRepository,
  signBlob: (signer) => signBlob(utf8('x'), { signer }),
};

const rejected = async (call: () => Promise<unknown>): Promise<SignerError> => {
  const error: unknown = await call().then(
    () => 'a signature',
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(SignerError);
  return error as SignerError;
};

const ofNode = Object.assign(new TypeError('bad argument'), { code: 'ERR_INVALID_ARG_TYPE' });
const throws: readonly unknown[] = [
  new Error('offline'),
  new TypeError('fetch failed'),
  ofNode,
  'text',
  undefined,
  null,
];
const throwing = (cause: unknown) => () => {
  throw cause;
};

describe.each(Object.entries(envelopes))('K7 %s with a signer of envelopes of the caller', (_, call) => {
  test.each(throws)('that throws %s', async (cause) => {
    for (const signer of [throwing(cause), () => Promise.reject(cause)]) {
      const error = await rejected(() => call({ signEnvelope: signer }));
      expect(error).toMatchObject({ reason: 'unknown', retryable: false });
      expect(error.cause).toBe(cause);
    }
  });

  test.each([undefined, null, 'text', 5, {}, { envelope: 'text' }, { envelope: 5 }, { envelope: [1] }])(
    'that gives %j',
    async (given) => {
      const error = await rejected(() => call({ signEnvelope: async () => given as never }));
      expect(error).toMatchObject({ reason: 'plugin' });
      expect(error.message).toContain('expected bytes');
    },
  );

  test.each(['text', 5, null, [], ['a'], { a: 1 }, { a: null }])('that gives the annotations %j', async (given) => {
    const signer: EnvelopeSigner = {
      signEnvelope: async ({ payload }) => ({
        envelope: await forgeJws(leaf, { payload }),
        annotations: given as never,
      }),
    };
    expect(await rejected(() => call(signer))).toMatchObject({ reason: 'plugin' });
  });

  test('that writes another target into what it was given', async () => {
    const signer: EnvelopeSigner = {
      async signEnvelope({ payload }) {
        const text = new TextDecoder().decode(payload);
        const other = text.replace(/"sha256:(.)/, (_whole, digit) => `"sha256:${digit === '9' ? '8' : '9'}`);
        payload.set(utf8(other));
        return { envelope: await forgeJws(leaf, { payload: payload.slice() }) };
      },
    };
    expect(await rejected(() => call(signer))).toMatchObject({ reason: 'plugin' });
  });
});

describe.each(Object.entries(signatures))('K7 %s with a signer of the caller', (_, call) => {
  const right = leaf.signer;
  const describes = () => right.describe();

  test.each(throws)('that throws %s', async (cause) => {
    const signers: readonly Signer[] = [
      { describe: throwing(cause), sign: (request) => right.sign(request) },
      { describe: describes, sign: throwing(cause) },
    ];
    for (const signer of signers) {
      const error = await rejected(() => call(signer));
      expect(error).toMatchObject({ reason: 'unknown', retryable: false });
      expect(error.cause).toBe(cause);
    }
  });

  test.each([undefined, null, 'text', {}, { keySpec: 5 }, { keySpec: 'EC-256', certificateChain: 'text' }])(
    'that gives %j',
    async (given) => {
      const request = (input: Parameters<Signer['sign']>[0]) => right.sign(input);
      await rejected(() => call({ describe: async () => given as never, sign: request }));
      await rejected(() => call({ describe: describes, sign: async () => given as never }));
    },
  );
});

test.each([undefined, null, 'text', {}, { describe: 1, sign: 1 }, { signEnvelope: 1 }])(
  'K7 %j is not a signer',
  async (signer) => {
    expect(await rejected(() => signEnvelope(target, { signer: signer as never }))).toMatchObject({
      reason: 'invalid-request',
    });
    await rejected(() => signInRepository(signer as never));
    await rejected(() => signBlob(utf8('x'), { signer: signer as never }));
  },
);
