import { formatName, parseCertificates } from '@notarykit/pki';
import { expect, test } from 'vitest';
import { vectorBytes, vectorJson, vectorSet } from '../vectors.ts';

const folder = ['notary', 'generated'] as const;

vectorSet('notary', 'notary', () => {
  const cases: { File: string; GoSubject: string }[] = vectorJson(...folder, 'identities', 'expected.json');
  test.each(cases)('the subject of $File is written as Go writes it', ({ File, GoSubject }) => {
    const [certificate] = parseCertificates(vectorBytes(...folder, ...File.split('/')));
    expect(certificate && formatName(certificate.subject)).toBe(GoSubject);
  });
});
