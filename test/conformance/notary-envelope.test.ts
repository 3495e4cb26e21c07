import { isCodedError } from '@notarykit/common';
import { parseCertificate, parseCertificates } from '@notarykit/pki';
import { checkCriticalAttributes, decodeEnvelope, verifyIntegrity } from '@notarykit/signature-envelope';
import { checkCodeSigningChain, checkTimestampingChain } from '@notarykit/signature-envelope/internal';
import { expect, test } from 'vitest';
import { countVectors, vectorBytes, vectorJson, vectorSet } from '../vectors.js';
import { stricterChains, stricterEnvelopes } from './notary-stricter.js';

/** Envelopes whose integrity holds and which fail a later validation: the trust column of the table judges them. */
const laterFailures = /has expired on|descriptor mismatch|validity period|does not contain any trusted certificate/;

interface Row {
  readonly File: string;
  readonly MediaType: string;
  readonly Parse: string;
  readonly CoreVerify: string;
  readonly NotationVerify: string;
}

const codeOf = (error: unknown): string => (isCodedError(error) ? error.code : `not coded: ${String(error)}`);

async function verdict(work: () => Promise<unknown>): Promise<string> {
  return work().then(() => 'ok', codeOf);
}

function expectedOf(row: Row): string {
  if (row.Parse !== 'ok' || row.CoreVerify !== 'ok') return 'refused';
  return row.NotationVerify === 'ok' || laterFailures.test(row.NotationVerify) ? 'ok' : 'refused';
}

vectorSet('notary', 'notary', () => {
  test('generated envelopes give the verdict listed, or the stricter one of docs/parity.md', async (context) => {
    const rows: Row[] = vectorJson('notary', 'generated', 'envelopes', 'expected.json');
    for (const row of rows) {
      const found = await verdict(async () => {
        const bytes = vectorBytes('notary', 'generated', row.File);
        checkCriticalAttributes(await verifyIntegrity(decodeEnvelope(bytes, row.MediaType)));
      });
      const stricter = stricterEnvelopes[row.File.replace('envelopes/', '')];
      const expected = stricter ?? expectedOf(row);
      if (expected === 'refused') expect(found, row.File).toMatch(/^ERR_/);
      else expect(found, row.File).toBe(expected);
    }
    countVectors(context, rows.length, rows.length);
  });

  test('upstream envelopes give the verdict listed', async (context) => {
    const rows = Object.entries<Record<string, string>>(vectorJson('notary', 'expected.json').envelopes);
    for (const [file, row] of rows) {
      const found = await verdict(async () =>
        verifyIntegrity(decodeEnvelope(vectorBytes('notary', file), row['mediaType'] ?? '')),
      );
      if (row['parse'] === 'ok' && row['integrity'] === 'ok') expect(found, file).toBe('ok');
      else expect(found, file).toMatch(/^ERR_/);
    }
    countVectors(context, rows.length, rows.length);
  });

  test('upstream envelopes decode to the attributes listed', async (context) => {
    const rows = Object.entries<Record<string, string>>(vectorJson('notary', 'expected.json').envelopes).filter(
      ([, row]) => row['integrity'] === 'ok',
    );
    for (const [file, row] of rows) {
      const envelope = await verifyIntegrity(decodeEnvelope(vectorBytes('notary', file), row['mediaType'] ?? ''));
      const { signedAttributes, unsignedAttributes, algorithm, payload } = envelope;
      expect(algorithm.jws, file).toBe(row['algorithm']);
      expect(signedAttributes.signingScheme, file).toBe(row['scheme']);
      const time = signedAttributes.signingTime ?? signedAttributes.authenticSigningTime;
      expect(time?.toISOString(), file).toBe(new Date(row['signingTime'] ?? '').toISOString());
      expect(signedAttributes.expiry?.toISOString() ?? '', file).toBe(
        row['expiry'] ? new Date(row['expiry']).toISOString() : '',
      );
      expect(unsignedAttributes.signingAgent ?? '', file).toBe(row['signingAgent']);
      expect(new TextDecoder().decode(payload), file).toBe(row['payload']);
    }
    countVectors(context, rows.length, rows.length);
  });

  test('generated chains give the verdict listed for both purposes, or the stricter one', async (context) => {
    const rows: Record<string, string>[] = vectorJson('notary', 'generated', 'chains', 'expected.json');
    for (const row of rows) {
      const file = row['File'] ?? '';
      const chain = parseCertificates(vectorBytes('notary', 'generated', file));
      const stricter = stricterChains[file.replace('chains/', '')];
      const signing = await verdict(() => checkCodeSigningChain(chain));
      if (stricter !== undefined) expect(signing, file).toBe(stricter);
      else expect(signing === 'ok', `${file}: ${signing}`).toBe(row['CodeSigning'] === 'ok');
      const timestamping = await verdict(() => checkTimestampingChain(chain));
      expect(timestamping === 'ok', `${file}: ${timestamping}`).toBe(row['Timestamping'] === 'ok');
    }
    countVectors(context, 2 * rows.length, 2 * rows.length);
  });

  test('chains of notation-core-go tests', async (context) => {
    const folder = 'notation-core-go/x509';
    const pem = (name: string) =>
      parseCertificates(vectorBytes('notary', folder, 'codesigning_cert_validations_test', `${name}.pem`));
    const crt = (name: string) => parseCertificates(vectorBytes('notary', folder, 'testdata', name));
    const [leaf, int2, int1, root] = [
      'codeSigningLeafPem',
      'intermediateCertPem2',
      'intermediateCertPem1',
      'rootCertPem',
    ].map((name) => pem(name)[0]!);
    const at = new Date('2025-01-01T00:00:00Z');
    const cases: readonly (readonly [string, () => Promise<void>, boolean])[] = [
      ['chain of four', () => checkCodeSigningChain([leaf!, int2!, int1!, root!], { at }), true],
      [
        'before the leaf',
        () => checkCodeSigningChain([leaf!, int2!, int1!, root!], { at: new Date('2021-07-07T00:00:00Z') }),
        false,
      ],
      ['order swapped', () => checkCodeSigningChain([leaf!, int1!, int2!, root!]), false],
      ['no root', () => checkCodeSigningChain([leaf!, int2!, int1!]), false],
      ['root twice', () => checkCodeSigningChain([leaf!, int2!, int1!, root!, root!]), false],
      ['root thrice', () => checkCodeSigningChain([root!, root!, root!]), false],
      ['unrelated', () => checkCodeSigningChain([leaf!, pem('unrelatedCertPem')[0]!, int1!, root!]), false],
      [
        'path length',
        () =>
          checkCodeSigningChain([
            pem('codeSigningLeafInvalidPathLenPem')[0]!,
            pem('intermediateCertInvalidPathLenPem')[0]!,
            int2!,
            int1!,
            root!,
          ]),
        false,
      ],
      ['minimal self-signed', () => checkCodeSigningChain(crt('openssl-minimum-self-signed.pem')), true],
      [
        'timestamping chain',
        () =>
          checkTimestampingChain([
            ...crt('timestamp_leaf.crt'),
            ...crt('timestamp_intermediate.crt'),
            ...crt('timestamp_root.crt'),
          ]),
        true,
      ],
      ['timestamping leaf alone', () => checkTimestampingChain(crt('timestamp_leaf.crt')), false],
      [
        'timestamping, no root',
        () => checkTimestampingChain([...crt('timestamp_leaf.crt'), ...crt('timestamp_intermediate.crt')]),
        false,
      ],
      ['timestamping, wrong parent', () => checkTimestampingChain([...crt('timestamp_leaf.crt'), root!]), false],
      [
        'timestamping, root as leaf',
        () => checkTimestampingChain([...crt('timestamp_root.crt'), ...crt('timestamp_root.crt')]),
        false,
      ],
    ];
    for (const [name, work, good] of cases) expect((await verdict(work)) === 'ok', name).toBe(good);
    countVectors(context, cases.length, cases.length);
  });

  test('a single certificate from the bytes of a chain equals that of the chain', () => {
    const [first] = parseCertificates(vectorBytes('notary', 'generated', 'chains', 'chain3.pem'));
    expect(parseCertificate(first!.der).fingerprint).toBe(first!.fingerprint);
  });
});
