import {
  describeKind,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  quote,
} from '@notarykit/common/internal';
import { VerifierError } from '../errors.js';

/**
 * Members of a JSON object, each read by name. A member that is never read is an error: it would have no effect. `null` counts as absent,
 * as in Go programs.
 */
export interface Members {
  text(name: string): string | undefined;
  texts(name: string): readonly string[] | undefined;
  flag(name: string): boolean | undefined;
  /** An integer from `least` on. */
  count(name: string, least: number): number | undefined;
  choice<T extends string>(name: string, choices: readonly T[]): T | undefined;
  object(name: string): Members | undefined;
  /** A list of objects; empty where it is missing. */
  objects(name: string): readonly Members[];
  /** @throws {VerifierError} for a missing member */
  required<T>(name: string, value: T | undefined): T;
  /** The names of all members. */
  readonly names: readonly string[];
  /** The value as it is, for members of several forms. */
  value(name: string): JsonValue | undefined;
  /** @throws {VerifierError} for members that were not read, in this object and those below it */
  end(): void;
}

/**
 * The members of a parsed document; `where` names its place in messages.
 *
 * @throws {VerifierError} `ERR_VERIFIER_SETTINGS`
 */
export function membersOf(document: JsonValue, where: string): Members {
  if (!isJsonObject(document)) throw refuse(where, 'an object', document);
  const asked = new Set<string>();
  const below: Members[] = [];
  const at = (name: string): string => `${where}.${name}`;
  const value = (name: string): JsonValue | undefined => {
    asked.add(name);
    return document[name] ?? undefined;
  };
  const under = (found: JsonValue, place: string): Members => {
    const members = membersOf(found, place);
    below.push(members);
    return members;
  };
  const take =
    <T extends JsonValue>(what: string, is: (found: JsonValue) => found is T) =>
    (name: string): T | undefined => {
      const found = value(name);
      if (found === undefined || is(found)) return found;
      throw refuse(at(name), what, found);
    };
  return {
    names: Object.keys(document),
    value,
    text: take('text', isText),
    texts: take('a list of strings', isTexts),
    flag: take('true or false', isFlag),
    count: (name, least) => take(`an integer from ${least} on`, isCount(least))(name),
    choice: <T extends string>(name: string, choices: readonly T[]) =>
      take(choices.map(quote).join(' or '), (found): found is T => choices.includes(found as T))(name),
    object(name) {
      const found = value(name);
      return found === undefined ? undefined : under(found, at(name));
    },
    objects(name) {
      const found = value(name) ?? [];
      if (!isJsonArray(found)) throw refuse(at(name), 'a list of objects', found);
      return found.map((item, i) => under(item, `${at(name)}[${i}]`));
    },
    required(name, found) {
      if (found !== undefined) return found;
      throw new VerifierError('ERR_VERIFIER_SETTINGS', `${where}: expected a member ${quote(name)}`);
    },
    end() {
      checkAsked(document, asked, where);
      for (const members of below) members.end();
    },
  };
}

const isText = (value: JsonValue): value is string => typeof value === 'string';
const isTexts = (value: JsonValue): value is readonly string[] => isJsonArray(value) && value.every(isText);
const isFlag = (value: JsonValue): value is boolean => typeof value === 'boolean';
const isCount =
  (least: number) =>
  (value: JsonValue): value is number =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= least;

function checkAsked(document: JsonObject, asked: ReadonlySet<string>, where: string): void {
  const unknown = Object.keys(document).find((name) => !asked.has(name));
  if (unknown === undefined) return;
  const known = [...asked].sort().join(', ');
  throw new VerifierError('ERR_VERIFIER_SETTINGS', `${where}: expected members of ${known}, found ${quote(unknown)}`);
}

function refuse(where: string, expected: string, found: JsonValue): VerifierError {
  const shown = typeof found === 'string' ? quote(found) : describeKind(found);
  return new VerifierError('ERR_VERIFIER_SETTINGS', `${where}: expected ${expected}, found ${shown}`);
}
