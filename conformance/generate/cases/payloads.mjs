// What a signature says it is about, and what it is asked about.
import { bytes } from '../lib/bytes.mjs';
import { blob, blobCase, blobPolicy, ociCase, payloadOf, policy, refused, subject, trusted } from '../lib/case.mjs';
import { rfc, sections } from '../lib/sections.mjs';

const { descriptor } = subject;
const formats = ['jws', 'cose'];
const otherDigest = `sha256:${'b'.repeat(64)}`;

const both = (id, why, payload, more = {}) =>
  formats.map((format) =>
    ociCase({
      id: `${format}-payload-${id}`,
      spec: sections.payload,
      why,
      signature: { format, payload },
      expected: refused('integrity'),
      tags: [format, 'payload'],
      ...more,
    }),
  );
const target = (id, why, change, more) => both(id, why, payloadOf({ ...descriptor, ...change }), more);
const raw = (id, why, text, more) => both(id, why, text, { expected: refused('integrity'), ...more });

function another() {
  return [
    ...target(
      'other-digest',
      'The signature is about another artifact.',
      { digest: otherDigest },
      { spec: sections.steps },
    ),
    ...target('other-size', 'The size is another one.', { size: descriptor.size + 1 }, { spec: sections.steps }),
    ...target(
      'other-media-type',
      'The media type is another one.',
      { mediaType: 'application/vnd.oci.image.index.v1+json' },
      { spec: sections.steps },
    ),
    ...target(
      'other-digest-audit',
      'The signature is about another artifact: level audit enforces integrity too.',
      { digest: otherDigest },
      { spec: sections.levels, policy: policy({ level: 'audit' }) },
    ),
    ...target('digest-of-an-algorithm-unknown', 'The digest is of no registered algorithm.', {
      digest: `md5:${'a'.repeat(32)}`,
    }),
  ];
}

function malformed() {
  const without = (name) => payloadOf(Object.fromEntries(Object.entries(descriptor).filter(([key]) => key !== name)));
  return [
    ...raw('not-json', 'The payload is a JSON document.', 'sha256:abc'),
    ...raw('list', 'The payload is an object.', '[]'),
    ...raw('string', 'The payload is an object.', '"x"'),
    ...raw('empty-object', 'targetArtifact is required.', '{}'),
    ...raw('target-null', 'targetArtifact is a descriptor.', '{"targetArtifact":null}'),
    ...raw('target-list', 'targetArtifact is a descriptor.', `{"targetArtifact":[${JSON.stringify(descriptor)}]}`),
    ...raw(
      'target-string',
      'targetArtifact is a descriptor.',
      `{"targetArtifact":${JSON.stringify(descriptor.digest)}}`,
    ),
    ...raw(
      'bare-descriptor',
      'targetArtifact is required: the descriptor alone is not a payload.',
      JSON.stringify(descriptor),
    ),
    ...raw('without-media-type', 'mediaType is required.', without('mediaType')),
    ...raw('without-digest', 'digest is required.', without('digest')),
    ...raw('without-size', 'size is required.', without('size')),
    ...raw('two-documents', 'There must be one document and nothing after it.', `${payloadOf(descriptor)}{}`, {
      spec: rfc(8259, '2'),
    }),
    ...raw(
      'other-case',
      'Names are compared exactly: TargetArtifact is not targetArtifact.',
      JSON.stringify({ TargetArtifact: descriptor }),
    ),
    ...target('size-string', 'The size is a number.', { size: String(descriptor.size) }),
    ...target('size-negative', 'The size is not negative.', { size: -descriptor.size }),
    ...target('size-fraction', 'The size is a whole number.', { size: descriptor.size + 0.5 }),
    ...target('digest-number', 'The digest is a string.', { digest: 1 }),
    ...target('digest-short', 'A digest of sha256 has 64 digits.', { digest: descriptor.digest.slice(0, -1) }),
    ...target('digest-without-algorithm', 'The digest names its algorithm.', { digest: descriptor.digest.slice(7) }),
    ...target('media-type-number', 'The media type is a string.', { mediaType: 1 }),
    ...target('annotations-list', 'Annotations are a map.', { annotations: ['a'] }),
    ...target('annotations-number', 'Annotations are strings.', { annotations: { a: 1 } }),
  ];
}

function doubled() {
  const text = payloadOf(descriptor);
  const other = JSON.stringify({ ...descriptor, digest: otherDigest });
  return [
    ...raw(
      'target-twice',
      'The last of two targets is another artifact.',
      text.replace(/\}$/, `,"targetArtifact":${other}}`),
      { spec: rfc(8259, '4'), requirement: 'SHOULD' },
    ),
    ...raw(
      'digest-twice',
      "The last of two digests is another artifact's.",
      text.replace(/\}\}$/, `,"digest":"${otherDigest}"}}`),
      { spec: rfc(8259, '4'), requirement: 'SHOULD' },
    ),
    ...raw(
      'target-twice-first-other',
      'Names should be unique: the first of two targets is another artifact.',
      text.replace('{', `{"targetArtifact":${other},`),
      { spec: rfc(8259, '4'), requirement: 'SHOULD' },
    ),
  ];
}

function allowed() {
  const yes = { expected: trusted() };
  return [
    ...target('annotations', 'A descriptor may have annotations.', { annotations: { 'org.example.build': '7' } }, yes),
    ...target(
      'artifact-type',
      'A descriptor may have an artifactType.',
      { artifactType: 'application/vnd.example.kit' },
      yes,
    ),
    ...raw(
      'blanks',
      'Blanks between members change nothing: what is signed are the bytes.',
      JSON.stringify({ targetArtifact: descriptor }, null, 2),
      yes,
    ),
    ...raw(
      'other-order',
      'The order of members says nothing.',
      payloadOf({ size: descriptor.size, digest: descriptor.digest, mediaType: descriptor.mediaType }),
      yes,
    ),
  ];
}

function metadata() {
  const asks = { 'org.example.build': '7' };
  const annotated = (annotations) => ({ payload: payloadOf({ ...descriptor, annotations }) });
  const one = (id, why, annotations, metadata, expected, more = {}) =>
    formats.map((format) =>
      ociCase({
        id: `${format}-metadata-${id}`,
        spec: sections.steps,
        why,
        signature: { format, ...(annotations === undefined ? {} : annotated(annotations)) },
        metadata,
        expected,
        tags: [format, 'metadata'],
        ...more,
      }),
    );
  return [
    ...one('there', 'The signature has the metadata that is asked for.', asks, asks, trusted()),
    ...one('more', 'More metadata than is asked for does no harm.', { ...asks, other: 'x' }, asks, trusted()),
    ...one('absent', 'The signature has no metadata.', undefined, asks, refused('metadata')),
    ...one('other-value', 'The value is another one.', { 'org.example.build': '8' }, asks, refused('metadata')),
    ...one(
      'other-case',
      'Values are compared exactly.',
      { 'org.example.build': 'A' },
      { 'org.example.build': 'a' },
      refused('metadata'),
    ),
    ...one('one-of-two', 'All of what is asked for must be there.', asks, { ...asks, other: 'x' }, refused('metadata')),
    ...one(
      'absent-audit',
      'Metadata that the caller requires is enforced at every level.',
      undefined,
      asks,
      refused('metadata'),
      { policy: policy({ level: 'audit' }), spec: sections.steps },
    ),
  ];
}

const blobRow = (id, why, more = {}) =>
  formats.map((format) =>
    blobCase({
      id: `${format}-blob-${id}`,
      spec: sections.blobSteps,
      why,
      expected: refused('integrity'),
      tags: [format, 'blob'],
      ...more,
      signature: { format, ...more.signature },
    }),
  );

function blobs() {
  const second = {
    name: 'second',
    signatureVerification: { level: 'strict' },
    trustStores: ['ca:kit'],
    trustedIdentities: ['x509.subject:C=US,ST=WA,O=Somebody Else'],
  };
  const named = { globalPolicy: false };
  return [
    ...blobRow('altered', 'The blob was changed after signing.', {
      blob: bytes('another blob of the conformance kit\n'),
    }),
    ...blobRow('same-length', 'The blob was changed after signing, and is as long.', {
      blob: Buffer.from(blob).fill('x', 0, 1),
    }),
    ...blobRow('empty', 'The blob is empty, and another one was signed.', { blob: Buffer.alloc(0) }),
    ...blobRow('longer', 'A byte was added to the blob.', { blob: bytes(blob, [10]) }),
    ...blobRow('other-size', 'The size in the payload is another one.', { blobTarget: { size: blob.length + 1 } }),
    ...blobRow('other-hash', 'The digest is made with another hash than the key demands.', {
      digestName: 'sha512',
      spec: sections.payload,
    }),
    ...blobRow('without-digest', 'digest is required.', { blobTarget: { digest: undefined }, spec: sections.payload }),
    ...blobRow('without-media-type', 'mediaType is required.', {
      blobTarget: { mediaType: undefined },
      spec: sections.payload,
    }),
    ...blobRow('media-type', 'The media type is the one that is asked for.', {
      contentMediaType: 'text/plain',
      expected: trusted(),
      spec: sections.steps,
    }),
    ...blobRow('other-media-type', 'The media type is not the one that is asked for.', {
      contentMediaType: 'application/json',
      spec: sections.steps,
    }),
    ...blobRow('named-policy', 'The policy of that name applies.', {
      policyName: 'kit',
      policy: blobPolicy(named),
      expected: trusted(),
      spec: sections.selectBlob,
    }),
    ...blobRow('named-other-policy', 'The policy of that name applies, not the global one.', {
      policyName: 'second',
      policy: blobPolicy({}, [second]),
      expected: refused('authenticity'),
      spec: sections.selectBlob,
    }),
    ...blobRow('unknown-policy', 'No policy has that name: the global one does not take its place.', {
      policyName: 'third',
      expected: refused('policy'),
      spec: sections.selectBlob,
    }),
    ...blobRow('policy-other-case', 'Names are compared exactly.', {
      policyName: 'KIT',
      expected: refused('policy'),
      spec: sections.selectBlob,
    }),
    ...blobRow('no-global-policy', 'No name is given, and no policy is global.', {
      policy: blobPolicy(named),
      expected: refused('policy'),
      spec: sections.selectBlob,
    }),
    ...blobRow('two-global-policies', 'One policy alone may be global.', {
      policy: blobPolicy({}, [{ ...second, globalPolicy: true }]),
      expected: refused('policy'),
      spec: sections.blobConstraints,
    }),
    ...blobRow('global-skip', 'A global policy must not skip.', {
      policy: {
        version: '1.0',
        trustPolicies: [{ name: 'kit', globalPolicy: true, signatureVerification: { level: 'skip' } }],
      },
      expected: refused('policy'),
      spec: sections.blobConstraints,
    }),
    ...blobRow('named-skip', 'A policy may skip when it is asked for by name.', {
      policyName: 'kit',
      policy: { version: '1.0', trustPolicies: [{ name: 'kit', signatureVerification: { level: 'skip' } }] },
      expected: { verdict: 'skipped' },
      spec: sections.levels,
    }),
    ...formats.map((format) =>
      blobCase({
        id: `${format}-blob-other-extension`,
        spec: sections.blobSignatures,
        why: 'The extension of the signature says that it is of the other format.',
        signature: { format },
        signatureFile: `blob.txt.${format === 'jws' ? 'cose' : 'jws'}.sig`,
        expected: refused('integrity'),
        tags: [format, 'blob'],
      }),
    ),
  ];
}

export const cases = () => [...another(), ...malformed(), ...doubled(), ...allowed(), ...metadata(), ...blobs()];
