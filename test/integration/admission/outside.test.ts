import { inspect } from 'node:util';
import { createGatekeeperProvider, outsideStatements, type VerifyImage } from '@notarykit/admission';
import { parseImage } from '@notarykit/admission/internal';
import { acceptMutation, regoView } from '@notarykit/testing';
import { memoryTrustStore, parseExtendedTrustPolicy } from '@notarykit/trust-policy';
import { extendedVersion } from '@notarykit/trust-policy/internal';
import type { Trust } from 'notarykit';
import { isOutside } from 'notarykit/internal';
import { describe, expect, it } from 'vitest';
import { createAdmissionLab, host, policyFor } from './lab.js';

const context = { dryRun: false };
const read = async (answer: Response) => ({ status: answer.status, body: await answer.text() });
const ask = (...keys: readonly string[]): Request =>
  new Request('https://gate.test/', {
    method: 'POST',
    body: JSON.stringify({ kind: 'ProviderRequest', request: { keys } }),
  });

function extended(scopes: readonly string[], expires?: string): Trust['policy'] {
  const statement = {
    name: 'x',
    registryScopes: scopes,
    signatureVerification: { level: 'strict' },
    trustStores: ['ca:x'],
    trustedIdentities: ['*'],
    ...(expires === undefined ? {} : { expires }),
  };
  return parseExtendedTrustPolicy({ version: extendedVersion, trustPolicies: [statement] });
}

describe('images without a statement', () => {
  it.each([
    [policyFor([`${host}/app`]), `${host}/other`, true],
    [policyFor([`${host}/app`]), `${host}/app`, false],
    [policyFor([`${host}/app`]), `${host.toUpperCase()}/app`, false],
    [policyFor([`${host}/app`]), `${host}/app/below`, true],
    [policyFor([`${host}/app`]), `${host}/No Scope`, false],
    [policyFor(['docker.io/library/busybox']), 'index.docker.io/library/busybox', false],
    [policyFor(['*']), `${host}/other`, false],
    [extended([`${host}/team/*`]), `${host}/team/a/b`, false],
    [extended([`${host}/team/*`]), `${host}/other`, true],
    [extended([host]), `${host}/other`, false],
    [extended([`${host}/app`], '2020-01-01T00:00:00Z'), `${host}/app`, false],
  ])('outside: %#, %3$s', (policy, repository, outside) => {
    expect(isOutside({ policy }, repository)).toBe(outside);
    expect(isOutside({ policy, statement: 'cluster' }, repository)).toBe(false);
  });

  it('outside: uses the policy of the request', () => {
    const trust = { trustStore: memoryTrustStore({}) };
    const unchanged = outsideStatements(({ namespace }) => ({
      trust: { ...trust, policy: policyFor(namespace === 'team-a' ? ['*'] : [`${host}/app`]) },
    }));
    const image = parseImage(`${host}/other:v1`);
    expect(unchanged(image, { ...context, namespace: 'team-a' })).toBe(false);
    expect(unchanged(image, context)).toBe(true);
  });
});

describe('the mutation provider and images outside of every statement', () => {
  async function lab() {
    const { image, verify, trust } = await createAdmissionLab([`${host}/app`, `${host}/bare`]);
    const { digest } = await image('app', 'v1', true);
    await image('bare', 'v1', false);
    const seen: string[] = [];
    const watched: VerifyImage = (asked, call) => {
      seen.push(asked.written);
      return verify(asked, call);
    };
    return { verify: watched, trust, digest, seen };
  }
  const foreign = 'other.test/x/y:v2';
  const asked = [`${host}/app:v1`, `${host}/bare:v1`, foreign, 'busybox', 'a b'];

  it('outside: with the option they pass unchanged, and nothing else does', async () => {
    const { verify, trust, digest, seen } = await lab();
    const { mutate, validate } = createGatekeeperProvider({ verify, unchanged: outsideStatements({ trust }) });
    const mutated = acceptMutation(asked, await read(await mutate(ask(...asked))));
    expect(mutated).toEqual({
      outcome: 'mutated',
      values: new Map([
        [`${host}/app:v1`, `${host}/app:v1@${digest}`],
        [foreign, foreign],
        ['busybox', 'busybox'],
      ]),
      errors: new Map([
        [`${host}/bare:v1`, expect.stringContaining('NO_SIGNATURE')],
        ['a b', expect.stringContaining('NAME_INVALID')],
      ]),
    });
    expect(seen).toEqual([`${host}/app:v1`, `${host}/bare:v1`]);
    // It permits nothing: validation answers for them as it does without the option.
    const { responses, errors } = regoView(await read(await validate(ask(foreign))));
    expect(JSON.stringify(responses)).not.toContain('trusted');
    expect([...responses, ...errors]).toHaveLength(1);
  });

  it('outside: by default they are errors', async () => {
    const { verify } = await lab();
    const { mutate } = createGatekeeperProvider({ verify });
    const mutated = acceptMutation([`${host}/other:v1`], await read(await mutate(ask(`${host}/other:v1`))));
    expect(mutated).toMatchObject({ values: new Map(), errors: new Map([[`${host}/other:v1`, expect.any(String)]]) });
  });

  it('outside: removes the namespace from a key', async () => {
    const { verify, trust } = await lab();
    const options = { verify, namespacedKeys: true, unchanged: outsideStatements({ trust }) };
    const { mutate } = createGatekeeperProvider(options);
    const key = `[team-a]${foreign}`;
    expect(acceptMutation([key], await read(await mutate(ask(key))))).toMatchObject({
      values: new Map([[key, foreign]]),
    });
  });

  it('outside: an unreadable policy is an error, not a permission', async () => {
    const { verify } = await lab();
    const unchanged = (): boolean => {
      throw new Error('password=hunter2');
    };
    const { mutate } = createGatekeeperProvider({ verify, unchanged });
    const mutated = acceptMutation([foreign], await read(await mutate(ask(foreign))));
    expect(mutated).toMatchObject({ values: new Map(), errors: new Map([[foreign, expect.any(String)]]) });
    expect(inspect(mutated, { depth: 5 })).not.toContain('hunter2');
  });
});
