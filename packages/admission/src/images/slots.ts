import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@notarykit/common/internal';
import type { AdmissionRequest } from '../types.js';
import { escapeStep, every, type Steps } from './pointers.js';

/** A place in an object where an image stands, or should. */
export interface ImageSlot {
  /** JSON pointer (RFC 6901). */
  readonly pointer: string;
  /** The same place for people: `spec.containers[0].image`. */
  readonly field: string;
  /** What is there; absent when it is missing or empty. */
  readonly image?: string;
  /** The value cannot be read as an image: what kind of value it is. */
  readonly unreadable?: string;
  readonly ephemeral: boolean;
}

/** Every place of an object where an image stands, in the order of the pointers; never found by searching for a name. */
export function imageSlots(object: JsonObject, pointers: readonly Steps[]): readonly ImageSlot[] {
  return pointers.flatMap((steps) => [...walk(object, steps, { pointer: '', field: '' })]);
}

interface Place {
  readonly pointer: string;
  readonly field: string;
}

/** What is absent (or null, which is the same in Kubernetes) ends a walk; what is of another type than the pointer says refuses. */
function* walk(value: JsonValue | undefined, steps: Steps, place: Place): Generator<ImageSlot> {
  const [step, ...rest] = steps;
  if (step === undefined) yield slotOf(value, place);
  else if (value === undefined || value === null) return;
  else if (isJsonArray(value)) yield* walkList(value, step, rest, place);
  else if (!isJsonObject(value)) yield unreadable(value, place);
  else {
    const names = step === every ? Object.keys(value) : [step];
    for (const name of names)
      if (isThere(value, name, rest)) yield* walk(member(value, name), rest, below(place, name));
  }
}

function* walkList(list: readonly JsonValue[], step: string, rest: Steps, place: Place): Generator<ImageSlot> {
  if (step !== every && !/^(?:0|[1-9]\d{0,8})$/.test(step)) {
    yield unreadable(list, place);
    return;
  }
  for (const [i, item] of list.entries()) {
    const at = { pointer: `${place.pointer}/${i}`, field: `${place.field}[${i}]` };
    if (step === every || Number(step) === i) yield* walk(item, rest, at);
  }
}

/** The last member counts as a place even when it is missing: a container without image is seen. */
function isThere(value: JsonObject, name: string, rest: Steps): boolean {
  return rest.length === 0 || member(value, name) !== undefined;
}

function member(value: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

function below({ pointer, field }: Place, name: string): Place {
  return { pointer: `${pointer}/${escapeStep(name)}`, field: field === '' ? name : `${field}.${name}` };
}

function slotOf(value: JsonValue | undefined, place: Place): ImageSlot {
  if (value === undefined || value === null || value === '') return { ...place, ephemeral: isEphemeral(place) };
  return typeof value === 'string'
    ? { ...place, image: value, ephemeral: isEphemeral(place) }
    : unreadable(value, place);
}

function unreadable(value: JsonValue, place: Place): ImageSlot {
  const found = isJsonArray(value) ? 'a list' : isJsonObject(value) ? 'an object' : `a ${typeof value}`;
  return { ...place, unreadable: found, ephemeral: isEphemeral(place) };
}

function isEphemeral({ pointer }: Place): boolean {
  return /(^|\/)ephemeralContainers\//.test(pointer);
}

/** Images of the old object by pointer, for telling what an update changes; whatever else comes with one changes everything. */
export function oldImages(
  { operation, oldObject }: AdmissionRequest,
  pointers: readonly Steps[],
): ReadonlyMap<string, string> {
  const slots = operation === 'UPDATE' && isJsonObject(oldObject) ? imageSlots(oldObject, pointers) : [];
  return new Map(slots.flatMap((slot) => (slot.image === undefined ? [] : [[slot.pointer, slot.image]])));
}
