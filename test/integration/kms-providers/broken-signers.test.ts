import { type SignerConformanceOptions, signerConformance } from '@notarykit/kms-providers/conformance';
import { ecdsaP1363ToDer, type KeySpec, type Signer, SignerError } from '@notarykit/signature-envelope';
import { describe, expect, test } from 'vitest';
import { authority, ec, other, rows, rsa, signAs, signerOf } from '../../support/broken-signers.js';

/** The cases that fail, with what they say. */
async function failuresOf(
  options: Omit<SignerConformanceOptions, 'test'>,
  only?: string,
): Promise<Map<string, string>> {
  const bodies = new Map<string, () => Promise<void>>();
  signerConformance({ ...options, test: (name, body) => bodies.set(name, body) });
  const failures = new Map<string, string>();
  for (const [name, body] of bodies)
    if (only === undefined || name === only)
      await body().catch((error: unknown) => failures.set(name, (error as Error).message));
  return failures;
}

const kit = { signatures: 2, trustedRoot: authority.root.certificate };

describe('a broken signer fails its case, with a hint how to fix it', () => {
  for (const [name, what, signer, hint, more = {}] of rows)
    test(`${name}: ${what}`, async () => {
      const keySpec: KeySpec = (await signerSpec(signer)) ?? 'EC-256';
      const failures = await failuresOf({ create: () => signer, keySpec, ...kit, ...more }, name);
      expect(failures.get(name)).toMatch(hint);
    });

  /** What a row says it is; a signer that lies about it is of P-256. */
  async function signerSpec(signer: Signer): Promise<KeySpec | undefined> {
    const { keySpec } = await signer.describe();
    return keySpec === 'RSA-2048' ? keySpec : undefined;
  }

  test.each([ec, rsa])('a correct signer fails no case ($keySpec)', async (leaf) => {
    const failures = await failuresOf({ create: () => signerOf(leaf), keySpec: leaf.keySpec, ...kit });
    expect([...failures]).toEqual([]);
  });

  test('the case of the chain accepts a DER signature', async () => {
    const der: Signer = {
      ...signerOf(ec),
      sign: async ({ payload }) => ({
        signature: ecdsaP1363ToDer(signAs(ec, payload)),
        certificateChain: ec.chain.map((one) => one.slice()),
      }),
    };
    const failures = await failuresOf({ create: () => der, keySpec: 'EC-256', ...kit });
    expect(failures.has('gives a chain that may sign')).toBe(false);
    expect(failures.get('signs 1, 4,096, 4,097 bytes and 1 MiB')).toContain('ecdsaDerToP1363');
  });

  test('K1 a rotated key: detects a changed version, and an outdated chain', async () => {
    const rotationOf = (chainFollows: boolean) => {
      let current = ec;
      const create = (): Signer => ({
        describe: async () => ({ keySpec: 'EC-256', keyId: current === ec ? 'k/1' : 'k/2' }),
        async sign({ payload }) {
          const chain = chainFollows ? current.chain : ec.chain;
          return { signature: signAs(current, payload), certificateChain: chain.map((der) => der.slice()) };
        },
      });
      const rotate = (): void => {
        current = other;
      };
      return { create, rotate };
    };
    const name = 'keeps to one version while the key is rotated';
    const create = () => signerOf(ec);
    const hintOf = async (chainFollows: boolean) =>
      (await failuresOf({ create, keySpec: 'EC-256', rotation: rotationOf(chainFollows) }, name)).get(name);
    expect(await hintOf(true)).toMatch(/sign with exactly that version/);
    expect(await hintOf(false)).toMatch(/signature and chain of one key version/);
    const pinned = { create, rotate: () => undefined };
    expect([...(await failuresOf({ create, keySpec: 'EC-256', rotation: pinned }, name))]).toEqual([]);
  });

  test('a fault: another reason, not retryable, a secret in the error, or a signature', async () => {
    const hintOf = async (error: Error | undefined) => {
      const create = () => signerOf(ec, error === undefined ? {} : { sign: () => Promise.reject(error) });
      const faults = [{ name: 'f', create, reason: 'throttled', retryable: true }];
      return (await failuresOf({ create, keySpec: 'EC-256', faults, secrets: ['hvs.abc'] }, 'fault: f')).get(
        'fault: f',
      );
    };
    expect(await hintOf(new SignerError('no', { reason: 'throttled' }))).toBeUndefined();
    expect(await hintOf(new SignerError('no', { reason: 'unknown' }))).toMatch(
      /found unknown: map the service's error/,
    );
    expect(await hintOf(new Error('no'))).toMatch(/found no: map/);
    expect(await hintOf(undefined)).toMatch(/found a signature/);
    expect(await hintOf(new SignerError('no', { reason: 'throttled', retryable: false }))).toMatch(/retryable/);
    expect(await hintOf(new SignerError('no hvs.abc', { reason: 'throttled' }))).toMatch(/out of errors/);
  });

  test("the lab's own signer fails none", async () => {
    const leaf = await authority.issueLeaf({ keySpec: 'EC-384' });
    expect([...(await failuresOf({ create: () => leaf.signer, keySpec: 'EC-384', ...kit }))]).toEqual([]);
    expect(rows.length).toBeGreaterThanOrEqual(50);
  });

  test('every case has a signer that fails it', () => {
    const names: string[] = [];
    const collect = (name: string) => names.push(name);
    signerConformance({ test: collect, create: () => signerOf(rsa), keySpec: 'RSA-2048' });
    expect(new Set(rows.map(([name]) => name))).toEqual(new Set(names));
  });
});
