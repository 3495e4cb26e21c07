import { decodeBase64, isCodedError } from '@notarykit/common';
import { buildPath, type Certificate, type PathProfile, PkiError, parseCertificate } from '@notarykit/pki';
import { beforeAll, expect, test } from 'vitest';
import { countVectors, vectorJson, vectorSet } from '../vectors.ts';
import { parsedCrls, statusOf } from './pkits-crls.ts';

interface Case {
  readonly id: string;
  readonly class: 'core' | 'crl' | 'strict' | 'policy' | 'unsupported-algorithm';
  readonly trust_anchor: string;
  readonly intermediates: readonly string[];
  readonly target: string;
  readonly crls: readonly string[];
  readonly expected: 'SUCCESS' | 'FAILURE';
}

const pkits = (): {
  cases: Case[];
  certificates: Record<string, string>;
  crls: Record<string, string>;
  validation_time: string;
} => vectorJson('nist-pkits', 'pkits.json');

let all: ReturnType<typeof pkits>;

const folded = 'names equal only after folding case or white space; they are compared byte by byte, as Go does';
const rollover = 'a CRL signed with another key of the same authority: revocation is unavailable';
const dsa = 'a DSA key';
const leaf = 'an authority in the place of the leaf';

/** Valid cases that are refused here, with the reason. */
const differences: Readonly<Record<string, string>> = {
  '4.1.4': dsa,
  '4.1.5': dsa,
  '4.3.3': folded,
  '4.3.4': folded,
  '4.3.5': folded,
  '4.3.10': folded,
  '4.3.11': folded,
  '4.5.4': rollover,
  '4.5.6': rollover,
  '4.6.4': 'basic constraints that are not critical',
  '4.6.8': leaf,
  '4.6.14': leaf,
};

async function verdictOf(one: Case, profile: PathProfile): Promise<'SUCCESS' | 'FAILURE'> {
  const { certificates, crls, validation_time } = all;
  const at = new Date(validation_time);
  const parse = (name: string): Certificate => parseCertificate(decodeBase64(certificates[name] as string));
  const readable = (names: readonly string[]): Certificate[] =>
    names.flatMap((name) => {
      try {
        return [parse(name)];
      } catch (error) {
        if (isCodedError(error)) return [];
        throw error;
      }
    });
  const check = async (path: readonly Certificate[]): Promise<void> => {
    const list = parsedCrls(one.crls.map((name) => crls[name] as string));
    for (const [index, certificate] of path.slice(0, -1).entries()) {
      const status = await statusOf(certificate, path.slice(index + 1), list, at);
      if (status !== 'good') throw new PkiError('ERR_PKI_REVOCATION', `revocation is ${status}`);
    }
  };
  try {
    await buildPath(parse(one.target), {
      anchors: [parse(one.trust_anchor)],
      intermediates: readable(one.intermediates),
      at,
      check,
      profile,
    });
    return 'SUCCESS';
  } catch (error) {
    if (!isCodedError(error)) throw error;
    return 'FAILURE';
  }
}

vectorSet('nist-pkits', 'nist-pkits', () => {
  beforeAll(() => {
    all = pkits();
  });
  test.for<[Case['class'], PathProfile]>([
    ['core', 'notary'],
    ['core', 'rfc5280'],
    ['strict', 'rfc5280'],
    ['unsupported-algorithm', 'notary'],
  ])(
    '%s in the profile %s: 0 false accepts, valid ones but for the listed differences',
    async ([name, profile], context) => {
      const cases = all.cases.filter((entry) => entry.class === name);
      for (const one of cases) {
        const expected = one.id in differences ? 'FAILURE' : one.expected;
        expect.soft(`${one.id}: ${await verdictOf(one, profile)}`).toBe(`${one.id}: ${expected}`);
      }
      const counted = name === 'core' && profile === 'rfc5280' ? 0 : cases.length;
      countVectors(context, counted, counted);
    },
  );
});
