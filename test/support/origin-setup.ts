import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { encodePem } from '@notarykit/pki';
import { createAuthority, createEmbeddedRegistry } from '@notarykit/testing';

/** Accounts of the two registries. */
export const originAccounts = {
  staging: { username: 'build', password: 'staging-secret' },
  production: { username: 'deploy', password: 'production-secret' },
} as const;

/** What `examples/origin.sh` needs: registries that ask for accounts, keys and trust of notation, files, and the command on the path. */
export interface OriginSetup extends AsyncDisposable {
  readonly folder: string;
  readonly hosts: { readonly staging: string; readonly production: string };
  /** PEM of the root that the signer's certificate is under. */
  readonly root: Uint8Array;
  readonly env: Readonly<Record<string, string>>;
  readonly script: string;
}

/** `program` is the command, as one file of JavaScript. */
export async function createOriginSetup(program: string): Promise<OriginSetup> {
  const folder = await mkdtemp(join(tmpdir(), 'notarykit-origin-'));
  const registries = Object.values(originAccounts).map((account) =>
    createEmbeddedRegistry({ auth: { scheme: 'token', accounts: [account] } }),
  );
  const [staging = '', production = ''] = await Promise.all(
    registries.map(async (registry) => (await registry.listen({ name: 'localhost' })).host),
  );
  const authority = await createAuthority();
  await writeFiles(folder, authority, program);
  return {
    folder,
    hosts: { staging, production },
    root: authority.root.certificate,
    script: resolve('examples/origin.sh'),
    env: {
      PATH: `${join(folder, 'bin')}${delimiter}${process.env['PATH']}`,
      HOME: folder,
      NOTATION_CONFIG: join(folder, 'notation'),
      NOTATION_CACHE: join(folder, 'cache'),
      DOCKER_CONFIG: folder,
      NO_COLOR: '1',
      OUTPUT: join(folder, 'out'),
      STAGING: staging,
      STAGING_USERNAME: originAccounts.staging.username,
      STAGING_PASSWORD: originAccounts.staging.password,
      PRODUCTION: production,
      PRODUCTION_USERNAME: originAccounts.production.username,
      PRODUCTION_PASSWORD: originAccounts.production.password,
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...registries.map((one) => one.close()), rm(folder, { recursive: true })]);
    },
  };
}

async function writeFiles(
  folder: string,
  authority: Awaited<ReturnType<typeof createAuthority>>,
  program: string,
): Promise<void> {
  const { pem, privateKeyPem } = await authority.issueLeaf({
    subject: { CN: 'build', O: 'Wabbit', ST: 'WA', C: 'US' },
  });
  const statement = {
    name: 'wabbit-networks',
    registryScopes: ['*'],
    signatureVerification: { level: 'strict' },
    trustStores: ['ca:wabbit-networks'],
    trustedIdentities: ['x509.subject:C=US,ST=WA,O=Wabbit'],
  };
  const keys = [{ name: 'build', keyPath: join(folder, 'key.pem'), certPath: join(folder, 'chain.pem') }];
  const files = {
    'bin/notarykit': `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`,
    'key.pem': privateKeyPem,
    'chain.pem': pem,
    'net-monitor.bin': 'net-monitor',
    'sbom.json': '{"version":"0.0.0.0","artifact":"net-monitor:v1","contents":"good"}',
    'scan-results.json': '{"version":"0.0.0.0","artifact":"net-monitor:v1","findings":[]}',
    'gate.yaml':
      "version: '1.0'\nname: production\nsigners: { build: { trustPolicy: wabbit-networks } }\nimage: { signedBy: [build] }\n",
    'notation/signingkeys.json': JSON.stringify({ default: 'build', keys }),
    'notation/trustpolicy.json': JSON.stringify({ version: '1.0', trustPolicies: [statement] }),
    'notation/truststore/x509/ca/wabbit-networks/root.pem': encodePem('CERTIFICATE', authority.root.certificate),
  };
  for (const name of ['bin', 'notation/truststore/x509/ca/wabbit-networks'])
    await mkdir(join(folder, name), { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content, { mode: 0o600 });
  await chmod(join(folder, 'bin/notarykit'), 0o700);
}
