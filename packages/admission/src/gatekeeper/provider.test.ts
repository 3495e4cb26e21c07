import { acceptMutation, regoView } from '@notarykit/testing';
import { describe, expect, it } from 'vitest';
import type { VerifyImage } from '../verdict.js';
import { createGatekeeperProvider } from './provider.js';

const digest = `sha256:${'a'.repeat(64)}` as const;
const verify: VerifyImage = async (image) =>
  image.reference.repository === 'evil'
    ? { verdict: 'refused', code: 'NO_TRUSTED_SIGNATURE', message: 'none' }
    : { verdict: 'trusted', digest, code: 'TRUSTED', message: 'signed' };

const post = (content: string, query = ''): Request =>
  new Request(`https://gate.test/${query}`, { method: 'POST', body: content });
const keys = (...list: readonly unknown[]): string =>
  JSON.stringify({
    apiVersion: 'externaldata.gatekeeper.sh/v1beta1',
    kind: 'ProviderRequest',
    request: { keys: list },
  });
const read = async (answer: Response) => ({ status: answer.status, body: await answer.text() });

describe('createGatekeeperProvider', () => {
  it('mutation: answers each key with a string or an error', async () => {
    const { mutate } = createGatekeeperProvider({ verify });
    const asked = ['r.io/x:1', 'r.io/x:1', 'r.io/evil:1', 'a b', ''];
    expect(acceptMutation(asked, await read(await mutate(post(keys(...asked)))))).toEqual({
      outcome: 'mutated',
      values: new Map([['r.io/x:1', `r.io/x:1@${digest}`]]),
      errors: new Map([
        ['r.io/evil:1', 'NO_TRUSTED_SIGNATURE: none'],
        ['a b', expect.stringContaining('NAME_INVALID')],
        ['', expect.stringContaining('NAME_INVALID')],
      ]),
    });
  });

  it('validation: a verdict for each key; namespaces in the key', async () => {
    const seen: (string | undefined)[] = [];
    const { validate } = createGatekeeperProvider({
      namespacedKeys: true,
      verify: (image, context) => {
        seen.push(context.namespace);
        return verify(image, context);
      },
    });
    const asked = keys('[team-a]r.io/x:1', '[]r.io/evil:1', 'r.io/x:1', '[A]r.io/x:1');
    expect(regoView(await read(await validate(post(asked))))).toEqual({
      responses: [
        ['[team-a]r.io/x:1', { verdict: 'trusted', code: 'TRUSTED', message: 'signed', digest }],
        ['[]r.io/evil:1', { verdict: 'refused', code: 'NO_TRUSTED_SIGNATURE', message: 'none' }],
      ],
      errors: [
        ['r.io/x:1', expect.stringContaining('KEY_INVALID')],
        ['[A]r.io/x:1', expect.stringContaining('KEY_INVALID')],
      ],
      statusCode: 200,
      systemError: '',
    });
    expect(seen).toEqual(['team-a', undefined]);
  });

  it('a key that begins with a bracket is not a namespace unless the template puts one there', async () => {
    const { validate } = createGatekeeperProvider({ verify });
    const { responses, errors } = regoView(await read(await validate(post(keys('[team-a]r.io/x:1')))));
    expect([responses, errors]).toEqual([[], [['[team-a]r.io/x:1', expect.stringContaining('NAME_INVALID')]]]);
  });

  it('a verifier that fails or hangs: an error for its key, without the text of the failure', async () => {
    const client = new AbortController();
    const { validate } = createGatekeeperProvider({
      verify: ({ reference }) => {
        if (reference.repository !== 'hangs') return Promise.reject(new Error('password=hunter2'));
        queueMicrotask(() => client.abort());
        return new Promise(() => undefined);
      },
    });
    const failed = regoView(await read(await validate(post(keys('r.io/fails:1')))));
    expect(failed).toMatchObject({ responses: [], errors: [['r.io/fails:1', expect.stringContaining('UNDECIDED')]] });
    expect(JSON.stringify(failed)).not.toContain('hunter2');
    const late = new Request(post(keys('r.io/hangs:1')), { signal: client.signal });
    expect(regoView(await read(await validate(late)))).toMatchObject({
      responses: [],
      errors: [['r.io/hangs:1', expect.stringContaining('DEADLINE')]],
      systemError: '',
    });
  });

  it.each([
    ['{', /^ERR_ADMISSION_REQUEST/],
    [keys(1), /^ERR_ADMISSION_REQUEST/],
    ['{"kind":"X","request":{"keys":[]}}', /^ERR_ADMISSION_REQUEST/],
    [keys(...Array.from({ length: 251 }, (_, i) => `r.io/x:${i}`)), /at most 250 keys/],
    ['', /^ERR_ADMISSION_REQUEST/],
  ])('bad input: a system error in a body that parses', async (text, reason) => {
    const { validate, mutate } = createGatekeeperProvider({ verify });
    expect(regoView(await read(await validate(post(text))))).toMatchObject({
      responses: [],
      errors: [],
      statusCode: 200,
      systemError: expect.stringMatching(reason),
    });
    expect(acceptMutation([], await read(await mutate(post(text))))).toMatchObject({ outcome: 'failed' });
  });

  it('GET: a system error', async () => {
    const { validate } = createGatekeeperProvider({ verify });
    const answer = await read(await validate(new Request('https://gate.test/')));
    expect(regoView(answer).systemError).toContain('POST');
  });
});
