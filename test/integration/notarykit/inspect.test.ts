import { createHash } from 'node:crypto';
import { utf8 } from '@notarykit/common';
import { describe as describeContent, mediaTypes, memoryRepository } from '@notarykit/oci';
import { createTrustLab } from '@notarykit/testing';
import { inspect, inspectBlob, sign, signBlob } from 'notarykit';
import { describe, expect, it } from 'vitest';

describe('inspect', () => {
  it.each([
    ['jws', 'application/jose+json'],
    ['cose', 'application/cose'],
  ] as const)('shows every field of a signature in %s', async (format, mediaType) => {
    const repository = memoryRepository('registry.test/net-monitor');
    const bytes = utf8(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: [] }));
    const image = describeContent(mediaTypes.imageIndex, bytes);
    await repository.push(image, bytes);
    await repository.tag(image, 'v1');
    const { leaf, signer } = await createTrustLab();
    const { signatures } = await sign(repository, 'v1', { signer, format, metadata: { build: '7' } });
    const inspected = await inspect(repository, 'v1');
    expect(inspected.mediaType).toBe(image.mediaType);
    expect(inspected.signatures).toHaveLength(1);
    expect(inspected.signatures[0]).toMatchObject({
      digest: signatures[0]?.signature.digest,
      signatureAlgorithm: 'ECDSA-SHA-256',
      signatureEnvelopeType: mediaType,
      signedAttributes: {
        contentType: 'application/vnd.cncf.notary.payload.v1+json',
        signingScheme: 'notary.x509',
        signingTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      },
      userDefinedAttributes: { build: '7' },
      signedArtifact: { mediaType: image.mediaType, digest: image.digest, size: image.size },
    });
    const shown = inspected.signatures[0];
    if (shown === undefined || 'error' in shown) throw new Error('the signature cannot be read');
    const fingerprints = leaf.chain.map((der) => createHash('sha256').update(der).digest('hex'));
    expect(shown.certificates.map(({ SHA256Fingerprint }) => SHA256Fingerprint)).toEqual(fingerprints);
  });
});

describe('inspectBlob', () => {
  it.each(['jws', 'cose'] as const)('shows what a detached signature in %s claims', async (format) => {
    const { leaf, signer } = await createTrustLab();
    const { envelope, mediaType } = await signBlob(utf8('release'), { signer, format, metadata: { build: '7' } });
    const { signedArtifact, userDefinedAttributes, certificates } = await inspectBlob(envelope, { mediaType });
    const digest = `sha256:${createHash('sha256').update('release').digest('hex')}`;
    expect(signedArtifact).toMatchObject({ mediaType: mediaTypes.octetStream, digest, size: 7 });
    expect(userDefinedAttributes).toEqual({ build: '7' });
    expect(certificates).toHaveLength(leaf.chain.length);
  });

  it.each([
    ['release', 'ERR_CODEC_JSON'],
    ['{}', 'ERR_ENVELOPE_MALFORMED'],
  ])('what is not an envelope has a code: %s', async (text, code) => {
    const read = inspectBlob(utf8(text), { mediaType: 'application/jose+json' });
    await expect(read).rejects.toThrow(expect.objectContaining({ code }));
  });
});
