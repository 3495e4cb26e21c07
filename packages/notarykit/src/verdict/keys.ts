import { type Classification, type KeyValue, keyOf, type RequestKey } from '@notarykit/common/internal';
import type { RequestTime, TrustRequest } from '@notarykit/trust-policy/internal';
import { digestOfFrozen } from './frozen.js';
import type { GatePart } from './gate-part.js';
import type { VerdictRequest, VerdictSubject } from './verdict-request.js';

const itself = <V extends KeyValue>(value: V): KeyValue => value;
const texts = (record: Readonly<Record<string, string>>): KeyValue => record;
const none: readonly string[] = Object.freeze([]);
const inAnyOrder = (list: readonly string[]): KeyValue => (list.length === 0 ? none : [...list].sort());

/** Ports that name themselves; one without an identity has no key. */
function named(ports: readonly { readonly name: string; readonly identity?: string }[]): KeyValue | undefined {
  const keys: KeyValue[] = [];
  for (const { name, identity } of ports) {
    if (identity === undefined) return undefined;
    keys.push([name, identity]);
  }
  return keys;
}

/** A time that is given is a part of what is asked; the clock's is compared when an answer is read. */
function timeKey({ now, at, fixed }: RequestTime): KeyValue {
  return fixed ? [now.getTime(), at.getTime()] : 'clock';
}

/** What of a trust request changes verdicts: all of it. */
export const trustRows: Classification<TrustRequest> = {
  policy: { part: digestOfFrozen },
  statement: { part: itself },
  repository: { part: itself },
  scope: { part: itself },
  anchors: { part: ({ digest }) => digest },
  revocation: { part: ({ identity }) => identity },
  plugins: { part: named },
  pluginConfig: { part: texts },
  metadata: { part: texts },
  time: { part: timeKey },
  examine: { part: itself },
  maxSignatures: { part: itself },
  allowNonCriticalBasicConstraints: { part: itself },
  onSignature: { outside: 'tells how far the work is, and decides nothing' },
};

/** What changes verdicts of a gate. */
export const gateRows: Classification<GatePart> = {
  policy: { part: digestOfFrozen },
  rules: { part: named },
  seen: { part: inAnyOrder },
  baseImages: { part: inAnyOrder },
  revokedSummaries: { part: inAnyOrder },
  signers: { part: (signers) => signersKey(signers, trustRows) },
};

const subjectRows: Classification<VerdictSubject> = {
  repository: { part: itself },
  source: { part: itself },
  descriptor: { part: ({ mediaType, digest, size }) => [mediaType, digest, size] },
  reference: { part: itself },
};

type Keyed = Omit<VerdictRequest, 'digest' | 'uncacheable'>;

/** The whole request. */
export const requestRows: Classification<Keyed> = {
  subject: { part: (subject) => keyOf(subject, subjectRows).key },
  trust: { part: (trust) => keyOf(trust, trustRows).key },
  platforms: { part: itself },
  gate: { part: (gate) => keyOf(gate, gateRows).key },
  time: { part: timeKey },
  limits: { part: digestOfFrozen },
  tenant: { part: itself },
};

/** The key of a gate's signers, each by the given rows. */
export function signersKey(
  signers: ReadonlyMap<string, TrustRequest>,
  rows: Classification<TrustRequest>,
): KeyValue | undefined {
  const keys: KeyValue[] = [];
  for (const [statement, trust] of signers) {
    const { key } = keyOf(trust, rows);
    if (key === undefined) return undefined;
    keys.push([statement, key]);
  }
  return keys;
}

/** The key of a request, or what has no name. A repository that does not say what stands behind it is not remembered. */
export function keyOfRequest(request: Keyed): RequestKey {
  const { key, unkeyed } = keyOf(request, requestRows);
  const source = request.subject.source === undefined ? ['subject.source'] : [];
  const all = [...source, ...unkeyed.flatMap((name) => within(name, request))];
  return key === undefined || all.length > 0 ? { unkeyed: all } : { key, unkeyed: all };
}

/** Which members of a part have no key. */
function within(name: string, { trust, gate }: Keyed): readonly string[] {
  const members =
    name === 'trust' && trust !== undefined
      ? keyOf(trust, trustRows).unkeyed
      : name === 'gate' && gate !== undefined
        ? keyOf(gate, gateRows).unkeyed
        : [];
  return members.length === 0 ? [name] : members.map((member) => `${name}.${member}`);
}
