import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkedSigner } from '@notarykit/signature-envelope/internal';
import { createAuthority, serveAwsKms, serveGcpKms, serveKeyVault } from '@notarykit/testing';
import { createTransport } from '@notarykit/transport';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { readInputs } from '../../../actions/src/action/inputs.js';
import { messageOf } from '../../../actions/src/action/message.js';
import { createSecrets } from '../../../actions/src/action/secrets.js';
import { openKey } from '../../../actions/src/keys/open.js';
import { serveTokenExchanges, type TokenExchanges } from '../../support/actions/exchanges.js';
import { type GithubIdentity, serveGithubIdentity } from '../../support/actions/identity.js';
import { routedFetch } from '../../support/actions/routed-fetch.js';

const role = 'arn:aws:iam::111122223333:role/release';
const tenant = '00000000-0000-0000-0000-00000000000a';
const client = '00000000-0000-0000-0000-00000000000b';
const provider = 'projects/1/locations/global/workloadIdentityPools/github/providers/github';
const account = 'release@wabbit.iam.gserviceaccount.com';
const gcpKey = 'projects/p/locations/l/keyRings/r/cryptoKeys/net-monitor';

const inputs = {
  aws: { 'aws-key-id': 'alias/net-monitor', 'aws-region': 'eu-west-1', 'aws-role': role },
  azure: {
    'azure-certificate': 'net-monitor',
    'azure-vault-url': 'https://wabbit.vault.azure.net',
    'azure-tenant-id': tenant,
    'azure-client-id': client,
  },
  gcp: { 'gcp-key': gcpKey, 'gcp-workload-identity-provider': provider, 'gcp-service-account': account },
} as const;

let folder: string;
let identity: GithubIdentity;
let exchanges: TokenExchanges;
let given: { awsSecret: string; awsSession: string; azure: string; federated: string; google: string };
let fetch: ReturnType<typeof createTransport>;
const closers: (() => Promise<void>)[] = [];
/** What the runner was told, and tokens that were used before it was told to mask them. */
const said: string[] = [];
const early: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'notarykit-clouds-'));
  const authority = await createAuthority();
  const leaf = await authority.issueLeaf();
  await writeFile(join(folder, 'chain.pem'), leaf.pem);
  const [vault, aws, gcp, github] = await Promise.all([
    serveKeyVault([{ name: 'net-monitor', versions: [leaf] }]),
    serveAwsKms([{ name: 'net-monitor', versions: [leaf.keyPair] }]),
    serveGcpKms([{ name: gcpKey, versions: [leaf.keyPair] }]),
    serveGithubIdentity(),
  ]);
  identity = github;
  given = {
    awsSecret: 'the-secret-key-of-the-session',
    awsSession: 'the-token-of-the-session',
    azure: vault.token,
    federated: 'the-federated-token-of-google',
    google: 'the-access-token-of-google',
  };
  exchanges = await serveTokenExchanges({
    accepts(token, audience) {
      if (!said.join('').includes(`::add-mask::${token}\n`)) early.push(token);
      return identity.accepts(token, audience);
    },
    ...{ role, tenant, client, provider, account, given },
  });
  closers.push(vault.close, aws.close, gcp.close, identity.close, exchanges.close);
  fetch = routedFetch(createTransport({ ca: vault.ca }), {
    'https://sts.eu-west-1.amazonaws.com': exchanges.url,
    'https://kms.eu-west-1.amazonaws.com': aws.url,
    'https://login.microsoftonline.com': exchanges.url,
    'https://wabbit.vault.azure.net': vault.url,
    'https://sts.googleapis.com': exchanges.url,
    'https://iamcredentials.googleapis.com': exchanges.url,
    'https://cloudkms.googleapis.com': gcp.url,
  });
});
afterAll(async () => {
  await Promise.all(closers.map((close) => close()));
  await rm(folder, { recursive: true });
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** Opens the key of the inputs as an action does; what it tells the runner is in `said`. */
async function open(chosen: Readonly<Record<string, string>>) {
  said.length = 0;
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  const all = { 'certificate-chain': join(folder, 'chain.pem'), ...chosen };
  for (const [name, value] of Object.entries(all)) vi.stubEnv(`INPUT_${name.toUpperCase()}`, value);
  for (const [name, value] of Object.entries(identity.env)) vi.stubEnv(name, value);
  const secrets = createSecrets();
  const signer = checkedSigner(await openKey({ inputs: readInputs(), secrets }, fetch));
  return { signer, secrets };
}

const request = { payload: Uint8Array.of(1, 2, 3), keySpec: 'EC-256' } as const;

describe.each([
  ['aws', () => [given.awsSecret, given.awsSession], /Incorrect token audience/],
  ['azure', () => [given.azure], /No matching federated identity record/],
  ['gcp', () => [given.federated, given.google], /The audience in ID Token does not match/],
] as const)('%s', (cloud, secretsOf, reason) => {
  it('signs with the key, in exchange for an identity token, and masks all that it gets for it', async () => {
    const { signer } = await open(inputs[cloud]);
    await signer.sign(request);
    const token = identity.tokens.at(-1) as string;
    for (const secret of [token, ...secretsOf()]) expect(said.join('')).toContain(`::add-mask::${secret}\n`);
    const lines = said.join('').split('\n');
    for (const line of lines.filter((one) => one.includes(token))) expect(line).toBe(`::add-mask::${token}`);
  });

  it('reports that the token was refused, without showing it', async () => {
    const { signer, secrets } = await open({ ...inputs[cloud], 'oidc-audience': 'someone-else' });
    const error = await signer.sign(request).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: expect.stringMatching(/^ERR_(SIGNER|ACTION)/) });
    const reported = secrets.text(messageOf(error));
    expect(reported).toMatch(reason);
    expect(reported).not.toContain(identity.tokens.at(-1));
  });

  it('requests one identity token for several signatures', async () => {
    const { signer } = await open(inputs[cloud]);
    const before = identity.tokens.length;
    for (const payload of [Uint8Array.of(1), Uint8Array.of(2)]) await signer.sign({ ...request, payload });
    expect(identity.tokens.length - before).toBe(1);
    expect(early).toEqual([]);
  });
});
