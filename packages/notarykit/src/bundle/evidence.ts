import type { GraphView } from '@notarykit/artifact-graph/internal';
import { type Bytes, type CallOptions, defined } from '@notarykit/common/internal';
import { type Descriptor, type Digest, describe, isNotFound } from '@notarykit/oci/internal';
import {
  createRevocationChecker,
  type OfflineRevocationOptions,
  offlineRevocationChecker,
  type RecordedAnswer,
  type RevocationChecker,
  type RevocationCheckerOptions,
} from '@notarykit/pki/internal';
import type { EvidenceEntry } from './document.js';
import { bundleProblem } from './problem.js';

/** Where the evidence of a new bundle comes from: the network, or answers that were recorded before. */
export type EvidenceSource = RevocationCheckerOptions | OfflineRevocationOptions;

/** Answers as they are put together: each once, in an order that does not depend on who asked first. */
export interface EvidenceCollection {
  /** Asks, and keeps what its statuses rested on. */
  readonly checker: RevocationChecker | undefined;
  readonly items: () => readonly EvidenceItem[];
}

/** An answer with its names. */
export interface EvidenceItem {
  readonly entry: EvidenceEntry;
  readonly descriptor: Descriptor;
  readonly recorded: RecordedAnswer;
}

const mediaTypeOf = { ocsp: 'application/ocsp-response', crl: 'application/pkix-crl' } as const;
/** Most bytes of one answer: CRLs are long. */
export const largestAnswer: number = 32 * 1024 * 1024;

/** Begins a collection with what is carried along from before. */
export function collectEvidence(
  source: EvidenceSource | undefined,
  earlier: readonly RecordedAnswer[],
): EvidenceCollection {
  const fresh = new Map<string, EvidenceItem>();
  const onAnswer = (answer: RecordedAnswer): void => {
    source?.onAnswer?.(answer);
    const item = itemOf(answer);
    // Asked twice in one run, an authority signs two answers: one is enough.
    fresh.set(nameOf(item), item);
  };
  const items = (): readonly EvidenceItem[] => {
    const all = new Map([...earlier.map(itemOf), ...fresh.values()].map((item) => [keyOf(item), item]));
    return [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
  };
  return { checker: source === undefined ? undefined : checkerOf({ ...source, onAnswer }), items };
}

function checkerOf(source: EvidenceSource): RevocationChecker {
  return 'answers' in source ? offlineRevocationChecker(source) : createRevocationChecker(source);
}

function itemOf(recorded: RecordedAnswer): EvidenceItem {
  const { method, url, certId, answer } = recorded;
  const descriptor = describe(mediaTypeOf[method], answer);
  const entry = { method, url, ...defined({ certId }), digest: descriptor.digest };
  return { entry, descriptor, recorded };
}

const nameOf = ({ entry: { method, url, certId = '' } }: EvidenceItem): string => JSON.stringify([method, url, certId]);

const keyOf = (item: EvidenceItem): string => `${nameOf(item)} ${item.entry.digest}`;

/**
 * Reads the answers that a bundle names. They are as untrusted as the rest: a check believes one only if its own signature holds.
 *
 * @throws {NotaryKitError} `ERR_NOTARYKIT_BUNDLE`, `PART_MISSING`
 */
export async function readEvidence(
  view: GraphView,
  entries: readonly EvidenceEntry[],
  parts: ReadonlyMap<Digest, Descriptor>,
  call: CallOptions,
): Promise<readonly RecordedAnswer[]> {
  const answers: RecordedAnswer[] = [];
  for (const { method, url, certId, digest } of entries) {
    const part = parts.get(digest);
    if (part === undefined)
      throw bundleProblem('PART_MISSING', `the bundle refers to ${digest}, which is not in its list of parts`);
    const answer = await fetchPart(view, part, call);
    answers.push({ method, url, ...defined({ certId }), answer });
  }
  return answers;
}

/** A part of a bundle, which must be there. */
export async function fetchPart(view: GraphView, part: Descriptor, call: CallOptions): Promise<Bytes> {
  try {
    return await view.bytes(part, call);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw bundleProblem('PART_MISSING', `the bundle names ${part.digest}, which is not in it`, error);
  }
}
