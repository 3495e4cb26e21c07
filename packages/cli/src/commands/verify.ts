import { defined } from '@notarykit/common/internal';
import { explain } from '@notarykit/trust-policy/internal';
import { verify } from 'notarykit/internal';
import type { Command } from '../shell/command.js';
import { exitCodes } from '../shell/exit-codes.js';
import { trustPage } from '../shell/html/trust.js';
import { judgingOptions, readJudging } from '../shell/judging.js';
import { mirrorOptions } from '../shell/mirrors.js';
import { maxSignaturesOf, maxSignaturesOption } from '../shell/numbers.js';
import { outputOptions } from '../shell/output.js';
import { readPlatforms, verifiedPlatforms } from '../shell/platforms.js';
import { withProgress } from '../shell/progress.js';
import { revocationNetwork, revocationOptions } from '../shell/revocation.js';
import { readScope, scopeOptions } from '../shell/scope.js';
import { metadataOption, readMetadata } from '../shell/signing.js';
import { keylessTargetOptions, nameOfTarget, readTargetOf, verifyingNetwork } from '../shell/target.js';
import { readTrust } from '../shell/trust.js';

export const verifyCommand: Command = {
  usage: 'verify <reference>',
  summary: "Verify an artifact under notation's trust policy and trust store, and explain the verdict",
  options: {
    'user-metadata': metadataOption('metadata that must be signed'),
    ...scopeOptions,
    'max-signatures': maxSignaturesOption('most signatures that are examined'),
    ...verifiedPlatforms,
    ...judgingOptions,
    ...revocationOptions,
    ...mirrorOptions,
    ...keylessTargetOptions,
    ...outputOptions,
  },
  formats: ['html'],
  examples: [
    'verify registry.example.com/net-monitor:v1',
    'verify --format html registry.example.com/net-monitor:v1 > verdict.html',
    'verify --platforms both registry.example.com/net-monitor:v1',
    'verify --registries-conf /etc/containers/registries.conf registry.example.com/net-monitor:v1',
    'verify --oci-layout --scope registry.example.com/net-monitor net-monitor.tar:v1',
  ],
  async run(args, terminal, call) {
    const [reference = ''] = args.positionals;
    const network = await verifyingNetwork(args);
    const [scope, limit] = [readScope(args), maxSignaturesOf(args)];
    const target = await readTargetOf(args, reference, network);
    const verdict = await verify(withProgress(target.repository, terminal), nameOfTarget(target), {
      ...call,
      ...(await readTrust(revocationNetwork(args, network))),
      ...readJudging(args),
      metadata: readMetadata(args),
      ...readPlatforms(args),
      ...scope,
      ...defined({ maxSignatures: limit }),
    });
    const manifests = verdict.verdict === 'trusted' ? verdict.manifests.map(({ descriptor }) => descriptor.digest) : [];
    terminal.result(
      {
        verdict: verdict.verdict,
        digest: verdict.digest,
        ...(manifests.length > 0 && { manifests }),
        report: verdict.report,
      },
      explain(verdict.report),
      () => trustPage(verdict.report),
    );
    // Skipped is not trusted: nothing was verified.
    return verdict.verdict === 'trusted' ? exitCodes.trusted : exitCodes.refused;
  },
};
