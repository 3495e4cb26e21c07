// What examples take for granted, because their page has it from the reader: keys, accounts, a policy, content to sign.
import type { VerifyImage } from '@notarykit/admission';
import type { Bytes } from '@notarykit/common';
import type { Descriptor, Repository } from '@notarykit/oci';
import type { Certificate, RevocationChecker } from '@notarykit/pki';
import type { CreateCsrOptions } from '@notarykit/pki/internal';
import type { RegistryOptions } from '@notarykit/registry-client';
import type { Signer } from '@notarykit/signature-envelope';
import type { SignatureCandidate, TrustPolicy, TrustStore } from '@notarykit/trust-policy';
import type { Trust } from 'notarykit';

declare global {
  const ca: string;
  const candidates: AsyncIterable<SignatureCandidate>;
  const certificateChain: readonly Bytes[];
  const chain: readonly Certificate[];
  const companyPem: string;
  const credential: { getToken(): Promise<{ readonly token: string; readonly expiresOnTimestamp: number }> };
  const credentials: NonNullable<RegistryOptions['credentials']>;
  const descriptor: Descriptor;
  const directory: string;
  const keyService: Pick<CreateCsrOptions, 'sign'>;
  const policy: TrustPolicy;
  const publicKey: CreateCsrOptions['publicKey'];
  const repository: Repository;
  const revocation: RevocationChecker;
  const rootPem: string;
  const roots: readonly Certificate[];
  const service: { sign(request: object): Promise<{ readonly signature: Bytes }> };
  const signature: Bytes;
  const signer: Signer;
  const token: string;
  const trust: Trust;
  const trustStore: TrustStore;
  const vaultUrl: string;
  const verifyImage: VerifyImage;
}
