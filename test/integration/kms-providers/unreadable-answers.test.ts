import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CertificateClient } from '@azure/keyvault-certificates';
import { awsKmsSigner } from '@notarykit/kms-providers/aws';
import { azureKeyVaultSigner } from '@notarykit/kms-providers/azure';
import { gcpKmsRestClient, gcpKmsSigner } from '@notarykit/kms-providers/gcp';
import { vaultSigner } from '@notarykit/kms-providers/vault';
import type { Signer } from '@notarykit/signature-envelope';
import { createAuthority } from '@notarykit/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { awsKms, azureCredential, googleKms, secrets } from '../../support/kms.js';

const leaf = await (await createAuthority()).issueLeaf();
const certificateChain = leaf.pem;
const name = 'projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1';

interface Answer {
  readonly status: number;
  readonly body: string | Uint8Array;
  readonly type?: string | undefined;
  /** The connection ends before the body does. */
  readonly isCut?: boolean;
}

let answer: Answer = { status: 200, body: '' };
const server = createServer((incoming, outgoing) => {
  incoming.resume();
  const { status, body, type, isCut = false } = answer;
  outgoing.writeHead(status, {
    ...(type === undefined ? {} : { 'content-type': type }),
    ...(isCut ? { 'content-length': body.length + 1000 } : {}),
  });
  if (isCut) outgoing.write(body, () => incoming.socket.destroy());
  else outgoing.end(body);
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
const url = `http://127.0.0.1:${port}`;
const aws = awsKms({ url });
const google = googleKms({ port });
afterAll(async () => {
  aws.destroy();
  await google.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** Each with the client that its users bring; none of the clients retries here. */
const signers: Readonly<Record<string, () => Signer>> = {
  aws: () => awsKmsSigner({ client: aws, keyId: 'alias/k', certificateChain }),
  azure: () =>
    azureKeyVaultSigner({
      certificates: new CertificateClient(url, azureCredential({ token: 't' }), {
        disableChallengeResourceVerification: true,
        allowInsecureConnection: true,
        retryOptions: { maxRetries: 0 },
      }),
      name: 'k',
      crypto: () => ({ sign: () => Promise.reject(new Error('not asked')) }),
      caCertificates: leaf.chain.slice(1),
    }),
  gcp: () => gcpKmsSigner({ client: google, name, certificateChain }),
  'gcp-rest': () =>
    gcpKmsSigner({
      client: gcpKmsRestClient({ fetch, accessToken: async () => secrets.google, endpoint: url }),
      name,
      certificateChain,
    }),
  vault: () => vaultSigner({ address: url, token: secrets.vault, key: 'k', fetch }),
};

const unreadable: readonly (readonly [string, Pick<Answer, 'body' | 'isCut'>])[] = [
  ['nothing', { body: '' }],
  ['a page', { body: '<html>Bad gateway</html>' }],
  ['half an object', { body: '{' }],
  ['no UTF-8', { body: Uint8Array.of(0x7b, 0xff, 0x7d) }],
  ['null', { body: 'null' }],
  ['a body that is cut', { body: '{"a":', isCut: true }],
];
const answers = unreadable.flatMap(([what, body]) =>
  ['application/json', undefined].map((type) => [`${what}, ${type ?? 'of no type'}`, { ...body, type }] as const),
);

describe.each(Object.keys(signers))('%s: an answer that cannot be read', (provider) => {
  const reasonOf = (given: Answer): Promise<unknown> => {
    answer = given;
    return (signers[provider] as () => Signer)()
      .describe()
      .then(
        () => 'described',
        (error: { name?: string; reason?: string }) => [error.name, error.reason],
      );
  };

  test.each(answers)('K3 200, %s: may be tried again', async (what, body) => {
    // What AWS gives for an empty object is an object without members: it can be read.
    const isEmpty = provider === 'aws' && /^(nothing|null)/.test(what);
    expect(await reasonOf({ status: 200, ...body })).toEqual(['SignerError', isEmpty ? 'unknown' : 'unavailable']);
  });

  test.each(answers)('K3 503, %s: may be tried again', async (_, body) => {
    expect(await reasonOf({ status: 503, ...body })).toEqual(['SignerError', 'unavailable']);
  });

  test.each([
    [403, 'access-denied'],
    [429, 'throttled'],
  ])('K3 %i: the status says why', async (status, reason) => {
    const page = { body: '<html>no</html>', type: 'text/html' };
    expect(await reasonOf({ status, ...page })).toEqual(['SignerError', reason]);
  });
});
