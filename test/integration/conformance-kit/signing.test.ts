import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sign } from '../../../conformance/adapters/notarykit/sign.mjs';
import {
  type KitRequest,
  problemsOfSigned,
  type Signing,
  signingRequest,
  signings,
} from '../../../conformance/kit.mjs';
import { temporaryFolder } from '../../interop/support/folder.js';

const folder = temporaryFolder();
const byId = (id: string): Signing => signings.find((one) => one.id === id) as Signing;
let turn = 0;

/** Signs as `made` says, and what the kit finds when it was asked for `asked`. */
async function found(made: Signing, asked: Signing, change: (request: KitRequest) => void = () => undefined) {
  const place = join(folder, String(turn++));
  const request = signingRequest(made, place);
  await sign(request);
  const { signing } = signingRequest(asked, join(folder, String(turn++)));
  change(request);
  return problemsOfSigned(asked, { ...request, signing } as KitRequest).join('; ');
}

const plain = byId('sign-jws-es256');

describe('the kit reads what an implementation signed', () => {
  test('accepts valid signatures', async () => {
    expect(await found(plain, plain)).toBe('');
  });

  test('that nothing was signed', () => {
    expect(problemsOfSigned(plain, signingRequest(plain, join(folder, 'unsigned')))).toEqual([
      'expected one signature manifest, found 0',
    ]);
  });

  test.each([
    ['another format', plain, byId('sign-cose-es256'), 'expected one layer of application/cose'],
    ['another key', plain, byId('sign-jws-es384'), 'thumbprints'],
    ['no expiry', plain, byId('sign-jws-expiry'), 'the expiry is another one'],
    ['no critical expiry', plain, byId('sign-jws-expiry'), 'crit lacks the expiry'],
    ['an expiry unasked', byId('sign-cose-expiry'), byId('sign-cose-es256'), 'an expiry that nobody asked for'],
    ['no metadata', plain, byId('sign-jws-metadata'), 'annotation org.example.build is missing'],
  ])('%s', async (_, made, asked, problem) => {
    expect(await found(made, asked)).toContain(problem);
  });

  test.each(['sign-jws-blob', 'sign-cose-blob'])('a signature of another blob: %s', async (id) => {
    const blob = byId(id);
    const change = ({ artifact }: KitRequest) => writeFileSync(artifact.path as string, 'another blob');
    expect(await found(blob, blob, change)).toContain('digest: expected sha384:');
  });

  test('a signature that does not match', async () => {
    const blob = byId('sign-jws-blob');
    const change = ({ artifact }: KitRequest) => {
      const file = artifact.signature as string;
      const document = JSON.parse(readFileSync(file, 'utf8')) as { signature: string };
      const signature = Buffer.from(document.signature, 'base64url').fill(1, 0, 1).toString('base64url');
      writeFileSync(file, JSON.stringify({ ...document, signature }));
    };
    expect(await found(blob, blob, change)).toContain('the signature does not hold');
  });
});
