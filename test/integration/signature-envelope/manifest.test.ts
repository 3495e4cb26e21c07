import { utf8 } from '@notarykit/common';
import { type Descriptor, describe as describeContent, mediaTypes } from '@notarykit/oci';
import {
  buildSignatureManifest,
  decodeEnvelope,
  formatOfSignatureFile,
  parseSignatureManifest,
  signEnvelope,
  type VerifiedEnvelope,
  verifyIntegrity,
} from '@notarykit/signature-envelope';
import { blobSignatureFileName, checkBlob, describeBlob } from '@notarykit/signature-envelope/internal';
import { createTrustLab, type Issued } from '@notarykit/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectCode } from '../../forge/expect-code.js';

const subject: Descriptor = describeContent(mediaTypes.imageManifest, utf8('{}'));
let leaf: Issued;
let envelope: VerifiedEnvelope;
beforeAll(async () => {
  ({ leaf } = await createTrustLab());
  const now = new Date('2025-01-01T00:00:00Z');
  envelope = (await signEnvelope(subject, { signer: leaf.signer, now })).verified;
});

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const good = () => JSON.parse(text(buildSignatureManifest(subject, { envelope }).bytes));
const parse = (document: object) => () =>
  parseSignatureManifest(utf8(JSON.stringify(document)), mediaTypes.imageManifest);

describe('signature manifest', () => {
  test('both forms are written and read', () => {
    for (const form of ['artifactType', 'legacy'] as const) {
      const built = buildSignatureManifest(subject, { envelope, form });
      const read = parseSignatureManifest(built.bytes, built.descriptor.mediaType);
      expect(read).toMatchObject({ form, subject, envelope: built.envelope.descriptor });
      expect(read.thumbprints).toEqual(envelope.certificateChain.map(({ fingerprint }) => fingerprint));
      expect(read.annotations['org.opencontainers.image.created']).toBe('2025-01-01T00:00:00Z');
      expect(built.config.bytes).toEqual(utf8('{}'));
      expect(buildSignatureManifest(subject, { envelope, form }).descriptor).toEqual(built.descriptor);
    }
  });

  test('annotations of the specification win over others', () => {
    const annotations = { 'org.opencontainers.image.created': 'never', plugin: 'x' };
    const built = buildSignatureManifest({ ...subject, annotations: { a: 'b' } }, { envelope, annotations });
    const document = JSON.parse(text(built.bytes));
    expect(document.annotations).toMatchObject({
      plugin: 'x',
      'org.opencontainers.image.created': '2025-01-01T00:00:00Z',
    });
    expect(document.subject).toEqual(subject);
  });

  test('P7 only the forms of the specification are signatures', async () => {
    const other = 'application/vnd.example';
    const legacy = JSON.parse(text(buildSignatureManifest(subject, { envelope, form: 'legacy' }).bytes));
    const cases: Record<string, object> = {
      'another artifact type': { ...good(), artifactType: other },
      'another config': { ...good(), config: { ...good().config, mediaType: other } },
      'no artifact type': { ...good(), artifactType: undefined },
      'legacy with another artifact type': { ...legacy, artifactType: other },
      'both at once': { ...legacy, artifactType: good().artifactType },
      'no subject': { ...good(), subject: undefined },
    };
    for (const [name, document] of Object.entries(cases)) await expectCode(parse(document), 'ERR_OCI_INVALID', name);
    const index = { schemaVersion: 2, manifests: [], artifactType: good().artifactType };
    await expectCode(
      () => parseSignatureManifest(utf8(JSON.stringify(index)), mediaTypes.imageIndex),
      'ERR_OCI_INVALID',
    );
    const { config: _, layers, schemaVersion: __, ...rest } = good();
    const retired = { ...rest, mediaType: mediaTypes.ociArtifact, blobs: layers };
    expect(parseSignatureManifest(utf8(JSON.stringify(retired)), mediaTypes.ociArtifact).form).toBe('artifact');
  });

  test('P8 exactly one envelope of a bounded size; urls and data of its layer are not used', async () => {
    const [layer] = good().layers;
    await expectCode(parse({ ...good(), layers: [] }), 'ERR_OCI_INVALID');
    await expectCode(parse({ ...good(), layers: [layer, layer] }), 'ERR_OCI_INVALID');
    await expectCode(parse({ ...good(), layers: [{ ...layer, size: 5 * 2 ** 30 }] }), 'ERR_OCI_TOO_LARGE');
    const tempting = { ...layer, urls: ['http://169.254.169.254/'], data: 'AAAA' };
    expect(parse({ ...good(), layers: [tempting] })().envelope).toEqual(layer);
  });

  test('P12 annotations inform and nothing more', () => {
    const key = 'io.cncf.notary.x509chain.thumbprint#S256';
    for (const lie of ['["AB"]', 'not json', '{"a":1}', '[1,"cd"]', '[[["x"]]]']) {
      const read = parse({ ...good(), annotations: { [key]: lie } })();
      expect(read.envelope).toEqual(good().layers[0]);
      expect(read.thumbprints.every((item) => item === item.toLowerCase())).toBe(true);
    }
  });
});

describe('blob signatures', () => {
  const content = utf8('hello');
  const sign = async (keySpec: Issued['keySpec'] = 'EC-256') => {
    const digestAlgorithm = 'sha256' as const;
    const blob = await describeBlob(content, { digestAlgorithm, mediaType: 'text/plain; charset=utf-8' });
    const { signer } = keySpec === 'EC-256' ? leaf : (await createTrustLab({ signerKeySpec: keySpec })).leaf;
    return signEnvelope(blob, { signer });
  };

  test('a blob is the one that was signed, as bytes and as a stream', async () => {
    const { verified } = await sign();
    await checkBlob(verified, content);
    await checkBlob(verified, new Blob([content]).stream(), { mediaType: 'text/plain; charset=utf-8' });
    await expectCode(() => checkBlob(verified, utf8('hellO')), 'ERR_ENVELOPE_INTEGRITY');
    await expectCode(() => checkBlob(verified, utf8('hello!')), 'ERR_ENVELOPE_INTEGRITY');
    await expectCode(() => checkBlob(verified, content, { mediaType: 'text/html' }), 'ERR_ENVELOPE_INTEGRITY');
  });

  test('its digest is by the hash of the signature', async () => {
    const { verified } = await sign('EC-384');
    await expectCode(() => checkBlob(verified, content), 'ERR_ENVELOPE_INTEGRITY');
  });

  test('refuses an invalid media type', async () => {
    for (const mediaType of ['', 'text/', '/plain', 'text plain', 'text/plain;', 'text/plain\n'])
      await expectCode(
        () => describeBlob(content, { digestAlgorithm: 'sha256', mediaType }),
        'ERR_ENVELOPE_MALFORMED',
        mediaType,
      );
  });

  test('a media type may be one word, as for notation', async () => {
    const target = await describeBlob(content, { digestAlgorithm: 'sha256', mediaType: 'text' });
    expect(target.mediaType).toBe('text');
  });

  test('names of signature files', () => {
    expect(blobSignatureFileName('a.txt', 'cose')).toBe('a.txt.cose.sig');
    expect(formatOfSignatureFile('a.txt.JWS.sig')).toBe('jws');
    for (const name of ['a.sig', 'jws.sig', '.jws.sig', 'a.pem.sig', 'a.jws'])
      expect(formatOfSignatureFile(name)).toBeUndefined();
  });

  test('an envelope is decoded from the bytes alone', async () => {
    const { envelope: bytes, mediaType } = await sign();
    expect((await verifyIntegrity(decodeEnvelope(bytes, mediaType))).targetArtifact.mediaType).toBe(
      'text/plain; charset=utf-8',
    );
  });
});
