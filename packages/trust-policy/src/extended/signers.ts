import { defined, encodeHex, type NonEmpty } from '@notarykit/common/internal';
import type { Certificate, Name } from '@notarykit/pki/internal/core';
import type { TrustedSignature } from '../trusted-signature.js';

/** A signer that counts, and the signature that makes it count. */
export interface CountedSigner {
  /** Absent where the policy names none. */
  readonly signer?: string;
  readonly signature: TrustedSignature;
}

/** A holder of one of these keys can sign as all of these. */
type Group = number;

/**
 * Puts signatures into groups of which each counts as one signer: those of one public key, those of one subject, and whatever is
 * linked by a chain of such. A renewed certificate and a second name of one key are the same signer.
 */
export function groupSigners(signatures: readonly TrustedSignature[]): readonly Group[] {
  const groups = signatures.map((_, i) => i);
  const owners = new Map<string, number>();
  for (const [i, { envelope }] of signatures.entries()) {
    for (const mark of marksOf(envelope.certificateChain[0])) {
      const owner = owners.get(mark);
      if (owner === undefined) owners.set(mark, i);
      else join(groups, owner, i);
    }
  }
  return groups;
}

function join(groups: Group[], a: number, b: number): void {
  const [kept, gone] = [groups[a] as Group, groups[b] as Group];
  for (const [i, group] of groups.entries()) if (group === gone) groups[i] = kept;
}

/** A signature without a leaf, which no verification leaves, would belong to everybody's group. */
function marksOf(leaf: Certificate | undefined): readonly string[] {
  if (leaf === undefined) return ['none'];
  return [`key ${encodeHex(leaf.publicKey.der)}`, `subject ${subjectMark(leaf.subject)}`];
}

/** Attributes in any order, case and width of letters and blanks folded (RFC 5280, 7.1): more is one, never less. */
function subjectMark({ rdns }: Name): string {
  const folded = rdns.flat().map(({ type, value }) => {
    const text = value.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim();
    return `${type}=${JSON.stringify(text)}`;
  });
  return folded.sort().join();
}

/**
 * The most signers that different groups satisfy, each by one signature: augmenting paths over signers and groups.
 *
 * @param found - the trusted signatures of each signer, in the signers' order
 */
export function matchSigners(
  found: readonly { readonly name?: string; readonly signatures: readonly TrustedSignature[] }[],
): readonly CountedSigner[] {
  const all = [
    ...new Map(found.flatMap(({ signatures }) => signatures.map((one) => [one.manifest.digest, one]))).values(),
  ];
  const groups = groupSigners(all);
  const groupOf = new Map(all.map(({ manifest }, i) => [manifest.digest, groups[i] as Group]));
  const taken = new Map<Group, { readonly index: number; readonly signature: TrustedSignature }>();
  const place = (index: number, seen: Set<Group>): boolean =>
    (found[index]?.signatures ?? []).some((signature) => {
      const group = groupOf.get(signature.manifest.digest) as Group;
      if (seen.has(group)) return false;
      seen.add(group);
      const holder = taken.get(group);
      if (holder !== undefined && !place(holder.index, seen)) return false;
      taken.set(group, { index, signature });
      return true;
    });
  for (const index of found.keys()) place(index, new Set());
  return [...taken.values()]
    .sort((a, b) => a.index - b.index)
    .map(({ index, signature }) => counted(found[index]?.name, signature));
}

function counted(signer: string | undefined, signature: TrustedSignature): CountedSigner {
  return { signature, ...defined({ signer }) };
}

/** The signatures of counted signers, each once. */
export function signaturesOf(signers: NonEmpty<CountedSigner>): NonEmpty<TrustedSignature> {
  const [first, ...rest] = signers.map(({ signature }) => signature);
  return [first as TrustedSignature, ...rest];
}
