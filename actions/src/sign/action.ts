import { fileLayer } from '@notarykit/artifact-graph/node';
import type { Digest } from '@notarykit/oci';
import { type SignedArtifact, sign, signFile } from 'notarykit';
import type { Action, Context } from '../action/action.js';
import { inputError } from '../action/errors.js';
import { networkInputs, readNetwork } from '../action/network.js';
import { account, openRepository, readReference, registryInputs } from '../action/registry.js';
import { readSigning, signingInputs } from '../action/signing.js';

const inputs = [
  'reference',
  'files',
  'artifact-type',
  'platforms',
  ...registryInputs,
  ...networkInputs,
  ...signingInputs,
] as const;
const outputs = ['digest', 'signature'] as const;

type Input = (typeof inputs)[number];

/** Signs an artifact, or packs files, attaches them to it and signs them. */
export const signAction: Action<Input, (typeof outputs)[number]> = {
  inputs,
  outputs,
  async run(context) {
    const { artifact, signatures, signature } = await signReference(context);
    const { registry, repository } = readReference(context.inputs, 'reference');
    const place = `${registry}/${repository}`;
    const lines = signatures.map(({ subject, signature: { digest } }) => `${place}@${subject.digest}: ${digest}`);
    return {
      passed: true,
      headline: `signed ${place}@${artifact.digest}`,
      explanation: ['Signatures', ...lines].join('\n'),
      outputs: { digest: artifact.digest, signature: signature.digest },
    };
  },
};

async function signReference(context: Context<Input>): Promise<SignedArtifact> {
  const { inputs: given } = context;
  const reference = readReference(given, 'reference');
  const { digest } = reference;
  // A tag may have moved since the build pushed it.
  if (digest === undefined)
    throw inputError('reference', 'name the artifact by digest, such as registry.example.com/app@sha256:…');
  const network = await readNetwork(given);
  const repository = openRepository(context, { reference, account }, network);
  const files = given.lines('files');
  const [type, platforms] = [given.text('artifact-type'), given.choice('platforms', ['index', 'children', 'both'])];
  if (files.length === 0 && type !== undefined) throw inputError('artifact-type', 'it has no effect without "files"');
  const signing = await readSigning(context, network);
  if (files.length === 0) return await sign(repository, digest, { ...signing, ...(platforms && { platforms }) });
  if (platforms !== undefined) throw inputError('platforms', 'it has no effect with "files"');
  return await signFile(repository, {
    ...signing,
    ...(await packing(files, digest)),
    artifactType: given.required('artifact-type'),
  });
}

async function packing(files: readonly string[], subject: Digest) {
  return { files: await Promise.all(files.map(readFileLine)), subject };
}

/** `sbom.spdx.json:application/spdx+json`: a path and, after the last colon, its media type. */
function readFileLine(line: string) {
  const [, path = line, mediaType] = /^(.+):([^:/\\]+\/[^:/\\]+)$/.exec(line) ?? [];
  return fileLayer(path, mediaType === undefined ? {} : { mediaType });
}
