import { parseTrustPolicy } from '@notarykit/trust-policy';
import { verifyBundle } from 'notarykit';
import { type Answer, answerOf } from './answer.js';
import { dateOf, type TrustTexts, trustStoreOf } from './trust.js';
import type { NamedFile } from './verify-file.js';

/**
 * Verifies a bundle by what is in it, without a network: artifacts, what refers to them, and what the authorities said.
 *
 * @param expected - the artifact that must be in it, and no other; empty for whatever names the bundle has
 */
export function verifyBundleFile(bundle: NamedFile, expected: string, trust: TrustTexts): Promise<Answer> {
  return answerOf(expected.trim() || bundle.name, async () => {
    const { artifacts } = await verifyBundle(bundle.bytes, {
      policy: parseTrustPolicy(trust.policy),
      trustStore: trustStoreOf(trust.stores),
      // The policy of the form decides, not the one that the bundle was made under.
      otherPolicy: 'accept',
      ...(expected.trim() === '' ? {} : { expect: [expected.trim()] }),
      ...dateOf(trust),
    });
    const reports = artifacts.flatMap(({ verdict, referrers }) => [verdict, ...referrers.map((one) => one.verdict)]);
    return {
      verdict: 'trusted',
      reports: reports.map(({ report }) => report),
      subjects: artifacts.map(({ repository, tag, verdict }) => ({
        artifact: tag === undefined ? repository : `${repository}:${tag}`,
        digest: verdict.digest,
      })),
    };
  });
}
