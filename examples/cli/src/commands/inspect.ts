import { type Descriptor, fetchBytes, type Repository } from '@notarykit/oci';
import {
  decodeEnvelope,
  inspectEnvelope,
  parseSignatureManifest,
  signatureArtifactType,
} from '@notarykit/signature-envelope';
import type { Command } from '../shell/command.js';
import { describeInspection } from '../shell/inspection.js';
import { nameOfTarget, targetOf, targetOptions } from '../shell/target.js';

export const inspectCommand: Command = {
  usage: 'inspect <reference>',
  summary: 'Show what the signatures of an artifact claim. Nothing is verified',
  atLeast: 1,
  options: targetOptions,
  examples: ['inspect registry.example.com/net-monitor:v1', 'inspect --json registry.example.com/net-monitor:v1'],
  async run(args, terminal) {
    const [reference = ''] = args.positionals;
    const target = await targetOf(args, reference);
    const { repository } = target;
    const artifact = await repository.resolve(nameOfTarget(target));
    const signatures = [];
    for await (const manifest of repository.referrers(artifact, { artifactType: signatureArtifactType }))
      signatures.push({ digest: manifest.digest, ...(await inspectOne(repository, manifest)) });
    const texts = signatures.map(
      ({ digest, ...inspection }) => `signature ${digest}\n${describeInspection(inspection)}`,
    );
    const name = `${repository.name}@${artifact.digest}`;
    terminal.result({ mediaType: artifact.mediaType, signatures }, [name, ...texts].join('\n\n'));
    return 0;
  },
};

async function inspectOne(repository: Repository, descriptor: Descriptor) {
  const manifest = parseSignatureManifest(await fetchBytes(repository, descriptor), descriptor.mediaType);
  const bytes = await fetchBytes(repository, manifest.envelope);
  return inspectEnvelope(decodeEnvelope(bytes, manifest.envelope.mediaType));
}
