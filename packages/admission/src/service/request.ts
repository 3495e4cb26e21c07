import {
  type Bytes,
  defined,
  isJsonArray,
  isJsonObject,
  type JsonValue,
  parseJson,
  quote,
} from '@notarykit/common/internal';
import { AdmissionError } from '../errors.js';
import { type Image, parseImage } from '../images/image.js';

/** Most images of one request. */
export const maxImages = 64;

/**
 * What a request asks about: names of images, and nothing else. Whom to trust, as of when, and with which account is the server's own;
 * a member that could say so is unknown here, and an unknown member is refused.
 *
 * @throws {AdmissionError} `ERR_ADMISSION_REQUEST`
 */
export function parseVerificationRequest(body: Bytes): readonly Image[] {
  const document = parseDocument(body);
  if (!isJsonObject(document)) throw bad(`expected an object {"images": […]}, found ${quote(document)}`);
  const { images, ...rest } = document;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw bad(`expected no member but "images", found ${quote(unknown)}`);
  if (images === undefined || !isJsonArray(images) || images.length === 0 || images.length > maxImages)
    throw bad(`expected "images" to be an array of 1 to ${maxImages} names`);
  return images.map(imageOf);
}

/**
 * `?refusal=200` is all that a query may say: it changes the status of a refusal, and no verdict.
 *
 * @throws {AdmissionError} `ERR_ADMISSION_REQUEST`
 */
export function refusalStatusOf({ searchParams }: URL): 200 | 403 {
  for (const [name, value] of searchParams)
    if (name !== 'refusal' || (value !== '200' && value !== '403'))
      throw bad(`expected no query but refusal=200 or refusal=403, found ${quote(`${name}=${value}`)}`);
  return searchParams.get('refusal') === '200' ? 200 : 403;
}

function parseDocument(body: Bytes): JsonValue {
  try {
    return parseJson(body, { maxDepth: 4 });
  } catch (cause) {
    throw bad('expected JSON', cause);
  }
}

function imageOf(name: JsonValue, index: number): Image {
  if (typeof name !== 'string') throw bad(`images[${index}]: expected the name of an image, found ${quote(name)}`);
  try {
    return parseImage(name);
  } catch (cause) {
    throw bad(`images[${index}]: ${(cause as Error).message}`, cause);
  }
}

function bad(message: string, cause?: unknown): AdmissionError {
  return new AdmissionError('ERR_ADMISSION_REQUEST', message, defined({ cause }));
}
