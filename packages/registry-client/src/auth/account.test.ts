import { describe, expect, it } from 'vitest';
import type { Credential, CredentialRequest } from '../credential.js';
import { createAccount } from './account.js';

/** A provider that answers when the test says so. */
function waitingProvider() {
  const requests: CredentialRequest[] = [];
  let answer: (credential: Credential) => void = () => undefined;
  const get = (request: CredentialRequest): Promise<Credential> => {
    requests.push(request);
    return new Promise((resolve, reject) => {
      answer = resolve;
      request.signal?.addEventListener('abort', () => reject(request.signal?.reason));
    });
  };
  return { requests, get, answer: (credential: Credential) => answer(credential) };
}

describe('createAccount', () => {
  it('asks once for concurrent callers, and the abort of one does not end the wait of another', async () => {
    const provider = waitingProvider();
    const account = createAccount('registry.test', provider);
    const controller = new AbortController();
    const first = account.credential(controller.signal);
    const second = account.credential();
    controller.abort(new Error('left'));
    await expect(first).rejects.toThrow('left');
    provider.answer({ username: 'a', password: 'p' });
    expect(await second).toEqual({ username: 'a', password: 'p' });
    expect(provider.requests).toHaveLength(1);
  });

  it('asks again after a failure of the provider', async () => {
    let asked = 0;
    const get = async (): Promise<Credential> => {
      if (++asked === 1) throw new Error('helper failed');
      return { username: 'a' };
    };
    const account = createAccount('registry.test', { get });
    await expect(account.credential()).rejects.toThrow('helper failed');
    expect(await account.credential()).toEqual({ username: 'a' });
  });

  it('gives what another request has renewed already', async () => {
    let asked = 0;
    const get = async (): Promise<Credential> => ({ username: 'a', password: `p${++asked}` });
    const account = createAccount('registry.test', { get });
    const refused = await account.credential();
    const [one, two] = await Promise.all([account.renew(refused), account.renew(refused)]);
    expect([one?.password, two?.password, asked]).toEqual(['p2', 'p2', 2]);
    expect((await account.renew(refused))?.password).toBe('p2');
  });
});
