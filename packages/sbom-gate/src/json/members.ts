import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@notarykit/common';

// Parsed documents have ordinary prototypes: readers ask for fixed names only, none of which is a property of Object.

/** A member that is text and not empty, else nothing. */
export function textOf(object: JsonObject | undefined, name: string): string | undefined {
  const value = object?.[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A member that is a number, else nothing. */
export function numberOf(object: JsonObject | undefined, name: string): number | undefined {
  const value = object?.[name];
  return typeof value === 'number' ? value : undefined;
}

/** A member that is an object, else nothing. */
export function objectOf(object: JsonObject | undefined, name: string): JsonObject | undefined {
  const value = object?.[name];
  return isJsonObject(value) ? value : undefined;
}

/** The elements of a member that is an array, else none. */
export function listOf(object: JsonObject | undefined, name: string): readonly JsonValue[] {
  const value = object?.[name];
  return isJsonArray(value) ? value : [];
}

/** The elements of a member that are objects. */
export function objectsOf(object: JsonObject | undefined, name: string): readonly JsonObject[] {
  return listOf(object, name).filter(isJsonObject);
}

/** The elements of a member that are texts and not empty. */
export function textsOf(object: JsonObject | undefined, name: string): readonly string[] {
  return listOf(object, name).filter((item) => typeof item === 'string' && item !== '') as string[];
}
