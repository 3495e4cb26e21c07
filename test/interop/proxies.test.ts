import { beforeAll, describe, expect, it } from 'vitest';
import { authorizationOf, chooseProxy } from '../../packages/transport/src/proxy-choice.node.js';
import { type Asked, askGo, startGo } from './support/go-configs.js';
import { type ProxyQuestion, randomProxyQuestion, realForms } from './support/proxies.js';
import { createChoices } from './support/random.js';

beforeAll(startGo);

const portOf = (url: URL): string => url.port || '80';
const show = (url: URL, authorization = ''): string => `${authorization}@${url.hostname.toLowerCase()}:${portOf(url)}`;

/** The proxy that ours takes; `refused` where it ends in its error. */
function ours({ env, url }: ProxyQuestion): string {
  try {
    const proxy = chooseProxy(new URL(url), { proxy: 'env' }, env);
    return proxy === undefined ? 'none' : show(proxy, authorizationOf(proxy)['proxy-authorization']);
  } catch (error) {
    expect(error).toMatchObject({ code: 'ERR_TRANSPORT_UNSUPPORTED' });
    return 'refused';
  }
}

/** The proxy that Go takes; `refused` where it takes none because it must not. */
function theirs({ proxy, authorization, error }: Asked): string {
  if (error !== undefined) return 'refused';
  if (proxy === undefined) return 'none';
  return URL.canParse(proxy) && proxy.startsWith('http://') ? show(new URL(proxy), authorization) : 'unusable';
}

function compare(questions: readonly ProxyQuestion[], answers: readonly Asked[]) {
  const differences: object[] = [];
  const counts = { none: 0, proxied: 0, refused: 0 };
  for (const [i, question] of questions.entries()) {
    const [go, notarykit] = [theirs(answers[i] as Asked), ours(question)];
    if (notarykit === 'refused') counts.refused++;
    else if (go !== notarykit) differences.push({ ...question, go, notarykit });
    else counts[go === 'none' ? 'none' : 'proxied']++;
  }
  return { differences, counts };
}

describe('proxies-go', () => {
  const seed = Number(process.env['NOTARYKIT_SEED'] ?? 20261129);

  it('chooses the proxy that Go chooses: what people set', async () => {
    const questions = realForms.map(({ env, url }) => ({ env, url: new URL(url).href }));
    const { differences, counts } = compare(questions, await askGo(questions.map((proxy) => ({ proxy }))));
    expect(differences).toEqual([]);
    expect(counts).toEqual({ none: 34, proxied: 34, refused: 8 });
  });

  it(`chooses the proxy that Go chooses in 6,000 environments made from the seed ${seed}`, async () => {
    const choices = createChoices(seed);
    const questions = Array.from({ length: 6000 }, () => randomProxyQuestion(choices));
    const { differences, counts } = compare(questions, await askGo(questions.map((proxy) => ({ proxy }))));
    expect(differences).toEqual([]);
    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(300);
    expect(counts.refused).toBeLessThan(counts.proxied);
  });
});
