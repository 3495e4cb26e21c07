// How signatures are stored beside an artifact, and found again.

import { stranger } from '../lib/authorities.mjs';
import { bytes, digestOf, flip } from '../lib/bytes.mjs';
import { formatFor, ociCase, refused, repository, subject, trusted } from '../lib/case.mjs';
import {
  artifact,
  artifactTypeOf,
  describe,
  emptyDescriptor,
  indexType,
  manifestType,
  signatureType,
} from '../lib/layout.mjs';
import { omitting } from '../lib/omit.mjs';
import { sections } from '../lib/sections.mjs';
import { issue } from '../lib/x509.mjs';

const S = sections.ociSignatures;
const formats = ['jws', 'cose'];
const forms = ['artifactType', 'legacy'];
const none = refused('signature');
const either = refused('signature', 'integrity');
const row = (id, spec, why, { signature = {}, ...more } = {}) =>
  ociCase({
    id: `manifest-${id}`,
    spec,
    why,
    expected: none,
    tags: ['oci'],
    ...more,
    signature: signature === null ? null : { format: formatFor(id), ...signature },
  });
const good = { expected: trusted() };
const changed = (id, why, change, more = {}) => row(id, more.spec ?? S, why, { manifest: { change }, ...more });

/** The index of the referrers tag schema. */
function tagSchema(parts) {
  const [about, ...signatures] = parts.manifests;
  const entries = signatures.map(({ content }) => describe(manifestType, content, artifactTypeOf(content)));
  const index = bytes(JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests: entries }));
  const tag = digestOf(about.content).replace(':', '-');
  return {
    ...parts,
    manifests: [
      about,
      { content: index, mediaType: indexType, tag },
      ...signatures.map((one) => ({ ...one, listed: false })),
    ],
  };
}

function found() {
  const all = formats.flatMap((format) => forms.map((form) => [format, form]));
  return [
    ...all.map(([format, form]) =>
      row(
        `${format}-${form.toLowerCase()}`,
        form === 'legacy' ? sections.compatibility : S,
        `A signature manifest of the ${form === 'legacy' ? 'form with the media type of its configuration' : 'form with artifactType'} is found in a layout.`,
        { ...good, signature: { format }, manifest: { form } },
      ),
    ),
    ...all.map(([format, form]) =>
      row(`${format}-${form.toLowerCase()}-api`, sections.discovery, 'The signature is found by the referrers API.', {
        ...good,
        signature: { format },
        manifest: { form },
        referrers: 'api',
      }),
    ),
    ...all.map(([format, form]) =>
      row(
        `${format}-${form.toLowerCase()}-tag`,
        sections.discovery,
        'The signature is found by the referrers tag schema.',
        { ...good, signature: { format }, manifest: { form }, referrers: 'tag', layout: tagSchema },
      ),
    ),
    row('tag-schema-in-a-layout', sections.discovery, 'The index of the tag schema is in a layout.', {
      ...good,
      layout: tagSchema,
    }),
    row('of-an-index', S, 'The artifact may be an index.', { ...good, subject: indexArtifact() }),
    row('none', sections.ociSteps, 'There is no signature.', { signature: null }),
    row('none-api', sections.ociSteps, 'There is no signature.', { signature: null, referrers: 'api' }),
    row('none-tag', sections.ociSteps, 'There is no signature.', { signature: null, referrers: 'tag' }),
    row('artifact-missing', sections.ociSteps, 'The artifact that is asked for is not there.', {
      reference: `${repository}@sha256:${'c'.repeat(64)}`,
      expected: none,
    }),
  ];
}

function indexArtifact() {
  const content = bytes(JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests: [] }));
  return { content, descriptor: describe(indexType, content) };
}

function malformed() {
  const other = { ...subject.descriptor, digest: `sha256:${'d'.repeat(64)}` };
  const legacy = { form: 'legacy' };
  return [
    changed('other-artifact-type', 'artifactType names something else: this is not a signature.', (m) => ({
      ...m,
      artifactType: 'application/vnd.example.other',
    })),
    changed('other-config-type', 'With artifactType the configuration is the empty one.', (m) => ({
      ...m,
      config: { ...m.config, mediaType: 'application/vnd.example.other' },
    })),
    changed(
      'both-forms',
      'With artifactType the configuration is the empty one, not that of the older form.',
      (m) => ({ ...m, config: { ...m.config, mediaType: signatureType } }),
      { requirement: 'SHOULD' },
    ),
    changed(
      'neither-form',
      'Without artifactType the configuration says that this is a signature.',
      omitting('artifactType'),
    ),
    row('legacy-other-config', S, 'Without artifactType the configuration says that this is a signature.', {
      manifest: {
        ...legacy,
        change: (m) => ({ ...m, config: { ...m.config, mediaType: 'application/vnd.example.other' } }),
      },
    }),
    changed('no-layers', 'There is one layer.', (m) => ({ ...m, layers: [] }), { expected: either }),
    changed('two-layers', 'There is one layer.', (m) => ({ ...m, layers: [m.layers[0], m.layers[0]] }), {
      expected: either,
    }),
    changed(
      'layer-of-another-type',
      'The layer is a JWS or COSE.',
      (m) => ({ ...m, layers: [{ ...m.layers[0], mediaType: 'application/vnd.oci.image.layer.v1.tar' }] }),
      { expected: either },
    ),
    changed(
      'no-subject',
      'subject is required: without it the manifest does not refer to the artifact.',
      omitting('subject'),
    ),
    changed('other-subject', 'subject is another artifact.', (m) => ({ ...m, subject: other })),
    changed(
      'other-subject-api',
      'The registry lists a signature whose subject is another artifact.',
      (m) => ({ ...m, subject: other }),
      { referrers: 'api-lies' },
    ),
    changed(
      'layer-size',
      'The layer is not as long as its descriptor says.',
      (m) => ({ ...m, layers: [{ ...m.layers[0], size: m.layers[0].size + 1 }] }),
      { expected: either },
    ),
    changed(
      'layer-is-the-configuration',
      'The layer is not an envelope.',
      (m) => ({ ...m, layers: [{ ...emptyDescriptor, mediaType: m.layers[0].mediaType }] }),
      { expected: either },
    ),
  ];
}

/** Bytes that are not what their digest says. */
function altered() {
  const at = (content) => `layout/blobs/sha256/${digestOf(content).slice(7)}`;
  const swap = (one, content, other) => ({ ...one, files: { ...one.files, [at(content)]: other } });
  const base = (id, why, more = {}) => row(id, more.spec ?? sections.ociSteps, why, { expected: either, ...more });
  const envelopeChanged = base('envelope-altered', 'The bytes of the envelope are not those of its digest.');
  const [envelope] = layersOf(envelopeChanged);
  const missing = base('envelope-missing', 'The envelope is not there.');
  const [gone] = layersOf(missing);
  const artifactChanged = base('artifact-altered', 'The registry answers with other bytes than the digest says.', {
    referrers: 'api',
    requirement: 'SHOULD',
  });
  const path = `layout/blobs/sha256/${envelope.slice(7)}`;
  return [
    { ...envelopeChanged, files: { ...envelopeChanged.files, [path]: flip(envelopeChanged.files[path], 40) } },
    { ...missing, files: omitting(`layout/blobs/sha256/${gone.slice(7)}`)(missing.files) },
    swap(artifactChanged, subject.content, flip(subject.content, 30)),
  ];
}

/** Digests of the layers of the signature manifests of a case. */
function layersOf({ files }) {
  return Object.values(files)
    .map((content) => {
      try {
        return JSON.parse(content.toString());
      } catch {
        return {};
      }
    })
    .filter(({ subject: about }) => about !== undefined)
    .flatMap(({ layers }) => layers.map(({ digest }) => digest));
}

function several() {
  const F = sections.ociSteps;
  const bad = { change: { signature: (raw) => Buffer.alloc(raw.length, 1) } };
  const list = (id, why, signatures, expected, more = {}) =>
    ociCase({ id: `manifest-${id}`, spec: F, why, signatures, expected, tags: ['oci'], ...more });
  const good = {};
  const unreadable = (parts, made) => ({ ...parts, leaveOut: [digestOf(made[0].envelope)] });
  const copies = (count, one) => Array.from({ length: count }, (_, i) => ({ ...one, says: { agent: `kit/${i}` } }));
  return [
    list('good-after-bad', 'One signature that holds is enough, wherever it stands.', [bad, good], trusted()),
    list('good-before-bad', 'One signature that holds is enough, wherever it stands.', [good, bad], trusted()),
    list(
      'good-among-formats',
      'Signatures of both formats stand beside each other.',
      [{ format: 'cose', ...bad }, { format: 'jws' }],
      trusted(),
    ),
    list(
      'good-after-ten-bad',
      'One signature that holds is enough, after ten that do not.',
      [...copies(10, bad), good],
      trusted(),
    ),
    list(
      'good-after-malformed',
      'A malformed signature does not hide a good one.',
      [{ change: { document: () => 'not an envelope' } }, good],
      trusted(),
    ),
    list(
      'good-after-missing',
      'A signature that cannot be read does not hide a good one.',
      [{ says: { agent: 'kit/first' } }, good],
      trusted(),
      { layout: unreadable, requirement: 'SHOULD' },
    ),
    list('all-bad', 'No signature holds.', [bad, { format: 'cose', ...bad }], refused('integrity')),
    list('two-good', 'Two signatures that hold are as good as one.', [good, { format: 'cose' }], trusted()),
    list(
      'good-after-stranger',
      'The signature of a stranger does not hide a good one.',
      [strangersLeaf(), good],
      trusted(),
    ),
    list(
      'of-another-artifact',
      'A signature of another artifact was attached to this one.',
      [{ payload: JSON.stringify({ targetArtifact: artifact('another artifact').descriptor }) }],
      refused('integrity'),
      { spec: sections.steps },
    ),
  ];
}

function strangersLeaf() {
  return { signer: issue('leaf', 'Kit Leaf of a stranger', { by: stranger }) };
}

export const cases = () => {
  return [...found(), ...malformed(), ...altered(), ...several()];
};
