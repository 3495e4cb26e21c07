import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, parseJson } from '@notarykit/common/internal';
import type { WebhookAnswer } from './admission-answer.js';

/** What Rego is given of a provider's answer. */
export interface RegoView {
  readonly responses: readonly (readonly [key: string, value: JsonValue])[];
  readonly errors: readonly (readonly [key: string, error: string])[];
  readonly statusCode: number;
  readonly systemError: string;
}

/** What Gatekeeper does with an answer for mutation: a text for each key, or why the mutation fails. */
export type MutationOutcome =
  | {
      readonly outcome: 'mutated';
      readonly values: ReadonlyMap<string, string>;
      readonly errors: ReadonlyMap<string, string>;
    }
  | { readonly outcome: 'failed'; readonly reason: string };

/**
 * What a constraint sees of an answer of an external-data provider.
 *
 * @throws {Error} for a body that Gatekeeper does not take
 */
export function regoView(answer: WebhookAnswer): RegoView {
  const { items, systemError } = parse(answer);
  return {
    responses: items.flatMap(({ key, value, error }) => (error === '' ? [[key, value] as const] : [])),
    errors: items.flatMap(({ key, error }) => (error === '' ? [] : [[key, error] as const])),
    statusCode: answer.status,
    systemError,
  };
}

/**
 * What Gatekeeper's mutation makes of an answer: the answer must be idempotent, without a system error, and has an item for
 * each key, whose value is text (`pkg/mutation/system_external_data.go`).
 */
export function acceptMutation(keys: readonly string[], answer: WebhookAnswer): MutationOutcome {
  try {
    const { items, systemError, idempotent } = parse(answer);
    if (systemError.trim() !== '') throw new Error(`system error: ${systemError}`);
    if (!idempotent) throw new Error('a mutation must be idempotent');
    const good = items.filter(({ error }) => error === '');
    for (const { key, value } of good)
      if (typeof value !== 'string') throw new Error(`${key}: the value is not a string`);
    const values = new Map(good.map(({ key, value }) => [key, value as string]));
    const errors = new Map(items.flatMap(({ key, error }) => (error === '' ? [] : [[key, error]])));
    for (const key of keys) if (!values.has(key) && !errors.has(key)) throw new Error(`${key}: no item`);
    return { outcome: 'mutated', values, errors };
  } catch (error) {
    return { outcome: 'failed', reason: (error as Error).message };
  }
}

interface Item {
  readonly key: string;
  readonly value: JsonValue;
  readonly error: string;
}

function parse({ body }: WebhookAnswer): { items: readonly Item[]; systemError: string; idempotent: boolean } {
  const document = object(parseJson(body), 'the body');
  if (document['apiVersion'] !== 'externaldata.gatekeeper.sh/v1beta1' || document['kind'] !== 'ProviderResponse')
    throw new Error('expected a ProviderResponse of externaldata.gatekeeper.sh/v1beta1');
  const { items = [], systemError, idempotent = false } = object(document['response'], 'response');
  if (!isJsonArray(items) || typeof idempotent !== 'boolean') throw new Error('response: items or idempotent');
  const seen = items.map((item) => parseItem(object(item, 'an item')));
  if (new Set(seen.map(({ key }) => key)).size < seen.length) throw new Error('two items for one key');
  return { items: seen, systemError: text(systemError, 'systemError'), idempotent };
}

function parseItem({ key, value = null, error }: JsonObject): Item {
  if (typeof key !== 'string') throw new Error('an item without a key');
  return { key, value, error: text(error, 'error') };
}

function text(value: JsonValue | undefined, name: string): string {
  if (value !== undefined && typeof value !== 'string') throw new Error(`${name} is not a string`);
  return value ?? '';
}

function object(value: JsonValue | undefined, name: string): JsonObject {
  if (!isJsonObject(value)) throw new Error(`${name} is not an object`);
  return value;
}
