import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packArtifact } from '@notarykit/artifact-graph';
import { encodePem } from '@notarykit/pki';
import { createRegistry } from '@notarykit/registry-client';
import { createTrustLab, type TrustLab } from '@notarykit/testing';

/** The account of the registry. */
export const account = { username: 'wabbit', password: 'carrot' };

const gatePolicy = `version: '1.0'
name: production
signers: { build: { trustPolicy: wabbit-networks } }
image: { signedBy: [build] }
`;

/** A trust policy as an installed notation has it: for one repository, not for all. */
function narrowerPolicy(host: string): string {
  const statement = {
    name: 'wabbit-networks',
    registryScopes: [`${host}/net-monitor`],
    signatureVerification: { level: 'strict' },
    trustStores: ['ca:wabbit-networks'],
    trustedIdentities: ['x509.subject:C=US,ST=WA,O=Wabbit Networks'],
  };
  return JSON.stringify({ version: '1.0', trustPolicies: [statement] });
}

/** A folder with what a user has: keys and trust of notation, an account of docker, and an image in a registry. */
export async function setUpDesk() {
  const folder = await mkdtemp(join(tmpdir(), 'notarykit-cli-'));
  const lab = await createTrustLab({ registry: { auth: { scheme: 'token', accounts: [account] } } });
  const { host } = await lab.registry.listen();
  await writeFiles(folder, lab, host);
  const registry = createRegistry({ registry: host, credentials: account });
  const repository = registry.repository('net-monitor');
  await packArtifact(repository, { artifactType: 'application/vnd.wabbit.net-monitor', layers: [], tags: ['v1'] });
  const config = join(folder, 'notation');
  return {
    folder,
    host,
    registry,
    repository,
    env: { NOTATION_CONFIG: config, NOTATION_CACHE: join(folder, 'cache'), DOCKER_CONFIG: folder, NO_COLOR: '1' },
    async close() {
      await lab.close();
      await rm(folder, { recursive: true });
    },
  };
}

async function writeFiles(folder: string, lab: TrustLab, host: string): Promise<void> {
  const { pem, privateKeyPem } = await lab.authority.issueLeaf({
    subject: { CN: 'build.wabbit-networks.test', O: 'Wabbit Networks', ST: 'WA', C: 'US' },
  });
  const certifier = await lab.authority.issueLeaf({
    subject: { CN: 'quality.wabbit-networks.test', O: 'Wabbit Networks', ST: 'WA', C: 'US' },
  });
  const [keyPath, certPath] = [join(folder, 'key.pem'), join(folder, 'chain.pem')];
  const keys = { default: 'build', keys: [{ name: 'build', keyPath, certPath }] };
  const auth = Buffer.from(`${account.username}:${account.password}`).toString('base64');
  const statement = {
    name: 'files',
    globalPolicy: true,
    signatureVerification: { level: 'strict' },
    trustStores: ['ca:wabbit-networks'],
    trustedIdentities: ['*'],
  };
  const store = join(folder, 'notation/truststore/x509/ca/wabbit-networks');
  await mkdir(store, { recursive: true });
  const files = {
    'key.pem': privateKeyPem,
    'chain.pem': pem,
    'quality-key.pem': certifier.privateKeyPem,
    'quality-chain.pem': certifier.pem,
    'sbom.json': '{"version":"0.0.0.0","artifact":"net-monitor:v1","contents":"good"}',
    'gate.yaml': gatePolicy,
    'narrower.json': narrowerPolicy(host),
    'config.json': JSON.stringify({ auths: { [host]: { auth } } }),
    'notation/signingkeys.json': JSON.stringify(keys),
    'notation/trustpolicy.blob.json': JSON.stringify({ version: '1.0', trustPolicies: [statement] }),
    'notation/truststore/x509/ca/wabbit-networks/root.pem': encodePem('CERTIFICATE', lab.authority.root.certificate),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content, { mode: 0o600 });
}
