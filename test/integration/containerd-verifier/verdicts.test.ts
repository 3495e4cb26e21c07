import { chmod, rename, symlink } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { verifierExitCodes } from '@notarykit/containerd-verifier';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startVerifier, type VerifierProcess } from '../../../packages/containerd-verifier/src/program.js';
import { labPolicy } from '../../support/lab-policy.js';
import { answer, imagesOf, type Node, type Pull, setUpNode, wordsOf } from '../../support/verifier-node.js';

let node: Node;
beforeAll(async () => {
  node = await setUpNode();
});
afterAll(() => node.close());
afterEach(async () => {
  await node.settings({});
  await node.write({ 'config/trustpolicy.oci.json': labPolicy({ withoutRevocation: true }) });
});

const signed = () => ({ name: `${imagesOf(node)}:signed`, descriptor: node.image.signed });
const unsigned = () => ({ name: `${imagesOf(node)}:unsigned`, descriptor: node.image.unsigned });
const ask = async (question: Pull): Promise<{ readonly code: number; readonly stdout: string }> => {
  const { exitCode, reason } = await answer(node, question);
  return { code: exitCode, stdout: reason };
};
const said = (code: number, text: string) => ({ code, stdout: expect.stringContaining(text) });

describe('verdicts', () => {
  it('N1 the digest that is pulled is judged, whatever its tag names', async () => {
    const moved = { name: `${imagesOf(node)}:signed`, descriptor: node.image.unsigned };
    expect(await ask(moved)).toMatchObject(said(1, node.image.unsigned.digest));
  });

  it('N1 a descriptor of another type or size than was signed is not the signed image', async () => {
    const { name, descriptor } = signed();
    for (const wrong of [{ size: descriptor.size + 1 }, { mediaType: node.image.index.mediaType }])
      expect(await ask({ name, descriptor: { ...descriptor, ...wrong } })).toMatchObject(said(1, 'ERR_TRUST_'));
  });

  it('an index is judged by its own signature, or by those of its images where the settings say so', async () => {
    const question = { name: `${imagesOf(node)}:index`, descriptor: node.image.index };
    expect(await ask(question)).toMatchObject({ code: 1 });
    await node.settings({ platforms: 'children' });
    expect(await ask(question)).toMatchObject({ code: 0 });
  });

  it('N4 refuses images without a statement, and skipped ones unless allowed', async () => {
    await node.write({ 'config/trustpolicy.oci.json': labPolicy({ scopes: [`${node.host}/other`] }) });
    expect(await ask(signed())).toMatchObject(said(1, 'ERR_TRUST_NO_STATEMENT'));
    const skip = { name: 'system', registryScopes: [imagesOf(node)], signatureVerification: { level: 'skip' } };
    await node.write({ 'config/trustpolicy.oci.json': { version: '1.0', trustPolicies: [skip] } });
    expect(await ask(unsigned())).toMatchObject(said(1, 'allowSkipped'));
    await node.settings({ allowSkipped: true });
    expect(await ask(unsigned())).toMatchObject(said(0, 'not verified: '));
  });

  it('reads through hosts.toml as containerd pulls, under the name that is pulled', async () => {
    const hosts = join(node.folder, 'certs.d');
    await node.write({ 'certs.d/public.example.com/hosts.toml': `server = "http://${node.host}"\n` });
    await node.settings({ network: { hostsDirs: [hosts] } });
    const question = { name: 'public.example.com/net-monitor:signed', descriptor: node.image.signed };
    expect(await ask(question)).toMatchObject(said(0, 'trusted: public.example.com/net-monitor@'));
    await node.write({ 'config/trustpolicy.oci.json': labPolicy({ scopes: [imagesOf(node)] }) });
    expect(await ask(question)).toMatchObject(said(1, 'ERR_TRUST_NO_STATEMENT'));
  });

  it('a missing account gives no verdict, and no secret is shown', async () => {
    await node.settings({ credentials: { dockerConfigs: [join(node.folder, 'empty.json')] } });
    expect(await ask(signed())).toMatchObject(said(3, 'ERR_REGISTRY_'));
    const auth = Buffer.from('wabbit:radish-of-old').toString('base64');
    await node.write({ 'wrong.json': { auths: { [node.host]: { auth } } } });
    await node.settings({ credentials: { dockerConfigs: [join(node.folder, 'wrong.json')] } });
    const wrong = await answer(node, signed());
    expect(wrong).toMatchObject({ exitCode: 3, reason: expect.stringContaining('ERR_REGISTRY_') });
    expect(wrong.reason + wrong.details).not.toMatch(/radish/);
    await node.settings({
      credentials: { dockerConfigs: ['wrong.json', 'docker.json'].map((name) => join(node.folder, name)) },
    });
    expect(await ask(signed())).toMatchObject({ code: 0 });
  });
});

describe('failures refuse', () => {
  it('an unreadable request has its own exit code', async () => {
    expect(await ask({ ...signed(), input: '' })).toMatchObject(said(2, 'ERR_VERIFIER_REQUEST'));
  });

  it('settings that cannot be read give no verdict', async () => {
    const wrong: readonly (string | object)[] = [
      '{',
      { version: '2.0' },
      { version: '1.0', allowskipped: true },
      { version: '1.0', cache: { folder: 'relative' } },
      { version: '1.0', credentials: { kubelet: { config: '/a' } } },
      { version: '1.0', timeoutSeconds: 0 },
    ];
    for (const document of wrong) {
      await node.write({ 'config/verifier.json': document });
      expect([document, await ask(signed())]).toMatchObject([document, said(3, 'ERR_VERIFIER_SETTINGS')]);
    }
  });

  it('N5 a folder that others can write decides nothing', async () => {
    const store = join(node.config, 'truststore/x509/ca/lab');
    for (const path of [node.config, store, join(store, 'root.pem'), join(node.config, 'verifier.json')]) {
      await chmod(path, 0o777);
      expect([path, await ask(signed())]).toMatchObject([path, said(3, 'users other than its owner can write it')]);
      await chmod(path, 0o700);
    }
    expect(await ask(signed())).toMatchObject({ code: 0 });
  });

  it('N5 settings are not read through a link', async () => {
    const path = join(node.config, 'verifier.json');
    const elsewhere = join(node.folder, 'elsewhere.json');
    await rename(path, elsewhere);
    await symlink(elsewhere, path);
    expect(await ask(signed())).toMatchObject(said(3, 'it is a link'));
    await rename(elsewhere, path);
    expect(await ask(signed())).toMatchObject({ code: 0 });
  });

  it('N3 a registry that never answers gives no verdict', async () => {
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await node.settings({ timeoutSeconds: 1 });
    const question = { name: `127.0.0.1:${port}/net-monitor:signed`, descriptor: node.image.signed };
    expect(await ask(question)).toMatchObject(said(3, 'timed out after 1 s'));
    server.close();
  });

  it('N3 the exit code is a refusal until the verdict is known', async () => {
    let release = (): void => undefined;
    const held = new Promise<IteratorResult<Uint8Array>>((resolve) => {
      release = () => resolve({ done: true, value: undefined });
    });
    const ended = await new Promise<readonly unknown[]>((resolve) => {
      const process: VerifierProcess = {
        argv: ['node', 'verifier', ...wordsOf(signed().name, signed().descriptor.digest)],
        env: node.env,
        stdin: { [Symbol.asyncIterator]: () => ({ next: () => held }) },
        stdout: { write: (_, written) => written?.() },
        stderr: { write: () => true },
        exit: (code) => resolve([before, code]) as never,
      };
      startVerifier(process);
      const before = process.exitCode;
      release();
    });
    expect(ended).toEqual([verifierExitCodes.undecided, verifierExitCodes.request]);
  });
});
