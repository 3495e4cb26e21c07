import { parseImage } from '@notarykit/admission/internal';
import { parsePlatform } from '@notarykit/artifact-graph/internal';
import { utf8 } from '@notarykit/common';
import { describe as describeContent, mediaTypes, memoryRepository, parseReference } from '@notarykit/oci';
import { canonicalRepository } from '@notarykit/oci/internal';
import { parseGatePolicy, parsePurl } from '@notarykit/sbom-gate';
import { createTrustLab } from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy, selectStatement } from '@notarykit/trust-policy';
import { selectBlobStatement } from '@notarykit/trust-policy/internal';
import { copy, discover, gate, inspect, parseBaseImages, sign, verify, verifyBlob } from 'notarykit';
import { describe, expect, it } from 'vitest';

// Programs without types pass what the compiler would refuse: each time an error with a code, never a bare TypeError.

const statement = {
  name: 'wabbit',
  registryScopes: ['*'],
  signatureVerification: { level: 'strict' },
  trustStores: ['ca:wabbit'],
  trustedIdentities: ['*'],
};
const plain = { version: '1.0', trustPolicies: [statement] };
const notPolicies = [plain, JSON.stringify(plain), {}, null, undefined];
const notRepositories = ['registry.test/net-monitor', {}, undefined];
const notTexts = [5, {}, null, undefined];

async function setup() {
  const repository = memoryRepository('registry.test/net-monitor');
  const bytes = utf8(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: [] }));
  const image = describeContent(mediaTypes.imageIndex, bytes);
  await repository.push(image, bytes);
  await repository.tag(image, 'v1');
  const { signer, trustStore } = await createTrustLab();
  return { repository, signer, trust: { policy: parseTrustPolicy(plain), trustStore: memoryTrustStore(trustStore) } };
}

describe.each(notPolicies)('a policy that was not parsed: %j', (policy) => {
  it('is refused by each verb that decides by it', async () => {
    const { repository, trust } = await setup();
    const asked = { ...trust, policy } as never;
    const wrong = { code: 'ERR_TRUST_POLICY', detail: { rule: 'type', member: 'policy' } };
    await expect(verify(repository, 'v1', asked)).rejects.toMatchObject(wrong);
    await expect(verifyBlob(utf8('a'), utf8('b'), asked)).rejects.toMatchObject(wrong);
    await expect(gate(repository, 'v1', { policy, trust } as never)).rejects.toMatchObject({ code: 'ERR_GATE_POLICY' });
    expect(() => selectStatement(policy as never, 'registry.test/net-monitor')).toThrow(expect.objectContaining(wrong));
    expect(() => selectBlobStatement(policy as never)).toThrow(expect.objectContaining(wrong));
  });
});

it('a trust store that is missing is not a store that cannot be read', async () => {
  const { repository, trust } = await setup();
  const asked = verify(repository, 'v1', { policy: trust.policy } as never);
  await expect(asked).rejects.toMatchObject({ code: 'ERR_TRUST_POLICY', detail: { member: 'trustStore' } });
});

it('custom rules that are not a list are refused', async () => {
  const { repository, trust } = await setup();
  const signers = { build: { trustPolicy: 'wabbit' } };
  const document = { version: '1.0', name: 'a', signers, image: { signedBy: ['build'] } };
  const policy = parseGatePolicy(JSON.stringify(document));
  await expect(gate(repository, 'v1', { policy, trust, rules: {} } as never)).rejects.toMatchObject({
    code: 'ERR_GATE_POLICY',
  });
});

it.each(notRepositories)('what is not a repository is refused by each verb: %j', async (repository) => {
  const { signer, trust } = await setup();
  const verbs = [
    () => verify(repository as never, 'v1', trust),
    () => sign(repository as never, 'v1', { signer }),
    () => inspect(repository as never, 'v1'),
    () => discover(repository as never, 'v1'),
    () => copy(repository as never, memoryRepository('registry.test/b'), { reference: 'v1' } as never),
  ];
  for (const verb of verbs) await expect(verb()).rejects.toMatchObject({ code: 'ERR_GRAPH_INVALID' });
});

describe.each(notTexts)('what is not text: %j', (text) => {
  it.each([
    ['a package URL', parsePurl],
    ['a platform', parsePlatform],
    ['an image', parseImage],
    ['a reference', parseReference],
    ['the name of a repository', canonicalRepository],
    ['a Dockerfile', parseBaseImages],
  ] as const)('%s', (_, parse) => {
    expect(() => parse(text as never)).toThrow(expect.objectContaining({ code: 'ERR_CODEC_TEXT' }));
  });

  it('a gate policy', () => {
    expect(() => parseGatePolicy(text as never)).toThrow(expect.objectContaining({ code: 'ERR_CODEC_BYTES' }));
  });

  it('a trust policy', () => {
    expect(() => parseTrustPolicy(text as never)).toThrow(expect.objectContaining({ code: 'ERR_TRUST_POLICY' }));
  });
});
