import { type InspectedSignature, inspect } from 'notarykit/internal';
import type { Command } from '../shell/command.js';
import { exitCodes } from '../shell/exit-codes.js';
import { describeInspection } from '../shell/inspection.js';
import { mirrorOptions } from '../shell/mirrors.js';
import { maxSignaturesOf, maxSignaturesOption } from '../shell/numbers.js';
import { outputOptions } from '../shell/output.js';
import { withProgress } from '../shell/progress.js';
import { keylessTargetOptions, nameOfTarget, onlyTargetOf, readTargetOf } from '../shell/target.js';

export const inspectCommand: Command = {
  usage: 'inspect <reference>',
  summary: 'Show what the signatures of an artifact claim. Nothing is verified',
  options: {
    'max-signatures': maxSignaturesOption('most signatures that are read'),
    ...mirrorOptions,
    ...keylessTargetOptions,
    ...outputOptions,
  },
  examples: ['inspect registry.example.com/net-monitor:v1', 'inspect --json registry.example.com/net-monitor:v1'],
  async run(args, terminal, call) {
    const [reference = ''] = args.positionals;
    const target = await onlyTargetOf(args, reference, readTargetOf);
    const repository = withProgress(target.repository, terminal);
    const { digest, mediaType } = await repository.resolve(nameOfTarget(target), call);
    const limit = maxSignaturesOf(args) ?? 100;
    const { signatures } = await inspect(repository, digest, { ...call, maxSignatures: limit });
    if (signatures.length === limit) terminal.note(`no more than ${limit} signatures are shown; see --max-signatures`);
    const text = [`${repository.name}@${digest}`, ...signatures.map(describe)].join('\n\n');
    terminal.result({ mediaType, signatures }, text);
    // As with notation: what can be read is shown, and that something cannot is not a success.
    return signatures.some(isUnreadable) ? exitCodes.failed : exitCodes.trusted;
  },
};

const isUnreadable = (signature: InspectedSignature) => 'error' in signature;

function describe(signature: InspectedSignature): string {
  const title = `signature ${signature.digest || '(its entry in the list of referrers cannot be read)'}`;
  if ('error' in signature) return `${title}\n  cannot be read: ${signature.error.message}`;
  return `${title}\n${describeInspection(signature)}`;
}
