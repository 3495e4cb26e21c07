import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generateKeyPair, jwtVerify, SignJWT } from 'jose';

/** GitHub's endpoint of identity tokens, on loopback. */
export interface GithubIdentity {
  /** What the runner gives to a job with the permission `id-token: write`. */
  readonly env: Readonly<Record<string, string>>;
  /** Every token that was given. */
  readonly tokens: readonly string[];
  /** Whether a token is one of these for an audience. */
  accepts(token: string, audience: string): Promise<boolean>;
  /** Answers 403 from now on, or no longer. */
  refuse(refused: boolean): void;
  close(): Promise<void>;
}

const issuer = 'https://token.actions.githubusercontent.com';

/** Serves tokens that are truly signed, one for each request, to whoever has the request token. */
export async function serveGithubIdentity(): Promise<GithubIdentity> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const requestToken = 'the-request-token-of-the-runner';
  const tokens: string[] = [];
  let refused = false;
  const make = async (audience: string): Promise<string> => {
    const claims = new SignJWT({ repository: 'wabbit/net-monitor', run: tokens.length });
    const token = await claims
      .setProtectedHeader({ alg: 'ES256' })
      .setIssuer(issuer)
      .setSubject('repo:wabbit/net-monitor:ref:refs/heads/main')
      .setAudience(audience)
      .setExpirationTime('5m')
      .sign(privateKey);
    tokens.push(token);
    return token;
  };
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (refused || request.headers.authorization !== `Bearer ${requestToken}`)
      return void response.writeHead(403, { 'content-type': 'application/json' }).end('{"message":"no permission"}');
    void make(searchParams.get('audience') ?? 'https://github.com/wabbit').then((value) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ value })),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    env: {
      ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${port}/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
    },
    tokens,
    accepts: (token, audience) =>
      jwtVerify(token, publicKey, { issuer, audience }).then(
        () => true,
        () => false,
      ),
    refuse(now) {
      refused = now;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
