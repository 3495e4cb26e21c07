import type { VerificationPlugin } from '@notarykit/trust-policy';
import { beforeAll, describe, expect, it } from 'vitest';
import { createJudge, enforceRevocation, type JudgeSetup, refusal } from './judge-setup.js';
import type { Lab } from './lab.js';

let judge: JudgeSetup['judge'];
let lab: Lab;

beforeAll(async () => {
  ({ judge, lab } = await createJudge());
});

describe('verification plugins', () => {
  const plugin = (
    patch: Partial<VerificationPlugin> & {
      version?: string;
      criticalAttributes?: string[];
      capabilities?: ('SIGNATURE_VERIFIER.TRUSTED_IDENTITY' | 'SIGNATURE_VERIFIER.REVOCATION_CHECK')[];
    } = {},
  ): VerificationPlugin => {
    const {
      version = '1.0.0',
      criticalAttributes = [],
      capabilities = ['SIGNATURE_VERIFIER.TRUSTED_IDENTITY'],
      ...rest
    } = patch;
    return {
      name: 'p',
      describe: async () => ({ version, capabilities, criticalAttributes }),
      verify: async (request) => ({
        results: Object.fromEntries(request.capabilities.map((capability) => [capability, { success: true }])),
        processedAttributes: request.unprocessedAttributes,
      }),
      ...rest,
    };
  };
  const naming = (name: string, version?: string) =>
    lab.sign({ verificationPlugin: name, ...(version === undefined ? {} : { verificationPluginMinVersion: version }) });

  it.each(['../p', '/bin/p', 'p ', 'p/q', '..'])('I19 a plugin named %j is never executed', async (name) => {
    let ran = false;
    const spy = plugin({
      name,
      describe: async () => {
        ran = true;
        throw new Error('x');
      },
    });
    const found = refusal(await judge({ signature: await naming(name), plugins: [spy] }));
    expect(found).toMatchObject({ validation: 'plugin', fact: { fact: 'pluginRefused', problem: 'name' } });
    expect(ran).toBe(false);
  });

  it('I19 only the name that was registered, at every level', async () => {
    for (const level of ['strict', 'audit']) {
      const policy = { signatureVerification: { level, override: { revocation: 'skip' } } };
      const found = refusal(await judge({ signature: await naming('q'), plugins: [plugin()], policy }));
      expect(found).toMatchObject({ fact: { fact: 'pluginRefused', plugin: 'q', problem: 'notRegistered' } });
    }
  });

  it.each([
    ['0.0.9', true],
    ['1.0.0-alpha', true],
    ['1.0.0-alpha.beta', true],
    ['1.0.0', true],
    ['1.0.1', false],
    ['1.0.9', false],
    ['1.1.0-alpha', false],
    ['1.2.3', false],
  ])('a plugin 1.0.0 satisfies %s: %s', async (least, satisfied) => {
    const found = refusal(await judge({ signature: await naming('p', least), plugins: [plugin()] }));
    if (satisfied) expect(found).toBeUndefined();
    else
      expect(found).toMatchObject({
        fact: { fact: 'pluginRefused', problem: 'tooOld', version: '1.0.0', minVersion: least },
      });
  });

  it('J13 a critical attribute needs a verifier that processed it and said so', async () => {
    const signature = await lab.sign({ extendedAttributes: [{ key: 'org.example.level', value: 3, critical: true }] });
    const unprocessed = {
      validation: 'plugin',
      fact: { fact: 'criticalAttributesUnprocessed', attributes: ['org.example.level'] },
    };
    expect(refusal(await judge({ signature }))).toMatchObject(unprocessed);
    expect(refusal(await judge({ signature, plugins: [plugin()] }))).toMatchObject(unprocessed);
    const declaring = plugin({ criticalAttributes: ['org.example.level'] });
    expect(refusal(await judge({ signature, plugins: [declaring] }))).toBeUndefined();
    const other = plugin({
      criticalAttributes: ['org.example.level'],
      verify: async () => ({
        results: { 'SIGNATURE_VERIFIER.TRUSTED_IDENTITY': { success: true } },
        processedAttributes: ['other'],
      }),
    });
    expect(refusal(await judge({ signature, plugins: [other] }))).toMatchObject(unprocessed);
    const audit = { signatureVerification: { level: 'audit' } };
    expect(refusal(await judge({ signature, policy: audit }))).toMatchObject(unprocessed);
  });

  it('J13 a critical attribute whose label is a number is not forgotten once a plugin is chosen', async () => {
    const numbered = (critical: boolean, more: Parameters<Lab['sign']>[0] = {}) =>
      lab.sign({ format: 'cose', extendedAttributes: [{ key: 40, value: 3, critical }], ...more });
    const unprocessed = { validation: 'plugin', fact: { fact: 'criticalAttributesUnprocessed', attributes: ['40'] } };
    const namesPlugin = { verificationPlugin: 'p' };
    const claiming = plugin({
      criticalAttributes: ['40'],
      verify: async () => ({
        results: { 'SIGNATURE_VERIFIER.TRUSTED_IDENTITY': { success: true } },
        processedAttributes: ['40'],
      }),
    });
    for (const plugins of [[], [plugin()], [claiming]])
      expect(refusal(await judge({ signature: await numbered(true), plugins }))).toMatchObject(unprocessed);
    for (const chosen of [plugin(), claiming])
      expect(refusal(await judge({ signature: await numbered(true, namesPlugin), plugins: [chosen] }))).toMatchObject(
        unprocessed,
      );
    const onlyRevocation = plugin({ capabilities: ['SIGNATURE_VERIFIER.REVOCATION_CHECK'] });
    expect(
      refusal(await judge({ signature: await numbered(true, namesPlugin), plugins: [onlyRevocation] })),
    ).toMatchObject(unprocessed);
    const audit = { signatureVerification: { level: 'audit' } };
    expect(
      refusal(await judge({ signature: await numbered(true, namesPlugin), plugins: [plugin()], policy: audit })),
    ).toMatchObject(unprocessed);
    expect(
      refusal(await judge({ signature: await numbered(false, namesPlugin), plugins: [plugin()] })),
    ).toBeUndefined();
  });

  it('a plugin decides the identity, and its refusal is that of authenticity', async () => {
    const signature = await naming('p');
    const policy = { trustedIdentities: ['aws.example:profile/x'] };
    expect(refusal(await judge({ signature, policy, plugins: [plugin()] }))).toBeUndefined();
    const refusing = plugin({
      verify: async () => ({
        results: { 'SIGNATURE_VERIFIER.TRUSTED_IDENTITY': { success: false, reason: 'no' } },
        processedAttributes: [],
      }),
    });
    expect(refusal(await judge({ signature, plugins: [refusing] }))).toEqual({
      validation: 'authenticity',
      fact: { fact: 'pluginRejected', plugin: 'p', capability: 'SIGNATURE_VERIFIER.TRUSTED_IDENTITY', reason: 'no' },
    });
    const audit = { signatureVerification: { level: 'audit' } };
    expect(refusal(await judge({ signature, plugins: [refusing], policy: audit }))).toBeUndefined();
  });

  it('refuses a plugin that does not answer, throws, or has no capability', async () => {
    const signature = await naming('p');
    const refused = async (patch: Parameters<typeof plugin>[0]) =>
      refusal(await judge({ signature, plugins: [plugin(patch)] }))?.fact;
    expect(await refused({ verify: async () => ({ results: {}, processedAttributes: [] }) })).toMatchObject({
      problem: 'noResult',
    });
    expect(await refused({ verify: () => Promise.reject(new Error('boom')) })).toMatchObject({
      problem: 'failed',
      message: 'boom',
    });
    expect(await refused({ capabilities: [] })).toMatchObject({ problem: 'noCapability' });
    expect(await refused({ version: 'v1' })).toMatchObject({ problem: 'failed' });
  });

  it('a plugin that checks revocation replaces the check, unless the level skips it', async () => {
    const signature = await naming('p');
    const revocations = plugin({
      capabilities: ['SIGNATURE_VERIFIER.REVOCATION_CHECK'],
      verify: async () => ({
        results: { 'SIGNATURE_VERIFIER.REVOCATION_CHECK': { success: false, reason: 'revoked' } },
        processedAttributes: [],
      }),
    });
    const found = refusal(await judge({ signature, policy: enforceRevocation, plugins: [revocations] }));
    expect(found).toMatchObject({ validation: 'revocation', fact: { fact: 'pluginRejected', reason: 'revoked' } });
    expect(refusal(await judge({ signature, plugins: [revocations] }))).toBeUndefined();
  });
});
