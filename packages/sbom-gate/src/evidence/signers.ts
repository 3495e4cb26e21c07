import type { Descriptor } from '@notarykit/oci';
import type { GatePolicy, GateSigner } from '../policy/document.js';
import type { EvidenceSignature, SignerOutcome, TrustedSignature, Untrusted } from './evidence.js';

/**
 * Says whether a manifest carries a trusted signature under a statement of the trust policy: the port through which the gate
 * reaches signatures. It answers with a reason when there is none, and rejects only when it could not find out.
 */
export type VerifySigner = (manifest: Descriptor, statement: string) => Promise<SignerOutcome>;

/** Signatures that count, or per signer the reason why there is none. */
export interface SignerCheck {
  readonly signatures: readonly EvidenceSignature[];
  readonly untrusted: readonly (Untrusted & { readonly alias: string })[];
}

/** Asks for every signer of a class in turn; any one of them is enough. */
export class SignerChecker {
  readonly #policy: GatePolicy;
  readonly #verify: VerifySigner;
  readonly #outcomes = new Map<string, Promise<SignerOutcome>>();

  constructor(policy: GatePolicy, verify: VerifySigner) {
    this.#policy = policy;
    this.#verify = verify;
  }

  async check(manifest: Descriptor, aliases: readonly string[]): Promise<SignerCheck> {
    const signatures: EvidenceSignature[] = [];
    const untrusted: (Untrusted & { alias: string })[] = [];
    for (const alias of aliases) {
      const signer = this.#policy.signers.get(alias);
      if (signer === undefined) continue;
      const outcome = judgeSigner(signer, await this.#ask(manifest, signer.trustPolicy));
      if (outcome.trusted)
        signatures.push(...outcome.signatures.map((one) => ({ ...one, alias, statement: signer.trustPolicy })));
      else untrusted.push({ alias, code: outcome.code, reason: outcome.reason });
    }
    return { signatures, untrusted };
  }

  #ask(manifest: Descriptor, statement: string): Promise<SignerOutcome> {
    const key = `${manifest.digest} ${statement}`;
    const known = this.#outcomes.get(key);
    if (known !== undefined) return known;
    const asked = this.#verify(manifest, statement);
    this.#outcomes.set(key, asked);
    return asked;
  }
}

/** What the policy asks of a signer beyond one trusted signature. */
function judgeSigner(signer: GateSigner, outcome: SignerOutcome): SignerOutcome {
  if (!outcome.trusted) return outcome;
  const counted = outcome.signatures.filter((one) => !signer.requireTimestamp || isTimestamped(one));
  if (counted.length === 0)
    return { trusted: false, code: 'EVIDENCE_UNTRUSTED', reason: 'no signature has a trusted timestamp' };
  const subjects = new Set(counted.map(({ subject }) => subject));
  if (subjects.size < signer.minSignatures) {
    const reason = `signed by ${subjects.size} of the ${signer.minSignatures} different signers that are asked for`;
    return { trusted: false, code: 'EVIDENCE_UNTRUSTED', reason };
  }
  return { trusted: true, signatures: counted };
}

function isTimestamped({ timeKind }: TrustedSignature): boolean {
  return timeKind !== 'claimed';
}
