// From a row of a table to the directory of a case.

import { certificatePem, leaf, root } from './authorities.mjs';
import { bytes, digestOf, hash } from './bytes.mjs';
import { formats } from './envelope.mjs';
import { artifact, layoutFiles, signatureManifest } from './layout.mjs';

export const schemaVersion = 1;
export const repository = 'registry.kit.example/app';
export const subject = artifact();
export const blob = bytes('the blob of the conformance kit\n');

export const trusted = (...logged) => ({ verdict: 'trusted', ...(logged.length === 0 ? {} : { logged }) });
export const skipped = () => ({ verdict: 'skipped' });
/** Several validations where the specification leaves it open which of them finds the fault. */
export const refused = (...decidingValidation) => ({
  verdict: 'refused',
  decidingValidation: decidingValidation.length === 1 ? decidingValidation[0] : decidingValidation,
});
export const chainRefused = () => refused('integrity', 'authenticity');

/** A policy document with one statement. */
export function policy(statement = {}, more = []) {
  const { level = 'strict', override, verifyTimestamp, ...rest } = statement;
  const verification = {
    level,
    ...(override === undefined ? {} : { override }),
    ...(verifyTimestamp === undefined ? {} : { verifyTimestamp }),
  };
  const first = {
    name: 'kit',
    registryScopes: [repository],
    signatureVerification: verification,
    trustStores: ['ca:kit'],
    trustedIdentities: ['x509.subject:C=US,ST=WA,O=Conformance Kit'],
    ...rest,
  };
  return { version: '1.0', trustPolicies: [first, ...more] };
}

export function blobPolicy(statement = {}, more = []) {
  const { registryScopes: _, ...first } = policy(statement).trustPolicies[0];
  return { version: '1.0', trustPolicies: [{ globalPolicy: true, ...first }, ...more] };
}

/** The payload of a descriptor, as text. */
export const payloadOf = (descriptor) => JSON.stringify({ targetArtifact: descriptor });

/** The format of a case whose rule is the same in both: by its id, so that a new row changes no other. */
export const formatFor = (id) => (hash('sha256', id)[0] % 2 === 0 ? 'jws' : 'cose');

/** Envelope, media type and chain of a signature: `{ signer, format, says, change, payload }`, or bytes that are made already. */
export function sign(target, { signer = leaf, format = 'jws', says, change, payload, bytes: made, mediaType } = {}) {
  const document =
    payload === undefined ? payloadOf(target) : typeof payload === 'function' ? payload(target) : payload;
  const { make, mediaType: own } = formats[format];
  const envelope = made ?? make(signer, bytes(document), says, change);
  return { envelope, mediaType: mediaType ?? own, chain: change?.chain ?? signer.chain, format };
}

export const stores = {
  ca: { 'ca/kit': { 'root.pem': certificatePem(root) } },
  signingAuthority: { 'signingAuthority/kit': { 'root.pem': certificatePem(root) } },
};

const textOf = (document) => (typeof document === 'string' ? document : `${JSON.stringify(document, null, 2)}\n`);

/** Bytes of a file, or a symbolic link, or a program, as they are. */
const fileOf = (content) => (typeof content === 'string' || content instanceof Uint8Array ? bytes(content) : content);

function configFiles(row, policyFile, document) {
  const files = document === null ? {} : { [`config/${policyFile}`]: bytes(textOf(document)) };
  for (const [store, contents] of Object.entries(row.stores ?? stores.ca))
    for (const [name, content] of Object.entries(contents))
      files[`config/truststore/x509/${store}/${name}`] = fileOf(content);
  for (const [name, program] of Object.entries(row.plugins ?? {}))
    files[`config/plugins/${name}/notation-${name}`] = { content: bytes(program), executable: true };
  for (const [name, content] of Object.entries(row.config ?? {})) files[`config/${name}`] = fileOf(content);
  return files;
}

function evidenceOf(row) {
  const answers = row.evidence ?? [];
  const files = {};
  const list = answers.map(({ url, content, status = 200, location }, i) => {
    if (content !== undefined) files[`evidence/${i + 1}.der`] = bytes(content);
    return {
      url,
      status,
      ...(content === undefined ? {} : { file: `evidence/${i + 1}.der` }),
      ...(location === undefined ? {} : { location }),
    };
  });
  return { files, list };
}

function requirements(row, isBlob) {
  return [
    ...(isBlob ? ['blob'] : []),
    ...(row.time === undefined ? [] : ['clock']),
    ...(row.plugins === undefined ? [] : ['plugins']),
    ...(row.evidence === undefined ? [] : ['revocation']),
    ...(Object.keys(row.stores ?? {}).some((name) => name.startsWith('tsa/')) ? ['timestamp'] : []),
    ...(row.metadata === undefined ? [] : ['user-metadata']),
    ...(row.requires ?? []),
  ];
}

function finish(row, isBlob, artifactPart, files) {
  const { files: evidenceFiles, list } = evidenceOf(row);
  const requires = requirements(row, isBlob);
  const document = {
    $schema: '../../schema/case.schema.json',
    schemaVersion,
    id: row.id,
    why: row.why,
    specification: row.spec,
    requirement: row.requirement ?? 'MUST',
    tags: [...new Set(row.tags ?? [])],
    requires,
    artifact: artifactPart,
    config: 'config',
    ...(row.metadata === undefined ? {} : { metadata: row.metadata }),
    ...(row.time === undefined ? {} : { time: row.time }),
    ...(list.length === 0 ? {} : { evidence: list }),
    expected: row.expected,
    generated: true,
  };
  return { id: row.id, document, files: { ...files, ...evidenceFiles } };
}

/**
 * A case about an OCI artifact. `signature`, or `signatures`; `manifest`: form and change of the signature's manifest; `layout`:
 * a function over what the layout is made of; `via`: how signatures are found; `reference`: what is asked for.
 */
export function ociCase(row) {
  const about = row.subject ?? subject;
  const list = row.signatures ?? (row.signature === null ? [] : [row.signature ?? {}]);
  const made = list.map((one) => {
    const { envelope, mediaType, chain } = sign(about.descriptor, one);
    const content = signatureManifest(about.descriptor, envelope, mediaType, chain, {
      ...row.manifest,
      ...one.manifest,
    });
    return { content, envelope };
  });
  const parts = {
    manifests: [
      { content: about.content, mediaType: about.descriptor.mediaType, tag: 'v1' },
      ...made.map(({ content }) => ({ content })),
    ],
    blobs: made.map(({ envelope }) => envelope),
  };
  const layout = layoutFiles(row.layout?.(parts, made) ?? parts);
  const document = row.policy === undefined ? policy() : row.policy;
  const artifactPart = {
    kind: 'oci',
    layout: 'layout',
    reference: row.reference ?? `${repository}@${about.descriptor.digest}`,
    referrers: row.referrers ?? 'layout',
  };
  return finish(row, false, artifactPart, { ...layout, ...configFiles(row, 'trustpolicy.json', document) });
}

/** A case about a blob. `blobTarget` changes the signed descriptor; `policyName` is what the verifier is asked to apply. */
export function blobCase(row) {
  const { digestName = 'sha256' } = row;
  const content = row.blob ?? blob;
  const target = describeBlob(blob, digestName, row.blobTarget);
  const { envelope, format } = sign(target, row.signature);
  const file = row.signatureFile ?? `blob.txt.${format}.sig`;
  const document = row.policy === undefined ? blobPolicy() : row.policy;
  const artifactPart = {
    kind: 'blob',
    path: 'blob.txt',
    signature: file,
    ...(row.policyName === undefined ? {} : { policyName: row.policyName }),
    ...(row.contentMediaType === undefined ? {} : { mediaType: row.contentMediaType }),
  };
  const files = { 'blob.txt': content, [file]: envelope, ...configFiles(row, 'trustpolicy.blob.json', document) };
  return finish(row, true, artifactPart, files);
}

function describeBlob(content, digestName, more) {
  return { mediaType: 'text/plain', digest: digestOf(content, digestName), size: content.length, ...more };
}
