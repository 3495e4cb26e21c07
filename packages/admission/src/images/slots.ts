import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@notarykit/common';
import type { AdmissionRequest, GroupVersionKind } from '../review/types.js';

/** A place in an object where an image stands. */
export interface ImageSlot {
  /** JSON pointer (RFC 6901). */
  readonly pointer: string;
  /** The same place for people: `spec.containers[0].image`. */
  readonly field: string;
  /** What stands there; absent when it is missing, empty or no text. */
  readonly image?: string;
  readonly ephemeral: boolean;
}

/** Where a custom kind keeps images: JSON pointers in which `*` stands for every item of a list. */
export interface ImagePointers {
  readonly group: string;
  readonly kind: string;
  readonly pointers: readonly string[];
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

/** The pointers of a kind, or `undefined` for a kind whose images are nowhere known. */
export function pointersOf(
  kind: GroupVersionKind,
  custom: readonly ImagePointers[] = [],
): readonly string[] | undefined {
  const own = custom.find((entry) => entry.group === kind.group && entry.kind === kind.kind);
  if (own !== undefined) return own.pointers;
  // The kind of the subresource before Kubernetes 1.22: the list stands at the top.
  if (kind.group === '' && kind.kind === 'EphemeralContainers') return ['/ephemeralContainers/*/image'];
  const key = `${kind.group}/${kind.kind}`;
  const prefix = Object.hasOwn(podSpecs, key) ? podSpecs[key] : undefined;
  return prefix === undefined ? undefined : podSpecPointers.map((pointer) => prefix + pointer);
}

/** Every place of an object where an image stands, in the order of the pointers; never found by searching for a name. */
export function imageSlots(object: JsonObject, pointers: readonly string[]): readonly ImageSlot[] {
  return pointers.flatMap((pointer) => [...walk(object, pointer.split('/').slice(1), '', '')]);
}

function* walk(
  value: JsonValue | undefined,
  path: readonly string[],
  pointer: string,
  field: string,
): Generator<ImageSlot> {
  const [step, ...rest] = path;
  if (step === undefined) {
    const ephemeral = /(^|\/)ephemeralContainers\//.test(pointer);
    yield typeof value === 'string' && value !== ''
      ? { pointer, field, image: value, ephemeral }
      : { pointer, field, ephemeral };
  } else if (step === '*') {
    if (!isJsonArray(value)) return;
    for (const [i, item] of value.entries()) yield* walk(item, rest, `${pointer}/${i}`, `${field}[${i}]`);
  } else if (isJsonObject(value) && (value[step] !== undefined || rest.length === 0)) {
    yield* walk(value[step], rest, `${pointer}/${step}`, field === '' ? step : `${field}.${step}`);
  }
}

/** Images of the old object by pointer, for telling what an update changes. */
export function oldImages(request: AdmissionRequest, pointers: readonly string[]): ReadonlyMap<string, string> {
  const slots = request.oldObject === undefined ? [] : imageSlots(request.oldObject, pointers);
  return new Map(slots.flatMap((slot) => (slot.image === undefined ? [] : [[slot.pointer, slot.image]])));
}
