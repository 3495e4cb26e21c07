import { expect, test } from 'vitest';
import { certificateTarget } from '../../fuzz/certificate.ts';
import { fuzz, fuzzOptions } from '../../fuzz/run.ts';
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

const { seconds, ...rest } = fuzzOptions(4000);

test(
  'FZ3 certificates: only coded errors, nothing slow, no changed certificate with a good signature',
  async () => {
    const [root, authority, leaf] = [createIssuer(), createIssuer('Authority', 'rsa'), createIssuer()];
    const rootCertificate = issueRoot(root, {
      extensions: [basicConstraints(true), keyUsage(0x06), subjectKeyIdentifier(root)],
    });
    const intermediate = issue(authority, root, {
      extensions: [
        basicConstraints(true, 1),
        keyUsage(0x06),
        authorityKeyIdentifier(root),
        subjectKeyIdentifier(authority),
      ],
    });
    const signer = issue(leaf, authority, {
      extensions: [keyUsage(0x80), extendedKeyUsage('1.3.6.1.5.5.7.3.3'), authorityKeyIdentifier(authority)],
    });
    const report = await fuzz(
      certificateTarget([
        { der: rootCertificate.der, issuer: rootCertificate },
        { der: intermediate.der, issuer: rootCertificate },
        { der: signer.der, issuer: intermediate },
      ]),
      { ...rest, seconds },
    );
    process.stdout.write(`FZ3 certificate: ${JSON.stringify(report)}\n`);
    expect(report.inputs).toBeGreaterThan(0);
    expect(report.accepted).toBeLessThan(report.inputs);
  },
  (seconds + 60) * 1000,
);
