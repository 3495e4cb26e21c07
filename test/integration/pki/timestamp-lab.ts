import { type Bytes, isCodedError, utf8 } from '@notarykit/common';
import { createHttpTimestamper, parseCertificate } from '@notarykit/pki';
import { verifyTimestampToken } from '@notarykit/pki/internal';
import {
  type Authority,
  type AuthorityServices,
  buildTimestampToken,
  createAuthority,
  createAuthorityServices,
  type Issued,
  type IssueOptions,
  type TimestampFault,
  type TokenOptions,
} from '@notarykit/testing';

export const message: Bytes = utf8('the bytes of a signature');
export const now = new Date('2025-06-01T12:00:00Z');
export const days = (count: number): Date => new Date(now.getTime() + count * 86_400_000);

/** A timestamping authority, and what checks its tokens. */
export interface TimestampLab {
  readonly authority: Authority;
  readonly signer: Issued;
  readonly services: AuthorityServices;
  token(options?: Partial<TokenOptions>): Promise<Bytes>;
  /** The code of the refusal of a token, or `ok`. */
  verdict(options?: Partial<TokenOptions>): Promise<string>;
  /** The code with which a request fails when the service misbehaves so, or `ok`. */
  request(fault: TimestampFault): Promise<string>;
}

export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'ok';
  } catch (error) {
    return isCodedError(error) ? error.code : String(error);
  }
}

export async function timestampLab(leaf: IssueOptions = {}): Promise<TimestampLab> {
  const authority = await createAuthority();
  const signer = await authority.issueTimestamping(leaf);
  const services = createAuthorityServices(authority, { now: () => now, timestamping: signer });
  const roots = [parseCertificate(authority.root.certificate)];
  const token = (options: Partial<TokenOptions> = {}): Promise<Bytes> =>
    buildTimestampToken(message, { signer, genTime: now, ...options });
  return {
    authority,
    signer,
    services,
    token,
    verdict: async (options) => codeOf(verifyTimestampToken(await token(options), { message, roots })),
    request(fault) {
      services.misbehave({ tsa: fault });
      const url = services.timestampUrl('http://tsa.lab.test');
      return codeOf(
        createHttpTimestamper({ url, roots, fetch: services.fetch, now: () => now }).timestamp(message, 'sha256'),
      );
    },
  };
}
