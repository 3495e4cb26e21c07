import { utf8 } from '@notarykit/common';
import { describeBlob } from '@notarykit/signature-envelope/internal';
import { parseBlobTrustPolicy, type TrustError, verifyBlobSignature } from '@notarykit/trust-policy';
import { beforeEach, describe, expect, it } from 'vitest';
import { createLab, identity, type Lab } from './lab.js';

let lab: Lab;
beforeEach(async () => {
  lab = await createLab();
});

describe('verifyBlobSignature', () => {
  const content = utf8('hello');
  const blobPolicy = (patch: object = {}) => {
    const { registryScopes: _, ...statement } = {
      name: 'b',
      signatureVerification: { level: 'strict', override: { revocation: 'skip' } },
      trustStores: ['ca:lab'],
      trustedIdentities: [identity],
      globalPolicy: true,
      registryScopes: [],
      ...patch,
    };
    return parseBlobTrustPolicy({ version: '1.0', trustPolicies: [statement] });
  };
  const run = async (blob: Uint8Array, patch: object = {}) => {
    const target = await describeBlob(content, { digestAlgorithm: 'sha256', mediaType: 'text/plain' });
    const { envelope, mediaType } = await lab.sign({ target: target as never });
    return verifyBlobSignature(blob, envelope, { policy: blobPolicy(), trustStore: lab.anchors, mediaType, ...patch });
  };

  it('trusts the blob that was signed, and tells its digest', async () => {
    expect(await run(content, { contentMediaType: 'text/plain' })).toMatchObject({
      verdict: 'trusted',
      report: { subject: { kind: 'blob', size: 5 } },
    });
  });

  it('refuses another blob, or another media type', async () => {
    const fact = async (promise: Promise<unknown>) => {
      const error = (await promise.catch((thrown: unknown) => thrown)) as TrustError;
      return error.report?.signatures[0]?.validations.find(({ result }) => result === 'failed')?.fact;
    };
    expect(await fact(run(utf8('hallo')))).toMatchObject({ fact: 'targetMismatch', member: 'digest' });
    expect(await fact(run(content, { contentMediaType: 'text/html' }))).toMatchObject({
      fact: 'targetMismatch',
      member: 'mediaType',
    });
  });

  it('level skip does not read the blob', async () => {
    const skip = blobPolicy({
      signatureVerification: { level: 'skip' },
      trustStores: [],
      trustedIdentities: [],
      globalPolicy: false,
    });
    expect(await run(utf8('x'), { policy: skip, policyName: 'b' })).toMatchObject({ verdict: 'skipped' });
  });
});
