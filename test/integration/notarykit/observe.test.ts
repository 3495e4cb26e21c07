import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { utf8 } from '@notarykit/common';
import { createRegistry } from '@notarykit/registry-client';
import { createTrustLab, type TrustLab } from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { type CallObserver, observe, type Trust } from 'notarykit';
import { diagnosticsObserver, spanObserver } from 'notarykit/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labPolicy } from '../../support/lab-policy.js';

const secrets = ['carrot-password', 'hmac-pin-4711', 'm3tadata-value', 'dockerfile-token'];
/** Every Authorization header that went out. */
const tokens: string[] = [];
let lab: TrustLab;
let trust: Trust;
beforeAll(async () => {
  const accounts = [{ username: 'wabbit', password: 'carrot-password' }];
  lab = await createTrustLab({ registry: { auth: { scheme: 'token', accounts } } });
  const policy = parseTrustPolicy(labPolicy({ withoutRevocation: true }));
  trust = { policy, trustStore: memoryTrustStore(lab.trustStore) };
});
afterAll(() => lab.close());

function open(name: string) {
  const credentials = { username: 'wabbit', password: 'carrot-password' };
  const endpoint = createRegistry({
    registry: 'registry.test',
    fetch: (url, init) => {
      const value = new Headers(init?.headers as HeadersInit).get('authorization');
      if (value !== null) tokens.push(value, value.split(' ')[1] ?? value);
      return lab.registry.fetch(url, init);
    },
    credentials,
  });
  return endpoint.repository(name);
}

/** A logger, an observer of each kind, and everything that they were told as text. */
function listen() {
  const reported: unknown[] = [];
  const note =
    (level: string) =>
    (...args: unknown[]) =>
      reported.push([level, ...args]);
  const logger = { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') };
  const onMessage = (message: unknown): unknown => reported.push(message);
  const channels = ['notarykit:call:start', 'notarykit:call:end'];
  for (const name of channels) subscribe(name, onMessage);
  const tracer = {
    startSpan(name: string, options: object) {
      reported.push(['span', name, options]);
      return {
        setAttributes: (attributes: object) => reported.push(['attributes', name, attributes]),
        setStatus: (status: object) => reported.push(['status', name, status]),
        end: () => reported.push(['end', name]),
      };
    },
  };
  const verbs = observe({ logger, observers: [diagnosticsObserver(), spanObserver(tracer)] });
  const stop = (): void => {
    for (const name of channels) unsubscribe(name, onMessage);
  };
  return { verbs, reported, stop };
}

describe('observe', () => {
  it('reports each call and its outcome to logger, channels and spans', async () => {
    const { verbs, reported, stop } = listen();
    const repository = open('told');
    await verbs.publish(repository, {
      push: { artifactType: 'a/b', layers: [] },
      sign: { signer: lab.signer },
      tag: 'v1',
    });
    const { digest } = await verbs.verify(repository, 'v1', trust);
    await expect(verbs.verify(repository, 'v2', trust)).rejects.toMatchObject({ code: 'ERR_OCI_NOT_FOUND' });
    stop();
    const facts = { repositories: ['registry.test/told'], reference: 'v1' };
    const done = { ...facts, verb: 'verify', digest, verdict: 'trusted', durationMs: expect.any(Number) };
    expect(reported).toContainEqual(['debug', 'verify begins', { verb: 'verify', ...facts }]);
    expect(reported).toContainEqual(['info', 'verify done', done]);
    expect(reported).toContainEqual({ id: expect.any(Number), ...done });
    expect(reported).toContainEqual([
      'attributes',
      'notarykit.verify',
      {
        'notarykit.repository': ['registry.test/told'],
        'notarykit.reference': 'v1',
        'notarykit.digest': digest,
        'notarykit.verdict': 'trusted',
      },
    ]);
    expect(reported).toContainEqual(['status', 'notarykit.verify', { code: 2, message: 'ERR_OCI_NOT_FOUND' }]);
    expect(reported.filter((each) => Array.isArray(each) && each[0] === 'end')).toHaveLength(3);
  });

  it('an audit is reported once, also when its loop is left', async () => {
    const { verbs, reported, stop } = listen();
    for await (const { verdict } of verbs.audit(open('told'), trust)) {
      expect(verdict).toBe('trusted');
      break;
    }
    stop();
    expect(reported.filter((each) => JSON.stringify(each).includes('audit done'))).toHaveLength(1);
  });

  it('never reports a password, token, authorization, metadata, content or message of others', async () => {
    const { verbs, reported, stop } = listen();
    const repository = open('secrets');
    const signer = { ...lab.signer, sign: () => Promise.reject(new Error('PIN hmac-pin-4711 refused')) };
    const push = { artifactType: 'a/b', layers: [{ mediaType: 'text/plain', content: utf8('m3tadata-value') }] };
    await verbs.publish(repository, {
      push,
      sign: { signer: lab.signer, metadata: { key: 'm3tadata-value' } },
      tag: 'v1',
    });
    await verbs.verify(repository, 'v1', { ...trust, metadata: { key: 'm3tadata-value' } });
    await expect(verbs.sign(repository, 'v1', { signer })).rejects.toThrow('hmac-pin-4711');
    await expect(verbs.verify(repository, 'wabbit:carrot-password@registry.test/secrets:v1', trust)).rejects.toThrow();
    const dockerfile = 'FROM registry.test/dockerfile-token:v1';
    await verbs.verifyBaseImages(dockerfile, { open: () => repository, trust });
    await verbs.signBlob(utf8('m3tadata-value'), { signer: lab.signer });
    stop();
    expect(tokens.length).toBeGreaterThan(0);
    const text = JSON.stringify(reported);
    expect(reported.length).toBeGreaterThan(20);
    for (const secret of [...secrets, ...tokens, 'uthorization', 'Bearer']) expect(text).not.toContain(secret);
  });

  it('an observer that throws breaks nothing', async () => {
    const broken: CallObserver = {
      start() {
        throw new Error('no');
      },
    };
    const half: CallObserver = {
      start: () => ({
        end() {
          throw new Error('no');
        },
      }),
    };
    const { verify } = observe({ observers: [broken, half] });
    expect(await verify(open('told'), 'v1', trust)).toMatchObject({ verdict: 'trusted' });
  });
});
