import { readFile } from 'node:fs/promises';
import { defined } from '@notarykit/common/internal';
import { envelopeMediaTypes, formatOfSignatureFile } from '@notarykit/signature-envelope/internal';
import { explain } from '@notarykit/trust-policy/internal';
import { notationConfiguration } from '@notarykit/trust-policy/node';
import { verifyBlob } from 'notarykit/internal';
import { type Command, UsageError } from '../shell/command.js';
import { exitCodes } from '../shell/exit-codes.js';
import { judgingOptions, readJudging } from '../shell/judging.js';
import { readRoute, routeOptions } from '../shell/network.js';
import { outputOptions } from '../shell/output.js';
import { revocationNetwork, revocationOptions } from '../shell/revocation.js';
import { metadataOption, readMetadata } from '../shell/signing.js';
import { readAnchors } from '../shell/trust.js';

export const blobVerifyCommand: Command = {
  usage: 'blob verify <file>',
  summary: "Verify the signature of a file under notation's trust policy for blobs",
  options: {
    signature: {
      type: 'string',
      short: 's',
      value: 'path',
      help: 'the signature, "<file>.jws.sig" or "<file>.cose.sig"',
    },
    'policy-name': { type: 'string', value: 'name', help: 'statement of the policy; default: the global one' },
    'media-type': { type: 'string', value: 'type', help: 'media type that must have been signed' },
    'user-metadata': metadataOption('metadata that must be signed'),
    ...judgingOptions,
    ...revocationOptions,
    ...outputOptions,
    ...routeOptions,
  },
  examples: ['blob verify --signature release.tgz.jws.sig release.tgz'],
  async run(args, terminal, call) {
    const [file = ''] = args.positionals;
    const [policyName, contentMediaType] = [args.text('policy-name'), args.text('media-type')];
    const { verdict, report } = await verifyBlob(await readFile(file), await readFile(args.required('signature')), {
      policy: await notationConfiguration().blobTrustPolicy(),
      ...(await readAnchors(revocationNetwork(args, readRoute(args)))),
      ...call,
      ...readJudging(args),
      mediaType: mediaTypeOf(args.required('signature')),
      metadata: readMetadata(args),
      ...defined({ policyName, contentMediaType }),
    });
    terminal.result({ verdict, report }, explain(report));
    return verdict === 'trusted' ? exitCodes.trusted : exitCodes.refused;
  },
};

/** The envelope's media type by the name of its file. */
export function mediaTypeOf(path: string): string {
  const format = formatOfSignatureFile(path);
  if (format === undefined) throw new UsageError(`expected a name that ends in .jws.sig or .cose.sig, found "${path}"`);
  return envelopeMediaTypes[format];
}
