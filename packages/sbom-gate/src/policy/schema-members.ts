import { defined } from '@notarykit/common/internal';
import type { Schema } from './check-schema.js';

/** A member that is text. */
export function text(description: string, more: Schema = {}): Schema {
  return { type: 'string', description, ...more };
}

/** A member that is one of some words. */
export function oneOf(words: readonly string[], description: string, otherwise?: string): Schema {
  return { enum: words, description, ...defined({ default: otherwise }) };
}

/** A member that is `true` or `false`; `false` when it is not given. */
export function flag(description: string): Schema {
  return { type: 'boolean', description, default: false };
}

/** A member that is a list. */
export function list(items: Schema, description: string, more: Schema = {}): Schema {
  return { type: 'array', description, items, ...more };
}

/** A member that is a whole number. */
export function whole(description: string, more: Schema): Schema {
  return { type: 'integer', description, ...more };
}

/** A member that is described under `definitions`. */
export function definition(name: string, description: string, otherwise?: string): Schema {
  return {
    $ref: `#/definitions/${name}`,
    description,
    ...defined({ default: otherwise }),
  };
}

/** An object of these members and no others. */
export function block(
  description: string,
  properties: Readonly<Record<string, Schema>>,
  required: readonly string[] = [],
): Schema {
  const demanded = required.length === 0 ? {} : { required };
  return { type: 'object', description, additionalProperties: false, ...demanded, properties };
}
