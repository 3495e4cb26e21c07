import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How an identity provider of a cloud answers. */
interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** The services of AWS, Azure and Google that give something for an identity token, on loopback. */
export interface TokenExchanges {
  readonly url: string;
  /** Path of every request. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/** What the exchanges give, and for which tokens. */
export interface ExchangeOptions {
  accepts(token: string, audience: string): Promise<boolean>;
  readonly role: string;
  readonly tenant: string;
  readonly client: string;
  readonly provider: string;
  readonly account: string;
  readonly given: {
    readonly awsSecret: string;
    readonly awsSession: string;
    readonly azure: string;
    readonly federated: string;
    readonly google: string;
  };
}

const json = (status: number, body: object): Answer => ({
  status,
  type: 'application/json',
  body: JSON.stringify(body),
});

/**
 * AssumeRoleWithWebIdentity of AWS STS, the token endpoint of Microsoft Entra ID with its metadata, and Google's STS with the
 * impersonation of a service account. Each looks at the token, its audience, and for whom it is.
 */
export async function serveTokenExchanges(options: ExchangeOptions): Promise<TokenExchanges> {
  const asked: string[] = [];
  let url = '';
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    void read(request)
      .then((form) => answer(request, form, options, url))
      .then(({ status, type, body }) => response.writeHead(status, { 'content-type': type }).end(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function read(request: IncomingMessage): Promise<URLSearchParams> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  return new URLSearchParams(Buffer.concat(parts).toString('utf8'));
}

async function answer(
  { url = '', headers }: IncomingMessage,
  form: URLSearchParams,
  options: ExchangeOptions,
  own: string,
): Promise<Answer> {
  const path = url.replace(/\?.*$/, '');
  if (path === '/') return await assumeRole(form, options);
  if (path === `/${options.tenant}/oauth2/v2.0/token`) return await azureToken(form, options);
  if (path.endsWith('/.well-known/openid-configuration')) return azureMetadata(options);
  if (path === '/v1/token') return await googleToken(form, options);
  if (path === `/v1/projects/-/serviceAccounts/${encodeURIComponent(options.account)}:generateAccessToken`)
    return headers.authorization === `Bearer ${options.given.federated}`
      ? json(200, { accessToken: options.given.google, expireTime: new Date(Date.now() + 3_600_000).toISOString() })
      : json(403, { error: { code: 403, message: 'denied', status: 'PERMISSION_DENIED' } });
  return json(404, { error: `nothing at ${own}${path}` });
}

async function assumeRole(form: URLSearchParams, { accepts, role, given }: ExchangeOptions): Promise<Answer> {
  const accepted = await accepts(form.get('WebIdentityToken') ?? '', 'sts.amazonaws.com');
  const known = form.get('Action') === 'AssumeRoleWithWebIdentity' && form.get('RoleArn') === role;
  const type = 'text/xml';
  if (!accepted || !known) {
    const error = '<Type>Sender</Type><Code>InvalidIdentityToken</Code><Message>Incorrect token audience</Message>';
    return {
      status: 400,
      type,
      body: `<ErrorResponse><Error>${error}</Error><RequestId>1</RequestId></ErrorResponse>`,
    };
  }
  const expiration = new Date(Date.now() + 3_600_000).toISOString();
  const credentials =
    `<AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>${given.awsSecret}</SecretAccessKey>` +
    `<SessionToken>${given.awsSession}</SessionToken><Expiration>${expiration}</Expiration>`;
  const result = `<AssumeRoleWithWebIdentityResult><Credentials>${credentials}</Credentials></AssumeRoleWithWebIdentityResult>`;
  const xmlns = 'https://sts.amazonaws.com/doc/2011-06-15/';
  const body = `<AssumeRoleWithWebIdentityResponse xmlns="${xmlns}">${result}</AssumeRoleWithWebIdentityResponse>`;
  return { status: 200, type, body };
}

async function azureToken(form: URLSearchParams, { accepts, client, given }: ExchangeOptions): Promise<Answer> {
  const accepted = await accepts(form.get('client_assertion') ?? '', 'api://AzureADTokenExchange');
  const known =
    form.get('client_id') === client &&
    form.get('grant_type') === 'client_credentials' &&
    form.get('client_assertion_type') === 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' &&
    form.get('scope')?.includes('https://vault.azure.net/.default') === true;
  return accepted && known
    ? json(200, { token_type: 'Bearer', expires_in: 3600, ext_expires_in: 3600, access_token: given.azure })
    : json(401, { error: 'invalid_client', error_description: 'AADSTS700212: No matching federated identity record' });
}

function azureMetadata({ tenant }: ExchangeOptions): Answer {
  const base = `https://login.microsoftonline.com/${tenant}`;
  return json(200, {
    issuer: `${base}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
  });
}

async function googleToken(form: URLSearchParams, { accepts, provider, given }: ExchangeOptions): Promise<Answer> {
  const accepted = await accepts(form.get('subject_token') ?? '', `https://iam.googleapis.com/${provider}`);
  const known = form.get('audience') === `//iam.googleapis.com/${provider}`;
  return accepted && known
    ? json(200, {
        access_token: given.federated,
        issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        token_type: 'Bearer',
        expires_in: 3600,
      })
    : json(400, { error: 'invalid_grant', error_description: 'The audience in ID Token does not match' });
}
