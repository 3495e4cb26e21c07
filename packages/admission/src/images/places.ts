import { memoized, quote } from '@notarykit/common/internal';
import { AdmissionError } from '../errors.js';
import type { GroupVersionKind } from '../types.js';
import { parsePointer, type Steps } from './pointers.js';

/**
 * Where a kind keeps images, besides what is known of it: JSON pointers (RFC 6901) in which `*` stands for every item of a list or
 * every value of a map. At their end stands the name of an image as one text; a review refuses an object whose image is split into
 * several members, or is not a string.
 */
export interface ImagePointers {
  /** API group; empty for the core group. */
  readonly group: string;
  readonly kind: string;
  readonly pointers: readonly string[];
  /** What happens to an object in which none of the kind's pointers leads anywhere: `deny` (the default) or `allow`. */
  readonly absent?: 'deny' | 'allow';
}

/** The places of a kind. */
export interface Places {
  readonly pointers: readonly Steps[];
  /** Whether an object may have no image at all: workloads without containers are refused by the API server. */
  readonly mayBeAbsent: boolean;
}

/** Prefixes of the pod spec, by group and kind. */
const podSpecs: Readonly<Record<string, string>> = {
  '/Pod': '/spec',
  '/PodTemplate': '/template/spec',
  '/ReplicationController': '/spec/template/spec',
  'apps/Deployment': '/spec/template/spec',
  'apps/ReplicaSet': '/spec/template/spec',
  'apps/StatefulSet': '/spec/template/spec',
  'apps/DaemonSet': '/spec/template/spec',
  // The group that these kinds had before Kubernetes 1.16.
  'extensions/Deployment': '/spec/template/spec',
  'extensions/ReplicaSet': '/spec/template/spec',
  'extensions/DaemonSet': '/spec/template/spec',
  'batch/Job': '/spec/template/spec',
  'batch/CronJob': '/spec/jobTemplate/spec/template/spec',
};

const podSpecPointers = [
  '/initContainers/*/image',
  '/containers/*/image',
  '/ephemeralContainers/*/image',
  // Image volumes: pulled by the kubelet with the pod's own secrets. `rbd.image` beside it is the name of a disk.
  '/volumes/*/image/reference',
];

/** The places of a kind, or `undefined` for a kind whose images are nowhere known. @throws {AdmissionError} `ERR_ADMISSION_CONFIG` */
export function placesOf(kind: GroupVersionKind, custom: readonly ImagePointers[] = noKinds): Places | undefined {
  const own = checkKinds(custom).filter((entry) => entry.group === kind.group && entry.kind === kind.kind);
  const known = knownSteps(kind);
  if (own.length === 0 && known.length === 0) return undefined;
  return {
    pointers: [...known, ...own.flatMap(({ pointers }) => pointers.map(parsePointer))],
    // Of two entries for one kind the stricter counts.
    mayBeAbsent: known.length > 0 || own.every(({ absent }) => absent === 'allow'),
  };
}

/** Whether a kind is a workload of Kubernetes itself. */
export function isWorkload(kind: GroupVersionKind): boolean {
  return knownSteps(kind).length > 0;
}

function knownSteps({ group, kind }: GroupVersionKind): readonly Steps[] {
  return stepsOfKind(`${group}/${kind}`);
}

const stepsOfKind = /* @__PURE__ */ memoized((key) => {
  // The kind of the subresource before Kubernetes 1.22: the list stands at the top.
  if (key === '/EphemeralContainers') return [parsePointer('/ephemeralContainers/*/image')];
  const prefix = Object.hasOwn(podSpecs, key) ? podSpecs[key] : undefined;
  return prefix === undefined ? [] : podSpecPointers.map((pointer) => parsePointer(prefix + pointer));
}, 1_000);

const checked = new WeakSet<readonly ImagePointers[]>();
const noKinds: readonly ImagePointers[] = [];

/**
 * Checks where further kinds keep their images, once for each list.
 *
 * @throws {AdmissionError} `ERR_ADMISSION_CONFIG` for a pointer that can never lead to an image
 */
export function checkKinds(kinds: readonly ImagePointers[]): readonly ImagePointers[] {
  if (checked.has(kinds)) return kinds;
  for (const { group, kind, pointers } of kinds) {
    if (typeof group !== 'string' || typeof kind !== 'string' || kind === '') throw refuse('a group and a kind', kind);
    if (!Array.isArray(pointers) || pointers.length === 0)
      throw refuse(`one pointer of ${group}/${kind} at least`, pointers);
    pointers.forEach(parsePointer);
  }
  checked.add(kinds);
  return kinds;
}

function refuse(expected: string, found: unknown): AdmissionError {
  return new AdmissionError('ERR_ADMISSION_CONFIG', `kinds: expected ${expected}, found ${quote(found)}`);
}
