import { type UnverifiedEnvelope, verifyIntegrity } from '@notarykit/signature-envelope';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Fault, faults, soundEnvelope } from './faults.js';
import { reasonOf, testOrderOfReasons } from './order-of-reasons.js';

// The platform of browsers and workers, whose checks are all asynchronous: their order can be held up here.
vi.mock(
  '../../../packages/pki/src/crypto/platform.node.ts',
  () => import('../../../packages/pki/src/crypto/platform.web.js'),
);

testOrderOfReasons('WebCrypto');

type Verify = typeof crypto.subtle.verify;
const real: Verify = crypto.subtle.verify.bind(crypto.subtle);

/** Counts the checks; `gate` holds the answer of one until it lets it go. */
function watch(gate: (index: number) => Promise<void> | undefined = () => undefined) {
  const seen = { begun: 0, ended: 0, most: 0 };
  const held: Verify = async (...given) => {
    const index = seen.begun++;
    seen.most = Math.max(seen.most, seen.begun - seen.ended);
    const answer = await real(...given);
    await gate(index);
    seen.ended++;
    return answer;
  };
  vi.spyOn(crypto.subtle, 'verify').mockImplementation(held);
  return seen;
}

afterEach(() => {
  vi.restoreAllMocks();
});

const named = (name: string) => faults.find((fault) => fault.name === name) as Fault;
let sound: UnverifiedEnvelope;
beforeAll(async () => {
  sound = await soundEnvelope();
});
/** Certificates of which nothing is remembered. */
const fresh = (envelope = sound): UnverifiedEnvelope => ({
  ...envelope,
  certificateChain: envelope.certificateChain.map((one) => ({ ...one })),
});

describe('A21 checks at the same time', () => {
  const signatures = ['envelope', 'leaf', 'second', 'third'].map((of) => named(`signature of the ${of}`));

  test.each([0, 1, 2, 3])('the reason does not depend on which check answers last (%i)', async (slow) => {
    for (const first of signatures)
      for (const second of signatures.slice(signatures.indexOf(first))) {
        let open = (): void => undefined;
        const othersAnswered = new Promise<void>((resolve) => {
          open = resolve;
        });
        let answered = 0;
        watch((index) => {
          if (index === slow) return othersAnswered;
          if (index < 4 && ++answered === 3) open();
          return undefined;
        });
        const { code, message } = first;
        const spoiled = second === first ? first.spoil(fresh()) : second.spoil(first.spoil(fresh()));
        expect(await reasonOf(spoiled)).toMatchObject({
          code,
          message: expect.stringMatching(message),
        });
      }
  });

  test('every signature is asked about once, and no more than four at one time', async () => {
    const seen = watch();
    expect(await reasonOf(fresh())).toBe('ok');
    expect(seen).toEqual({ begun: 5, ended: 5, most: 4 });
  });

  test('starts no further checks after a wrong signature', async () => {
    const seen = watch();
    const answer = await reasonOf(named('signature of the envelope').spoil(fresh()));
    expect(answer).toMatchObject({ code: 'ERR_ENVELOPE_INTEGRITY' });
    expect(seen).toEqual({ begun: 4, ended: 4, most: 4 });
  });

  test.each([
    ['serial number of the root', 1],
    ['key usage of the leaf', 2],
    ['basic constraints of the second', 3],
  ])('a fault that needs no cryptography is found before any signature check: %s', async (name, checks) => {
    const seen = watch();
    const { code } = named(name);
    expect(await reasonOf(named(name).spoil(fresh()))).toMatchObject({ code });
    expect(seen.begun).toBe(checks);
  });

  test('what is remembered is not asked about again', async () => {
    const envelope = fresh();
    expect(await reasonOf(envelope)).toBe('ok');
    const seen = watch();
    expect(await reasonOf(envelope)).toBe('ok');
    expect(seen.begun).toBe(1);
  });

  test('an abort begins no check', async () => {
    const seen = watch();
    const reason = new Error('the pod is gone');
    await expect(verifyIntegrity(fresh(), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(seen.begun).toBe(0);
  });

  test('an abort while checks are under way begins no others', async () => {
    const controller = new AbortController();
    const reason = new Error('the pod is gone');
    const seen = watch((index) => {
      if (index === 1) controller.abort(reason);
      return undefined;
    });
    await expect(verifyIntegrity(fresh(), { signal: controller.signal })).rejects.toBe(reason);
    expect(seen.begun).toBe(4);
  });
});
