import { quote } from '@notarykit/common';
import { createHttpTimestamper, parseCertificates } from '@notarykit/pki';
import type { SignEnvelopeOptions, Signer } from '@notarykit/signature-envelope';
import { createTransport } from '@notarykit/transport';
import { keyInputs, openKey } from '../keys/open.js';
import type { Context } from './action.js';
import { inputError } from './errors.js';
import type { Inputs } from './inputs.js';
import type { Network } from './network.js';

/** Inputs of {@link readSigning}. */
export const signingInputs = [
  'format',
  'expiry',
  'metadata',
  'timestamp-url',
  'timestamp-root-cert',
  ...keyInputs,
] as const;

type SigningInput = (typeof signingInputs)[number];

/** The signer and what else is signed: the metadata of the inputs, and the source and the run of the signature. */
export async function readSigning(
  context: Context<SigningInput>,
  network: Network,
): Promise<SignEnvelopeOptions & { readonly signer: Signer }> {
  const { inputs } = context;
  return {
    signer: await openKey(context, createTransport(network)),
    format: inputs.choice('format', ['jws', 'cose']) ?? 'jws',
    metadata: { ...runMetadata(process.env), ...inputs.pairs('metadata') },
    ...readExpiry(inputs.text('expiry')),
    ...(await readTimestamp(inputs, network)),
  };
}

const runVariables = { source: 'GITHUB_REPOSITORY', revision: 'GITHUB_SHA', run: 'GITHUB_RUN_ID' };

function runMetadata(env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const known = Object.entries(runVariables).map(([name, variable]) => [name, env[variable] ?? ''] as const);
  return Object.fromEntries(known.filter(([, value]) => value !== ''));
}

const hourMs = 3_600_000;

function readExpiry(text: string | undefined): { readonly expiry?: Date } {
  if (text === undefined) return {};
  const [, count = '0', unit] = /^(\d{1,5})([hd])$/.exec(text) ?? [];
  const hours = Number(count) * (unit === 'd' ? 24 : 1);
  if (hours === 0) throw inputError('expiry', `expected hours or days such as "12h" or "30d", found ${quote(text)}`);
  return { expiry: new Date(Date.now() + hours * hourMs) };
}

async function readTimestamp(
  inputs: Inputs<'timestamp-url' | 'timestamp-root-cert'>,
  network: Network,
): Promise<Pick<SignEnvelopeOptions, 'timestamper' | 'timestampRoots'>> {
  const url = inputs.text('timestamp-url');
  const timestampRoots = await inputs.file('timestamp-root-cert', (content) => parseCertificates(content));
  if (url === undefined && timestampRoots === undefined) return {};
  if (url === undefined) throw inputError('timestamp-url', 'it is required with "timestamp-root-cert"');
  if (timestampRoots === undefined) throw inputError('timestamp-root-cert', 'it is required with "timestamp-url"');
  const fetch = createTransport(network);
  return { timestamper: createHttpTimestamper({ url, roots: timestampRoots, fetch }), timestampRoots };
}
