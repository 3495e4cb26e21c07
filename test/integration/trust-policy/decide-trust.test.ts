import type { Descriptor } from '@notarykit/oci';
import {
  checkTrusted,
  decideTrust,
  type SignatureCandidate,
  type TrustDecision,
  type TrustRequest,
  trustRequest,
  verifySignature,
} from '@notarykit/trust-policy';
import { beforeEach, describe, expect, it } from 'vitest';
import { createLab, type Lab, policy, repositoryName } from './lab.js';

let lab: Lab;
beforeEach(async () => {
  lab = await createLab();
});

type Options = Parameters<typeof trustRequest>[0];
const requestOf = (options: Partial<Options> = {}): Promise<TrustRequest> =>
  trustRequest({ policy: policy(), trustStore: lab.anchors, ...options }, repositoryName);

/** Candidates, with the number of those that were pulled and whether the source was told that it is over. */
function source(...list: readonly SignatureCandidate[]) {
  const seen = { pulled: 0, ended: false };
  async function* pull(): AsyncGenerator<SignatureCandidate> {
    try {
      for (const candidate of list) {
        seen.pulled++;
        yield candidate;
      }
    } finally {
      seen.ended = true;
    }
  }
  return { candidates: pull(), seen };
}

async function envelope(target: Descriptor = lab.artifact): Promise<SignatureCandidate> {
  const { verified, mediaType } = await lab.sign({ target });
  const manifest = await lab.attach(verified);
  return { kind: 'envelope', manifest, mediaType, bytes: verified.bytes };
}

const manifestOf = (candidate: SignatureCandidate): Descriptor => candidate.manifest as Descriptor;
const unreadable = (code: string): SignatureCandidate => ({ kind: 'unreadable', code, message: 'it is away' });

describe('decideTrust', () => {
  it('reads no candidate under level skip', async () => {
    const skip = policy({ signatureVerification: { level: 'skip' }, trustStores: [], trustedIdentities: [] });
    const { candidates, seen } = source(await envelope());
    const decision = await decideTrust(lab.artifact, candidates, await requestOf({ policy: skip }));
    expect([decision.verdict, decision.report.verdict, seen.pulled]).toEqual(['skipped', 'skipped', 0]);
  });

  it('reads no candidate after the verdict is known, and closes the source', async () => {
    const [bad, good] = [await envelope({ ...lab.artifact, size: 1 }), await envelope()];
    const { candidates, seen } = source(bad, good, good);
    const decision = await decideTrust(lab.artifact, candidates, await requestOf());
    expect(decision).toMatchObject({ verdict: 'trusted', signatures: [{ manifest: manifestOf(good) }] });
    expect(seen).toEqual({ pulled: 2, ended: true });
  });

  it('reads all candidates on request', async () => {
    const [first, second] = [await envelope(), await envelope()];
    const { candidates } = source(first, second);
    const decision = await decideTrust(lab.artifact, candidates, await requestOf({ examine: 'all' }));
    expect(decision).toMatchObject({ verdict: 'trusted', signatures: { length: 2 }, signers: { length: 1 } });
  });

  it('counts what is unreadable and what is not a signature towards the limit', async () => {
    const good = await envelope();
    const no: SignatureCandidate = {
      kind: 'notASignature',
      manifest: manifestOf(good),
      fact: { fact: 'notSignature', reason: 'it is none' },
    };
    const { candidates } = source(no, unreadable('ERR_OCI_NOT_FOUND'), good);
    const decision = await decideTrust(lab.artifact, candidates, await requestOf({ maxSignatures: 2 }));
    expect(decision).toMatchObject({ verdict: 'refused', code: 'ERR_TRUST_TOO_MANY_SIGNATURES' });
  });

  it.each([
    ['a signature that is not there', 'ERR_OCI_NOT_FOUND', 'refused'],
    ['an envelope that cannot be read', 'ERR_ENVELOPE_MALFORMED', 'refused'],
    ['a registry that does not answer', 'ERR_REGISTRY_UNAVAILABLE', 'undecided'],
    ['an error that nobody knows', 'ERR_UNKNOWN', 'undecided'],
  ] as const)('is undecided when a check cannot be completed: %s', async (_, code, verdict) => {
    const { candidates } = source(unreadable(code));
    const decision = await decideTrust(lab.artifact, candidates, await requestOf());
    expect(decision).toMatchObject({ verdict, code: 'ERR_TRUST_NOT_VERIFIED' });
    expect(() => checkTrusted(decision)).toThrow(expect.objectContaining({ code: 'ERR_TRUST_NOT_VERIFIED' }));
  });

  it('undecided: a trust store that cannot be read, revocation that is not known', async () => {
    const closed = { certificates: async () => Promise.reject(new Error('closed')) };
    const store = await requestOf({ trustStore: closed });
    expect(store.anchors.digest).toBeUndefined();
    const silent = await requestOf({ policy: policy({ signatureVerification: { level: 'strict' } }) });
    for (const request of [store, silent])
      expect(await decideTrust(lab.artifact, source(await envelope()).candidates, request)).toMatchObject({
        verdict: 'undecided',
        report: { verdict: 'undecided', signatures: [{ verdict: 'undecided' }] },
      });
  });

  it('an error of the source is not a verdict', async () => {
    async function* broken(): AsyncGenerator<SignatureCandidate> {
      yield unreadable('ERR_UNKNOWN');
      throw new Error('no list');
    }
    await expect(decideTrust(lab.artifact, broken(), await requestOf())).rejects.toThrow('no list');
  });

  it('an abort ends it with its reason', async () => {
    const reason = new Error('enough');
    const { candidates, seen } = source(await envelope());
    const run = decideTrust(lab.artifact, candidates, await requestOf(), { signal: AbortSignal.abort(reason) });
    await expect(run).rejects.toBe(reason);
    expect(seen.ended).toBe(true);
  });

  it('refuses a trusted verdict without a signature', async () => {
    const { candidates } = source(await envelope());
    const decision = await decideTrust(lab.artifact, candidates, await requestOf());
    const forged = { ...decision, signatures: [] } as unknown as TrustDecision;
    expect(() => checkTrusted(forged)).toThrow(expect.objectContaining({ code: 'ERR_TRUST_NOT_VERIFIED' }));
  });
});

describe('a trust request', () => {
  it('reads the stores of the statement once, and no others', async () => {
    const asked: string[] = [];
    const trustStore = {
      certificates: async (...[type, name, call]: Parameters<Lab['anchors']['certificates']>) => {
        asked.push(`${type}:${name}`);
        return lab.anchors.certificates(type, name, call);
      },
    };
    const request = await requestOf({ trustStore });
    const candidates = [await envelope({ ...lab.artifact, size: 1 }), await envelope()];
    expect((await decideTrust(lab.artifact, source(...candidates).candidates, request)).verdict).toBe('trusted');
    expect(asked).toEqual(['ca:lab']);
    await expect(request.anchors.certificates('ca', 'other')).rejects.toMatchObject({ code: 'ERR_TRUST_STORE' });
  });

  it('has a digest of its anchors that changes with them', async () => {
    const other = await createLab();
    const digest = async (options: Partial<Options>) => (await requestOf(options)).anchors.digest;
    expect(await digest({})).toBe(await digest({}));
    expect(await digest({ trustStore: other.anchors })).not.toBe(await digest({}));
  });

  it('refuses an invalid date or limit', async () => {
    for (const given of [{ now: new Date('soon') }, { at: new Date('soon') }, { now: 1 as unknown as Date }])
      await expect(requestOf(given)).rejects.toMatchObject({ code: 'ERR_TRUST_POLICY', detail: { rule: 'type' } });
    for (const maxSignatures of [Number.NaN, -1, 1.5, Number.POSITIVE_INFINITY])
      await expect(requestOf({ maxSignatures })).rejects.toMatchObject({ detail: { rule: 'limit' } });
    await expect(requestOf({ onSignature: 'console.log' as never })).rejects.toMatchObject({
      detail: { rule: 'type', member: 'onSignature' },
    });
    const { verified, mediaType } = await lab.sign();
    const [statement] = policy().statements;
    const given = { mediaType, statement: statement as NonNullable<typeof statement>, target: lab.artifact };
    const judged = verifySignature(verified.bytes, { ...given, trustStore: lab.anchors, at: new Date('soon') });
    await expect(judged).rejects.toMatchObject({ code: 'ERR_TRUST_POLICY' });
  });

  it('is about the canonical name, and frozen with all that it holds', async () => {
    const metadata = { a: '1' };
    const given = { policy: policy({ registryScopes: ['*'] }), trustStore: lab.anchors, metadata };
    const request = await trustRequest(given, 'REGISTRY.test:443/net-monitor');
    metadata.a = '2';
    expect(request).toMatchObject({ repository: repositoryName, scope: repositoryName, metadata: { a: '1' } });
    for (const part of [request, request.metadata, request.plugins, request.pluginConfig, request.time])
      expect(Object.isFrozen(part)).toBe(true);
  });
});
