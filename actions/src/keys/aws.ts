import type { Fetch } from '@notarykit/common';
import { awsKmsSigner, awsRequestHandler } from '@notarykit/kms-providers/aws';
import { requiredChain } from './chain.js';
import type { KeyContext, KeyService } from './key-service.js';

const inputs = ['aws-key-id', 'aws-region', 'aws-role'] as const;

type Input = (typeof inputs)[number];

/** A key of AWS KMS, in a role that is assumed with the identity token. */
export const aws: KeyService<Input> = {
  key: 'aws-key-id',
  inputs,
  async open(context) {
    const { KMS } = await import('@aws-sdk/client-kms');
    const { inputs: given, fetch } = context;
    const region = given.required('aws-region');
    return awsKmsSigner({
      client: new KMS({
        region,
        requestHandler: awsRequestHandler(fetch),
        credentials: assumeRole(context, region, fetch),
      }),
      keyId: given.required('aws-key-id'),
      certificateChain: await requiredChain(given),
    });
  },
};

/** The credentials of a session of the role. The client asks again before they end. */
function assumeRole(
  { inputs: given, identityToken, secrets }: KeyContext<Input | 'oidc-audience'>,
  region: string,
  fetch: Fetch,
) {
  const roleArn = given.required('aws-role');
  const audience = given.text('oidc-audience') ?? 'sts.amazonaws.com';
  return async () => {
    const { fromWebToken } = await import('@aws-sdk/credential-provider-web-identity');
    const assume = fromWebToken({
      roleArn,
      roleSessionName: `notarykit-${process.env['GITHUB_RUN_ID'] ?? 'run'}`,
      webIdentityToken: await identityToken(audience),
      clientConfig: { region, requestHandler: awsRequestHandler(fetch) },
    });
    const credentials = await assume();
    secrets.keep(credentials.secretAccessKey);
    if (credentials.sessionToken !== undefined) secrets.keep(credentials.sessionToken);
    return credentials;
  };
}
