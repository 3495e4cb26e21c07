import {
  decodeBase64,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  quote,
} from '@notarykit/common/internal';
import { checkCase, knownNames } from './attributes.js';
import { unexpected } from './failures.js';

type Form = readonly [expected: string, holds: (value: JsonValue) => boolean];

const isText = (value: JsonValue): boolean => typeof value === 'string';
const isTexts = (value: JsonValue): boolean => isJsonArray(value) && value.every(isText);

/** Members of a descriptor that a Notary payload has no use for (image-spec descriptor.md, "Properties"). */
const members: Readonly<Record<string, Form>> = {
  urls: ['a list of strings', isTexts],
  data: ['base64 text', isBase64],
  artifactType: ['text', isText],
  platform: ['a platform', isPlatform],
};

const platformMembers: Readonly<Record<string, (value: JsonValue) => boolean>> = {
  architecture: isText,
  os: isText,
  'os.version': isText,
  'os.features': isTexts,
  variant: isText,
};
const knownPlatform = knownNames(Object.keys(platformMembers));

/** Names of the members that are checked. */
export const otherDescriptorMembers: readonly string[] = Object.keys(members);

/**
 * Checks the members of a signed descriptor that nothing here uses: each has the type that a descriptor gives it, or is null. Other
 * readers read the whole descriptor, and refuse an invalid one.
 *
 * @throws {EnvelopeError} `ERR_ENVELOPE_MALFORMED`
 */
export function checkOtherMembers(target: JsonObject): void {
  for (const [name, [expected, holds]] of Object.entries(members)) {
    const value = target[name];
    if (value !== undefined && value !== null && !holds(value))
      throw unexpected(`targetArtifact[${quote(name)}]`, expected, value);
  }
}

function isBase64(value: JsonValue): boolean {
  if (typeof value !== 'string') return false;
  try {
    decodeBase64(value);
    return true;
  } catch {
    return false;
  }
}

function isPlatform(value: JsonValue): boolean {
  if (!isJsonObject(value)) return false;
  checkCase(Object.keys(value), knownPlatform);
  return Object.entries(platformMembers).every(([name, holds]) => {
    const member = value[name];
    return member === undefined || member === null || holds(member);
  });
}
