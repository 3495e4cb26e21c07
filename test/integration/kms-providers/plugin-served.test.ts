import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { utf8 } from '@notarykit/common';
import { runProcess } from '@notarykit/common/internal/node';
import { createAuthority, type Issued } from '@notarykit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPluginLab, type PluginLab } from '../../support/plugin/lab.js';

let lab: PluginLab;
let leaf: Issued;
beforeAll(async () => {
  lab = await createPluginLab();
  leaf = await (await createAuthority()).issueLeaf({ keySpec: 'EC-384' });
  await lab.addKey('ec', leaf);
});
afterAll(() => lab.close());

/** Runs the plugin as a host does: all that it writes and how it ends. */
async function run(args: readonly string[], input: object | string) {
  const path = join(lab.directory, 'lab', 'notation-lab');
  const bytes = utf8(typeof input === 'string' ? input : JSON.stringify(input));
  const env = { ...lab.env, PATH: process.env['PATH'] ?? '' };
  const { exitCode, output, errors } = await runProcess(path, { args, input: bytes, env });
  const text = (part: Uint8Array): string => new TextDecoder().decode(part);
  return { exitCode, output: text(output), errors: text(errors) };
}

const asked = { contractVersion: '1.0', keyId: 'ec' };
const toSign = { ...asked, keySpec: 'EC-384', hashAlgorithm: 'SHA-384', payload: 'cGF5bG9hZA==' };

describe('runAsPlugin answers', () => {
  it('get-plugin-metadata', async () => {
    const output =
      '{"name":"lab","description":"Signs with keys in files","version":"1.2.3","url":"https://wabbit-networks.io",' +
      '"supportedContractVersions":["1.0"],"capabilities":["SIGNATURE_GENERATOR.RAW"]}';
    expect(await run(['get-plugin-metadata'], {})).toEqual({ exitCode: 0, output, errors: '' });
  });

  it('describe-key, also with members that it does not know', async () => {
    const output = '{"keyId":"ec","keySpec":"EC-384"}';
    expect(await run(['describe-key'], { ...asked, later: [1] })).toEqual({ exitCode: 0, output, errors: '' });
  });

  it('generate-signature', async () => {
    const { exitCode, output, errors } = await run(['generate-signature'], toSign);
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
    const answer = JSON.parse(output) as Record<string, string> & { certificateChain: string[] };
    expect(Object.keys(answer)).toEqual(['keyId', 'signature', 'signingAlgorithm', 'certificateChain']);
    expect(answer).toMatchObject({ keyId: 'ec', signingAlgorithm: 'ECDSA-SHA-384' });
    const chain = answer.certificateChain.map((der) => Buffer.from(der, 'base64'));
    expect(chain.map((der) => new Uint8Array(der))).toEqual(leaf.chain);
    const { publicKey } = new X509Certificate(chain[0] ?? '');
    const key = {
      key: createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })),
      dsaEncoding: 'ieee-p1363' as const,
    };
    expect(verify('sha384', Buffer.from('payload'), key, Buffer.from(answer['signature'] ?? '', 'base64'))).toBe(true);
  });

  it('and nothing else on standard output, whatever is printed meanwhile', async () => {
    const { exitCode, output, errors } = await run(['describe-key'], {
      ...asked,
      pluginConfig: { noise: 'a log line' },
    });
    expect({ exitCode, output }).toEqual({ exitCode: 0, output: '{"keyId":"ec","keySpec":"EC-384"}' });
    expect(errors).toBe('a log line\na log line\nWarning: a log line\n');
  });
});

describe('runAsPlugin fails', () => {
  /** Exit code 1, the error object alone on standard error, nothing on standard output. */
  async function failure(args: readonly string[], input: object | string): Promise<Record<string, unknown>> {
    const { exitCode, output, errors } = await run(args, input);
    expect({ exitCode, output }).toEqual({ exitCode: 1, output: '' });
    return JSON.parse(errors) as Record<string, unknown>;
  }

  it.each([
    ['a signer that never answers', 'silent', /never settles/],
    ['a signer that ends the process', 'exit', /ended the process/],
    ['a signal', 'killed', /SIGTERM/],
    ['no signer', 'none', /no signer/],
    ['an error that cannot be looked at', 'unreadable', /no reason/],
  ])('K6 whatever happens: %s', async (_, crash, why) => {
    const { errorCode, errorMessage } = await failure(['describe-key'], { ...asked, pluginConfig: { crash } });
    expect(errorMessage).toMatch(why);
    expect(errorCode).toMatch(/^(ERROR|VALIDATION_ERROR)$/);
  });

  it.each<[string, string[], object | string, string, RegExp]>([
    ['without a command', [], {}, 'VALIDATION_ERROR', /expected a command/],
    ['with two', ['describe-key', 'x'], {}, 'VALIDATION_ERROR', /expected one command, found 2/],
    ['for another command', ['verify-signature'], asked, 'VALIDATION_ERROR', /unknown command "verify-signature"/],
    ['without a request', ['describe-key'], '', 'VALIDATION_ERROR', /not in JSON/],
    ['for a list', ['describe-key'], '[]', 'VALIDATION_ERROR', /to be an object/],
    ['without a contract', ['describe-key'], { keyId: 'ec' }, 'VALIDATION_ERROR', /contractVersion/],
    [
      'under another contract',
      ['describe-key'],
      { ...asked, contractVersion: '2.0' },
      'UNSUPPORTED_CONTRACT_VERSION',
      /"2\.0"/,
    ],
    ['without a key', ['describe-key'], { ...asked, keyId: '' }, 'VALIDATION_ERROR', /keyId/],
    [
      'for a configuration that is none',
      ['describe-key'],
      { ...asked, pluginConfig: { a: 1 } },
      'VALIDATION_ERROR',
      /"a"/,
    ],
    [
      'for a key spec of no algorithm',
      ['generate-signature'],
      { ...toSign, keySpec: 'RSA-1024' },
      'VALIDATION_ERROR',
      /"RSA-1024"/,
    ],
    [
      'for another hash',
      ['generate-signature'],
      { ...toSign, hashAlgorithm: 'SHA-256' },
      'VALIDATION_ERROR',
      /SHA-384/,
    ],
    [
      'for another key spec',
      ['generate-signature'],
      { ...toSign, keySpec: 'EC-256', hashAlgorithm: 'SHA-256' },
      'VALIDATION_ERROR',
      /EC-384/,
    ],
    ['for a payload in no base64', ['generate-signature'], { ...toSign, payload: '%' }, 'VALIDATION_ERROR', /base64/],
    ['without a payload', ['generate-signature'], { ...toSign, payload: '' }, 'VALIDATION_ERROR', /payload/],
    [
      'for a request of 17 MiB',
      ['describe-key'],
      `{"a":"${'x'.repeat(17 * 1024 * 1024)}"}`,
      'VALIDATION_ERROR',
      /at most 16777216/,
    ],
  ])('%s', async (_, args, input, errorCode, message) => {
    expect(await failure(args, input)).toEqual({ errorCode, errorMessage: expect.stringMatching(message) });
  });

  it.each([
    ['access-denied', 'ACCESS_DENIED', 'false'],
    ['throttled', 'THROTTLED', 'true'],
    ['timeout', 'TIMEOUT', 'false'],
    ['key-disabled', 'VALIDATION_ERROR', 'false'],
    ['unavailable', 'ERROR', 'true'],
    ['plugin', 'ERROR', 'false'],
  ])('for the reason %s with %s', async (reason, errorCode, retryable) => {
    expect(await failure(['describe-key'], { ...asked, keyId: `fails-${reason}` })).toEqual({
      errorCode,
      errorMessage: `the service says ${reason}`,
      errorMetadata: { reason, retryable, requestId: 'r-1' },
    });
  });

  it('with the error object alone, whatever was printed before', async () => {
    const pluginConfig = { noise: 'a log line' };
    expect(await failure(['describe-key'], { ...asked, keyId: 'fails-throttled', pluginConfig })).toMatchObject({
      errorCode: 'THROTTLED',
    });
  });

  it('without the values that it was configured with', async () => {
    const input = { ...asked, keyId: 'none-such', pluginConfig: { pin: 'none-such' } };
    expect(await failure(['describe-key'], input)).toMatchObject({ errorMessage: 'there is no key ***' });
  });

  it('with an error object also where nobody catches', async () => {
    expect(await failure(['describe-key'], { ...asked, pluginConfig: { crash: 'later' } })).toEqual({
      errorCode: 'ERROR',
      errorMessage: 'thrown where nobody catches it',
    });
  });

  it('K2 for a chain that has expired, before it signs', async () => {
    const other = await (await createAuthority()).issueLeaf({
      keySpec: 'EC-384',
      notAfter: new Date('2021-01-01T00:00:00Z'),
    });
    await lab.addKey('expired', other);
    expect(await failure(['generate-signature'], { ...toSign, keyId: 'expired' })).toMatchObject({
      errorCode: 'VALIDATION_ERROR',
      errorMetadata: { reason: 'chain-mismatch' },
    });
  });
});
