import type { GatePolicy, GateSigner } from '../policy/document.js';
import type { EvidenceSignature, GateSignature, SignerOutcome, Untrusted } from './evidence.js';

/** Signatures that count, or per signer the reason why there is none. */
export interface SignerCheck {
  readonly signatures: readonly EvidenceSignature[];
  readonly untrusted: readonly (Untrusted & { readonly alias: string })[];
}

/** Statements of the trust policy under which a manifest must be looked at for these signers. */
export function statementsOf(policy: GatePolicy, aliases: readonly string[]): readonly string[] {
  return [...new Set(aliases.flatMap((alias) => policy.signers.get(alias)?.trustPolicy ?? []))];
}

/**
 * What the signers that a policy names make of a manifest; any one of them is enough. `found` says by statement what the trust
 * policy found; a statement that is not in it was not looked at, which is not a signature.
 */
export function judgeSigners(
  policy: GatePolicy,
  aliases: readonly string[],
  found: ReadonlyMap<string, SignerOutcome>,
): SignerCheck {
  const signatures: EvidenceSignature[] = [];
  const untrusted: (Untrusted & { alias: string })[] = [];
  for (const alias of aliases) {
    const signer = policy.signers.get(alias);
    if (signer === undefined) continue;
    const outcome = judgeSigner(signer, found.get(signer.trustPolicy) ?? notLookedAt);
    if (outcome.trusted)
      for (const one of outcome.signatures) signatures.push({ ...one, alias, statement: signer.trustPolicy });
    else untrusted.push({ alias, code: outcome.code, reason: outcome.reason });
  }
  return { signatures, untrusted };
}

const notLookedAt: SignerOutcome = {
  trusted: false,
  code: 'EVIDENCE_UNTRUSTED',
  reason: 'its signatures were not looked at',
};

/** What the policy asks of a signer beyond one trusted signature. */
function judgeSigner(signer: GateSigner, outcome: SignerOutcome): SignerOutcome {
  if (!outcome.trusted) return outcome;
  const counted = outcome.signatures.filter((one) => !signer.requireTimestamp || isTimestamped(one));
  if (counted.length === 0)
    return { trusted: false, code: 'EVIDENCE_UNTRUSTED', reason: 'no signature has a trusted timestamp' };
  const groups = new Set(counted.map(({ group }) => group));
  if (groups.size < signer.minSignatures) {
    const reason = `signed by ${groups.size} of the ${signer.minSignatures} different signers that are asked for`;
    return { trusted: false, code: 'EVIDENCE_UNTRUSTED', reason };
  }
  return { trusted: true, signatures: counted };
}

function isTimestamped({ timeKind }: GateSignature): boolean {
  return timeKind !== 'claimed';
}
