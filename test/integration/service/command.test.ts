import { cpSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { VerificationAnswer } from '@notarykit/admission';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Arguments } from '../../../packages/cli/src/shell/command.js';
import { servedRegistries } from '../../../packages/cli/src/shell/serve/registries.js';
import { createReplicaLab, type Replica, type ReplicaLab, replicaToken } from '../admission/replicas.js';
import { send, trusting } from '../admission/webhook-client.js';

let setup: ReplicaLab;
beforeAll(async () => {
  setup = await createReplicaLab('service');
});
afterAll(() => setup.close());

async function ask(replica: Replica, path: string, images: readonly string[]) {
  const headers = { authorization: `Bearer ${replicaToken}` };
  const body = JSON.stringify({ images });
  const { status, body: text } = await send(replica, trusting(setup.caFile), { method: 'POST', path, headers, body });
  return { status, answer: JSON.parse(text) as VerificationAnswer };
}

describe('notarykit serve', () => {
  it('answers by the policy of notation, and ends in order', async () => {
    const { digest } = await setup.image('signed', true);
    await setup.image('bare', false);
    const replica = await setup.start();
    const [signed, bare] = [`${setup.host}/signed:v1`, `${setup.host}/bare:v1`];
    expect(await ask(replica, '/v1/verify', [signed])).toMatchObject({
      status: 200,
      answer: { results: [{ digest }] },
    });
    const explained = await ask(replica, '/v1/explain', [bare]);
    expect(explained).toMatchObject({ status: 403, answer: { results: [{ code: 'NO_SIGNATURE' }] } });
    expect(explained.answer.results[0]?.explanation).toContain('statement "cluster"');
    expect((await ask(replica, '/v1/gate', [signed])).answer.results[0]?.code).toBe('NO_GATE_POLICY');
    expect((await ask(replica, '/v1/verify', ['127.0.0.1:1/none:v1'])).status).toBe(503);
    expect(replica.log()).not.toContain(replicaToken);
    expect(await replica.stop()).toBe(0);
  });

  it('a gate, a list of allowed repositories, and only public addresses by default', async () => {
    const { digest } = await setup.image('signed', true);
    const policy = {
      version: '1.0',
      name: 'g',
      signers: { any: { trustPolicy: 'cluster' } },
      image: { signedBy: ['any'] },
    };
    const file = join(setup.folder, 'gate.json');
    writeFileSync(file, JSON.stringify(policy));
    const options = ['--gate-policy', file, '--allow', `${setup.host}/signed`];
    const replica = await setup.start({}, options);
    const name = `${setup.host}/signed@${digest}`;
    // An index in which nothing can run: the gate is asked, and denies it.
    expect((await ask(replica, '/v1/gate', [name])).answer.results[0]?.code).toBe('GATE_DENIED');
    expect((await ask(replica, '/v1/verify', [`${setup.host}/bare:v1`])).answer.results[0]?.code).toBe(
      'REGISTRY_NOT_ALLOWED',
    );
    expect(await replica.stop()).toBe(0);
    const cautious = await setup.start({}, ['--registry-addresses', 'public']);
    expect(await ask(cautious, '/v1/verify', [name])).toMatchObject({
      status: 503,
      answer: { results: [{ code: 'REGISTRY_UNAVAILABLE' }] },
    });
    expect(await cautious.stop()).toBe(0);
  });

  it('registries are asked only on public addresses, unless the options say otherwise', async () => {
    const reported = (network?: string): Arguments => ({
      positionals: [],
      text: (name) => (name === 'registry-addresses' ? network : undefined),
      texts: () => [],
      flag: () => false,
      declares: () => true,
      required: () => '',
    });
    expect(servedRegistries(reported(), { proxy: 'env' }).literals).toBe('public');
    expect(servedRegistries(reported('public'), { proxy: 'env' }).literals).toBe('public');
    expect(servedRegistries(reported('any'), { proxy: 'env' }).literals).toBe('any');
  });

  it.each([
    ['nobody who is asked', ['--without-tls'], 'who may ask?'],
    ['no TLS', ['--token-file', 'tokens'], '--tls-cert-file and --tls-key-file are needed'],
    ['half a key pair', ['--token-file', 'tokens', '--tls-cert-file', 'tls.crt'], 'go together'],
    ['clients without TLS', ['--without-tls', '--client-ca-file', 'ca.crt'], 'has no effect without --tls-cert-file'],
    ['both words', ['--without-tls', '--token-file', 'tokens', '--without-authentication'], 'has no effect beside'],
    ['verdicts in the open', ['--without-tls', '--without-authentication', '--redis-url-file', 'x'], 'kept sealed'],
    ['no time for an answer', ['--without-tls', '--without-authentication', '--timeout', '0s'], '--timeout'],
    ['a port that is none', ['--without-tls', '--without-authentication', '--port', '99999'], '--port'],
  ] as const)('does not start with %s', async (_, options, message) => {
    const { runCommandLine } = await import('../../../packages/cli/src/index.js');
    const said: string[] = [];
    const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
    try {
      expect(await runCommandLine(['serve', ...options])).toBe(2);
    } finally {
      spy.mockRestore();
    }
    expect(said.join('')).toContain(message);
  });

  it('a policy that changes is taken whole or not at all', async () => {
    await setup.image('signed', true);
    const replica = await setup.start();
    const name = `${setup.host}/signed:v1`;
    expect((await ask(replica, '/v1/verify', [name])).status).toBe(200);
    setup.trust([`${setup.host}/other`]);
    replica.hangUp();
    await vi.waitFor(() => expect(replica.log()).toContain('policy reloaded'), { timeout: 30_000 });
    expect((await ask(replica, '/v1/verify', [name])).answer.results[0]?.code).toBe('NO_APPLICABLE_POLICY');
    writeFileSync(join(setup.folder, 'trust', 'trustpolicy.json'), '{');
    replica.hangUp();
    await vi.waitFor(() => expect(replica.log()).toContain('policy not reloaded'), { timeout: 30_000 });
    expect((await ask(replica, '/v1/verify', [name])).answer.results[0]?.code).toBe('NO_APPLICABLE_POLICY');
    expect(await replica.stop()).toBe(0);
    setup.trust(['*']);
  });

  it('reads a folder as Kubernetes mounts it, and again when the links of the mount are swapped', async () => {
    await setup.image('signed', true);
    const mount = join(setup.folder, 'mounted');
    const revision = (name: string, scopes: readonly string[]): void => {
      setup.trust(scopes);
      cpSync(join(setup.folder, 'trust'), join(mount, name), { recursive: true });
      symlinkSync(name, join(mount, `${name}.link`));
      renameSync(join(mount, `${name}.link`), join(mount, '..data'));
    };
    mkdirSync(mount);
    revision('..one', ['*']);
    const replica = await setup.start({ NOTATION_CONFIG: join(mount, '..data') });
    const name = `${setup.host}/signed:v1`;
    expect((await ask(replica, '/v1/verify', [name])).status).toBe(200);
    revision('..two', [`${setup.host}/other`]);
    replica.hangUp();
    await vi.waitFor(() => expect(replica.log()).toContain('policy reloaded'), { timeout: 30_000 });
    expect((await ask(replica, '/v1/verify', [name])).answer.results[0]?.code).toBe('NO_APPLICABLE_POLICY');
    expect(await replica.stop()).toBe(0);
    setup.trust(['*']);
  });
});
