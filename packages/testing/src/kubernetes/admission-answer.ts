import {
  decodeBase64,
  decodeUtf8,
  defined,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseJson,
  quote,
} from '@notarykit/common/internal';
import { applyJsonPatch } from './json-patch.js';
import { lostOf } from './lost.js';

/** What an API server makes of a webhook's answer. */
export type AdmissionOutcome =
  | {
      readonly outcome: 'allow';
      /** The object after the patch; absent where there was none. */
      readonly object?: JsonValue;
      readonly patched: boolean;
      readonly warnings: readonly string[];
      readonly auditAnnotations: Readonly<Record<string, string>>;
      /** What the server cuts or drops of an answer that it takes: warnings too long, invalid keys. */
      readonly lost: readonly string[];
    }
  | {
      readonly outcome: 'deny';
      readonly code: number;
      readonly reason: string;
      readonly message: string;
      readonly auditAnnotations: Readonly<Record<string, string>>;
      readonly lost: readonly string[];
    }
  /** The call counts as failed: `failurePolicy: Ignore` would let the object through. */
  | { readonly outcome: 'call-failure'; readonly reason: string };

/** An answer as it came over the wire. */
export interface WebhookAnswer {
  readonly status: number;
  readonly body: Uint8Array | string;
}

/**
 * What the API server makes of an answer to the AdmissionReview that it sent, by the rules of its own source
 * (`k8s.io/apiserver/pkg/admission/plugin/webhook/request` and the two dispatchers).
 *
 * @example
 * ```ts
 * const answer = await handler(new Request('https://gate/mutate', { method: 'POST', body: review }));
 * const outcome = acceptAdmissionAnswer(review, { status: answer.status, body: await answer.text() }, { mutating: true });
 * expect(outcome).toMatchObject({ outcome: 'allow', lost: [] });
 * ```
 */
export function acceptAdmissionAnswer(
  review: Uint8Array | string,
  answer: WebhookAnswer,
  options: { readonly mutating: boolean },
): AdmissionOutcome {
  try {
    return accept(member(parseJson(review, { maxDepth: 256 }), ''), answer, options.mutating);
  } catch (error) {
    return { outcome: 'call-failure', reason: (error as Error).message };
  }
}

function accept(sent: JsonObject, answer: WebhookAnswer, mutating: boolean): AdmissionOutcome {
  if (answer.status < 200 || answer.status > 206) throw new Error(`HTTP status ${answer.status}`);
  const document = member(parseJson(answer.body, { maxDepth: 256 }), 'the body');
  const request = member(sent['request'], 'request');
  for (const name of ['apiVersion', 'kind'])
    if (document[name] !== sent[name])
      throw new Error(`expected ${name} ${quote(sent[name])}, found ${quote(document[name])}`);
  const response = member(document['response'], 'response');
  if (response['uid'] !== request['uid']) throw new Error(`expected response.uid ${quote(request['uid'])}`);
  const warnings = texts(response['warnings']);
  const auditAnnotations = annotations(response['auditAnnotations']);
  const lost = lostOf(warnings, auditAnnotations);
  const patch = patchOf(response, mutating);
  if (typeof response['allowed'] !== 'boolean') throw new Error('response.allowed is not a boolean');
  if (!response['allowed']) return { outcome: 'deny', ...statusOf(response['status']), auditAnnotations, lost };
  const object = request['object'] ?? undefined;
  if (patch === undefined)
    return {
      outcome: 'allow',
      ...defined({ object }),
      patched: false,
      warnings,
      auditAnnotations,
      lost,
    };
  if (object === undefined) throw new Error('attempted to modify the object of an operation that has none');
  return { outcome: 'allow', object: applyJsonPatch(object, patch), patched: true, warnings, auditAnnotations, lost };
}

/** A patch and its type come together or not at all, and only from a mutating webhook. */
function patchOf(response: JsonObject, mutating: boolean): JsonValue | undefined {
  const { patch, patchType } = response;
  if (patch === undefined && patchType === undefined) return undefined;
  if (!mutating) throw new Error('validating webhook may not return response.patch');
  if (typeof patch !== 'string' || patch === '') throw new Error('response.patchType without response.patch');
  if (patchType !== 'JSONPatch') throw new Error(`response.patchType ${JSON.stringify(patchType)} is not a patch type`);
  return parseJson(decodeUtf8(decodeBase64(patch)));
}

function statusOf(value: JsonValue | undefined): { code: number; reason: string; message: string } {
  const { code, reason, message } = value === undefined ? {} : member(value, 'response.status');
  const text = (found: JsonValue | undefined): string => (typeof found === 'string' ? found : '');
  if (code !== undefined && !Number.isSafeInteger(code)) throw new Error('response.status.code is not an integer');
  const said = text(message) || text(reason);
  return {
    code: Math.max(400, Number(code ?? 400)),
    reason: text(reason),
    message: said === '' ? 'denied the request without explanation' : `denied the request: ${said}`,
  };
}

function member(value: JsonValue | undefined, name: string): JsonObject {
  if (!isJsonObject(value)) throw new Error(`${name} is not an object`);
  return value;
}

function texts(value: JsonValue | undefined): readonly string[] {
  if (value === undefined) return [];
  if (!isJsonArray(value) || !value.every((item) => typeof item === 'string'))
    throw new Error('warnings are not strings');
  return value as readonly string[];
}

function annotations(value: JsonValue | undefined): Readonly<Record<string, string>> {
  if (value === undefined) return {};
  const found = member(value, 'auditAnnotations');
  if (!Object.values(found).every((item) => typeof item === 'string')) throw new Error('annotations are not strings');
  return found as Readonly<Record<string, string>>;
}
