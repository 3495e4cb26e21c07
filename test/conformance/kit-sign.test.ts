import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { sign } from '../../conformance/adapters/notarykit/sign.mjs';
import { problemsOfSigned, signingRequest, signings } from '../../conformance/kit.mjs';

const folder = mkdtempSync(join(tmpdir(), 'notarykit-kit-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('kit-sign', () => {
  test.each(signings)('$id', async (one) => {
    const request = signingRequest(one, join(folder, one.id));
    await sign(request);
    expect(problemsOfSigned(one, request)).toEqual([]);
  });
});
