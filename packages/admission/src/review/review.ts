import { CodedError, defined, isJsonObject, type JsonObject, quote } from '@notarykit/common/internal';
import { AdmissionError } from '../errors.js';
import { pinned } from '../images/image.js';
import { type ImagePointers, type Places, placesOf } from '../images/places.js';
import { type ImageSlot, imageSlots, oldImages } from '../images/slots.js';
import type { AdmissionRequest, AdmissionResponse, PatchOperation } from '../types.js';
import type { ImageContext, ImageVerdict, VerifyImage } from '../verdict.js';
import { askEach } from '../verify/ask-each.js';
import { misfit } from './fits.js';
import type { ReviewMode } from './mode.js';
import { parseName } from './parse-name.js';
import { allow, deny, type Finding, respond } from './response.js';

/** How a review decides. */
export interface ReviewOptions {
  readonly verify: VerifyImage;
  /**
   * `pin` answers the mutating call with a patch from tag to digest; `require-digest` is its validating counterpart and
   * refuses a bare tag; `keep` (the default) leaves tags as they are.
   */
  readonly tags?: 'pin' | 'require-digest' | 'keep';
  /** Default `enforce`; a function decides by namespace. */
  readonly mode?: ReviewMode | ((namespace: string | undefined) => ReviewMode);
  /** Namespaces that are admitted unseen. */
  readonly exemptNamespaces?: readonly string[];
  /** Images that an update leaves as they were: `verify` (the default) or `allow`. */
  readonly unchanged?: 'verify' | 'allow';
  /** Where further kinds keep their images. */
  readonly kinds?: readonly ImagePointers[];
  /** Kinds whose images are nowhere known: `deny` (the default) or `allow`. */
  readonly unknownKinds?: 'deny' | 'allow';
  /** Images verified at a time. Default 8. */
  readonly concurrency?: number;
  /** Ends the review; images without a verdict by then are refused with `DEADLINE`. */
  readonly signal?: AbortSignal;
}

/**
 * Decides about an AdmissionRequest: finds every image of the object, verifies each distinct one once, and answers in the
 * form of the API server. It never rejects: what cannot be decided is refused.
 *
 * @example
 * ```ts
 * const response = await review(parseReview(body).request, { verify, tags: 'pin' });
 * ```
 */
export async function review(request: AdmissionRequest, options: ReviewOptions): Promise<AdmissionResponse> {
  try {
    return await decide(request, options);
  } catch (error) {
    if (error instanceof AdmissionError) return deny(request, 'CONFIG_INVALID', error.message);
    return deny(request, 'INTERNAL', error instanceof CodedError ? error.code : 'the review failed');
  }
}

async function decide(request: AdmissionRequest, options: ReviewOptions): Promise<AdmissionResponse> {
  const { operation, namespace, kind, object } = request;
  if (operation === 'DELETE' || operation === 'CONNECT') return allow(request);
  checkOptions(options);
  if (namespace !== undefined && options.exemptNamespaces?.includes(namespace))
    return allow(request, { decision: 'exempt' });
  if (!isJsonObject(object)) return deny(request, 'NO_OBJECT', `expected an object with every ${operation}`);
  const contradiction = misfit(request);
  if (contradiction !== undefined) return deny(request, 'KIND_MISMATCH', contradiction);
  const places = placesOf(kind, options.kinds);
  if (isBeingDeleted(request) && (places === undefined || keepsImages(request, object, places))) return allow(request);
  if (places !== undefined) return decideImages(request, object, places, options);
  return options.unknownKinds === 'allow'
    ? allow(request, { decision: 'unknown-kind' })
    : deny(
        request,
        'UNKNOWN_KIND',
        `unknown where ${kind.group}/${kind.kind} names images: add it to the option "kinds"`,
      );
}

const tagOptions: readonly unknown[] = ['pin', 'require-digest', 'keep', undefined];

/** A configuration is often read from a file: an unknown value must not ask for less than was meant. */
function checkOptions({ tags, exemptNamespaces }: ReviewOptions): void {
  if (!tagOptions.includes(tags)) throw wrong('tags', '"pin", "require-digest" or "keep"', tags);
  // A string has `includes` too, which would match a part of a name.
  if (exemptNamespaces !== undefined && !Array.isArray(exemptNamespaces))
    throw wrong('exemptNamespaces', 'a list of names', exemptNamespaces);
}

function wrong(option: string, expected: string, found: unknown): AdmissionError {
  return new AdmissionError('ERR_ADMISSION_CONFIG', `${option}: expected ${expected}, found ${quote(found)}`);
}

async function decideImages(
  request: AdmissionRequest,
  object: JsonObject,
  { pointers, mayBeAbsent }: Places,
  options: ReviewOptions,
): Promise<AdmissionResponse> {
  const { group, kind } = request.kind;
  const places = imageSlots(object, pointers);
  if (!mayBeAbsent && places.every(isEmpty))
    return deny(
      request,
      'NO_IMAGE_FOUND',
      `the object has none of the image fields that are configured for ${group}/${kind}`,
    );
  const before = oldImages(request, pointers);
  const findings = await findAll(
    places.filter((slot) => isToBeDecided(slot, before, options)),
    request,
    options,
  );
  return respond(request, findings, {
    mode: modeOf(request, options),
    patch: options.tags === 'pin' ? patchOf(request, findings, before) : [],
  });
}

/** A container without image has nothing to verify (the API server refuses it); what cannot be read is refused here. */
function isToBeDecided(slot: ImageSlot, before: ReadonlyMap<string, string>, { unchanged }: ReviewOptions): boolean {
  if (slot.unreadable !== undefined) return true;
  return slot.image !== undefined && !(unchanged === 'allow' && before.get(slot.pointer) === slot.image);
}

/** A place at whose end nothing stands leads to no image. */
function isEmpty({ image, unreadable }: ImageSlot): boolean {
  return image === undefined && unreadable === undefined;
}

/** An object that is on its way out must lose its finalizers, whatever its images are. Only what is stored says so. */
function isBeingDeleted({ operation, oldObject }: AdmissionRequest): boolean {
  const metadata = isJsonObject(oldObject) ? oldObject['metadata'] : undefined;
  return operation === 'UPDATE' && isJsonObject(metadata) && typeof metadata['deletionTimestamp'] === 'string';
}

/** Taking finalizers away leaves every image as it is; an update that brings another one is decided like any other. */
function keepsImages(request: AdmissionRequest, object: JsonObject, { pointers }: Places): boolean {
  const before = oldImages(request, pointers);
  return imageSlots(object, pointers).every(
    ({ pointer, image, unreadable }) =>
      unreadable === undefined && (image === undefined || before.get(pointer) === image),
  );
}

/** What is neither `warn` nor `audit` enforces, also where a function answers nothing. */
function modeOf({ namespace }: AdmissionRequest, { mode }: ReviewOptions): ReviewMode {
  const given: unknown = typeof mode === 'function' ? mode(namespace) : mode;
  return given === 'warn' || given === 'audit' ? given : 'enforce';
}

/** One finding for each slot, one verification for each distinct image. */
async function findAll(
  slots: readonly ImageSlot[],
  request: AdmissionRequest,
  options: ReviewOptions,
): Promise<readonly Finding[]> {
  const ask = askEach(options.verify, contextOf(request, options), options.concurrency);
  return Promise.all(
    slots.map(async (slot): Promise<Finding> => {
      if (slot.unreadable !== undefined)
        return {
          slot,
          verdict: refused('IMAGE_UNREADABLE', `expected the name of an image, found ${slot.unreadable}`),
        };
      const parsed = parseName(slot.image ?? '');
      if ('verdict' in parsed) return { slot, verdict: parsed };
      if (options.tags === 'require-digest' && parsed.reference.digest === undefined) {
        return {
          slot,
          image: parsed,
          verdict: refused('TAG_WITHOUT_DIGEST', 'the image is named by tag only; name it by digest'),
        };
      }
      return { slot, image: parsed, verdict: await ask(parsed) };
    }),
  );
}

function refused(code: string, message: string): ImageVerdict {
  return { verdict: 'refused', code, message };
}

function contextOf({ dryRun, namespace, userInfo }: AdmissionRequest, { signal }: ReviewOptions): ImageContext {
  return {
    dryRun,
    ...defined({ namespace }),
    ...(userInfo?.username === undefined ? {} : { username: userInfo.username }),
    ...defined({ signal }),
  };
}

/** Patches only what the request itself changes: the API server refuses changes of other fields of a running pod. */
function patchOf(
  request: AdmissionRequest,
  findings: readonly Finding[],
  before: ReadonlyMap<string, string>,
): readonly PatchOperation[] {
  const ephemeralRequest = request.subResource === 'ephemeralcontainers' || request.kind.kind === 'EphemeralContainers';
  return findings.flatMap(({ slot, image, verdict }): PatchOperation[] => {
    if (image === undefined || verdict.digest === undefined || slot.image === undefined) return [];
    if (request.operation === 'UPDATE' && before.get(slot.pointer) === slot.image) return [];
    if (slot.ephemeral && request.kind.kind === 'Pod' && !ephemeralRequest) return [];
    const value = pinned(image, verdict.digest);
    if (value === slot.image) return [];
    return [
      { op: 'test', path: slot.pointer, value: slot.image },
      { op: 'replace', path: slot.pointer, value },
    ];
  });
}
