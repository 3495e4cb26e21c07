import { type UnverifiedEnvelope, verifyIntegrity } from '@notarykit/signature-envelope';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Fault, faults, someOfThem, soundEnvelope } from './faults.js';

export const reasonOf = (envelope: UnverifiedEnvelope): Promise<unknown> =>
  verifyIntegrity(envelope).then(
    () => 'ok',
    (error: unknown) => error,
  );

/** The reasons of every few faults; the same on every platform. */
export function testOrderOfReasons(platform: string): void {
  let sound: UnverifiedEnvelope;
  beforeAll(async () => {
    sound = await soundEnvelope();
  });

  describe(`A21 signatures are checked together, and reported one after the other (${platform})`, () => {
    test('without a fault the envelope holds', async () => {
      expect(await reasonOf(sound)).toBe('ok');
    });

    test.each(faults)('$name alone is refused', async ({ spoil, code, message }) => {
      expect(await reasonOf(spoil(sound))).toMatchObject({ code, message: expect.stringMatching(message) });
    });

    test('of several faults the first in their order is reported', async () => {
      for (const some of someOfThem()) {
        const spoiled = some.reduce((envelope, { spoil }) => spoil(envelope), sound);
        const { code, message } = some[0] as Fault;
        const names = some.map(({ name }) => name).join(', ');
        expect(await reasonOf(spoiled), names).toMatchObject({ code, message: expect.stringMatching(message) });
      }
    });
  });
}
