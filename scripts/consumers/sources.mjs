/** The programs that users would write. Each says what it found on its last line. */

/** Publishes, verifies and is refused once the key is revoked; for one who calls `expect` with it. */
const body = `
  const lab = await createTrustLab();
  const { host } = await lab.registry.listen();
  const { url } = await lab.services.listen();
  const leaf = await lab.authority.issueLeaf({ ocspUrls: [lab.services.ocspUrl(url)] });
  const repository = createRegistry({ registry: host }).repository('app');
  const push = { artifactType: 'example/app', layers: [await fileLayer(folder, { title: 'app' })] };
  await publish(repository, { push, sign: { signer: leaf.signer }, tag: 'v1' });
  const signatureVerification = { level: 'strict' };
  const statement = { name: 'lab', registryScopes: ['*'], trustStores: ['ca:lab'], trustedIdentities: ['*'], signatureVerification };
  const policy = parseTrustPolicy({ version: '1.0', trustPolicies: [statement] });
  const revocation = () => createRevocationChecker({ fetch, addresses: { loopback: true } });
  const trust = () => ({ policy, trustStore: memoryTrustStore(lab.trustStore), revocation: revocation() });
  const found = [(await verify(repository, 'v1', trust())).verdict];
  lab.services.revoke(leaf, { reason: 'keyCompromise' });
  found.push(await verify(repository, 'v1', trust()).catch(({ code }) => code));
  found.push(parseGatePolicy('version: "1.0"\\nname: x\\nsigners: {a: {trustPolicy: b}}\\nimage: {signedBy: [a]}\\n').name);
  await lab.close();
  return found.join(' ');
`;

export const expected = 'trusted ERR_TRUST_NOT_VERIFIED x';

const imported = {
  '@notarykit/artifact-graph/node': 'fileLayer',
  '@notarykit/pki': 'createRevocationChecker',
  '@notarykit/registry-client': 'createRegistry',
  '@notarykit/sbom-gate': 'parseGatePolicy',
  '@notarykit/testing': 'createTrustLab',
  '@notarykit/trust-policy': 'memoryTrustStore, parseTrustPolicy',
  notarykit: 'publish, verify',
};

const imports = Object.entries(imported).map(([name, names]) => `import { ${names} } from '${name}';`);
const requires = Object.entries(imported).map(([name, names]) => `const { ${names} } = require('${name}');`);
const scenario = `async function scenario(folder) {${body}}`;

/** A program as an ES module, which prints. */
export const program = `${imports.join('\n')}\n${scenario}\nconsole.log(await scenario('folder'));\n`;

/** The same without \`await\` outside of functions, which CommonJS does not have. */
export const bundled = `${imports.join('\n')}\n${scenario}\nscenario('folder').then((found) => console.log(found));\n`;

const test = `test('lab', async () => {
  if ((await scenario('folder')) !== '${expected}') throw new Error('another outcome');
}, 60_000);\n`;

/** Tests of a user: Jest's globals in CommonJS and in an ES module, vitest, node:test. */
export const tests = {
  'default.test.js': `${requires.join('\n')}\n${scenario}\n${test}`,
  'jest-esm.test.mjs': `${imports.join('\n')}\n${scenario}\n${test}`,
  'vitest.test.mjs': `import { test } from 'vitest';\n${imports.join('\n')}\n${scenario}\n${test}`,
  'node.test.mjs': `import { test } from 'node:test';\n${imports.join('\n')}\n${scenario}\n${test.replace('}, 60_000)', '})')}`,
};

/** What a page would need: no module of Node may come along. */
export const page = `import { createRegistry } from '@notarykit/registry-client';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { verify } from 'notarykit';
globalThis.verifyIn = (registry, name, document, stores) =>
  verify(createRegistry({ registry }).repository(name), 'v1', { policy: parseTrustPolicy(document), trustStore: memoryTrustStore(stores) });
`;

/** Each entry is one module, however it is loaded. */
export const oneModule = (entries) => `
const entries = ${JSON.stringify(entries)};
(async () => {
  for (const entry of entries) if (require(entry) !== (await import(entry))) throw new Error('two copies of ' + entry);
  console.log('one module each');
  process.exit(0);
})();
`;
