import { expect, test } from 'vitest';
import { certificateTarget, chainTarget } from '../../fuzz/certificate.ts';
import { type FuzzTarget, fuzz, fuzzOptions } from '../../fuzz/run.ts';
import {
  authorityKeyIdentifier,
  basicConstraints,
  createIssuer,
  extendedKeyUsage,
  issue,
  issueRoot,
  keyUsage,
  subjectKeyIdentifier,
} from '../pki/issue.ts';

const options = fuzzOptions(4000);
const timeout = (options.seconds + 60) * 1000;

/** Leaf, authority (RSA) and root (EC), with every extension that the reader knows something of. */
function issueChain(): [ReturnType<typeof issue>, ReturnType<typeof issue>, ReturnType<typeof issue>] {
  const [root, authority, leaf] = [createIssuer(), createIssuer('Authority', 'rsa'), createIssuer()];
  const signer = issue(leaf, authority, {
    extensions: [keyUsage(0x80), extendedKeyUsage('1.3.6.1.5.5.7.3.3'), authorityKeyIdentifier(authority)],
  });
  const intermediate = issue(authority, root, {
    extensions: [
      basicConstraints(true, 1),
      keyUsage(0x06),
      authorityKeyIdentifier(root),
      subjectKeyIdentifier(authority),
    ],
  });
  const anchor = issueRoot(root, { extensions: [basicConstraints(true), keyUsage(0x06), subjectKeyIdentifier(root)] });
  return [signer, intermediate, anchor];
}

const chain = issueChain();

async function run(target: FuzzTarget): Promise<void> {
  const report = await fuzz(target, options);
  process.stdout.write(`${target.name}: ${JSON.stringify(report)}\n`);
  expect(report.inputs).toBeGreaterThan(0);
  expect(report.accepted).toBeLessThan(report.inputs);
}

test(
  'FZ3 certificates: only coded errors, nothing slow, no changed certificate with a good signature',
  () => {
    const [leaf, intermediate, root] = chain;
    return run(
      certificateTarget([
        { der: root.der, issuer: root },
        { der: intermediate.der, issuer: root },
        { der: leaf.der, issuer: intermediate },
      ]),
    );
  },
  timeout,
);

test(
  'FZ3 chains: only coded errors, nothing slow, no path through a changed certificate',
  () => run(chainTarget(chain, new Date('2026-01-01T00:00:00Z'))),
  timeout,
);
