import { algorithmOf } from '@notarykit/signature-envelope/internal';
import { cases } from './conformance/cases.js';
import { checkFault, checkRotation, checkSalt } from './conformance/more-cases.js';
import type { SignerConformanceOptions } from './conformance/options.js';

export type { SignerConformanceOptions, SignerFactory, SignerFault } from './conformance/options.js';

/**
 * Registers the cases that every signer must pass with a test runner. A case that fails says what the signer does and how to
 * mend it.
 *
 * @example
 * ```ts
 * import { test } from 'node:test';
 *
 * signerConformance({ test, create: () => mySigner(), keySpec: 'EC-256' });
 * ```
 */
export function signerConformance(options: SignerConformanceOptions): void {
  const { test, create, keySpec, rotation, faults = [] } = options;
  for (const [name, body] of Object.entries(cases)) test(name, async () => body(await create(), options));
  if (algorithmOf(keySpec).type === 'rsa')
    test('makes the salt as long as the hash', async () => checkSalt(await create(), options));
  if (rotation !== undefined)
    test('keeps to one version while the key is rotated', () => checkRotation(rotation, options));
  for (const fault of faults) test(`fault: ${fault.name}`, () => checkFault(fault, options));
}
