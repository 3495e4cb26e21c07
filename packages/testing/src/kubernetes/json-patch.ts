import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@notarykit/common/internal';
import jsonPatch, { type Operation } from 'fast-json-patch';

/** What is patched so in an admission; the library knows more, one of them in no specification. */
const operations: readonly JsonValue[] = ['add', 'remove', 'replace', 'test'];

/**
 * The document after a JSON patch (RFC 6902), which stays as it is. Every step must apply: a member that is replaced, removed
 * or tested has to be there.
 *
 * @throws {Error} for what is not a patch, and for a step that does not apply
 */
export function applyJsonPatch(document: JsonValue, patch: JsonValue): JsonValue {
  if (!isJsonArray(patch)) throw new Error('a JSON patch is a list');
  for (const entry of patch) checkOperation(isJsonObject(entry) ? entry : {});
  try {
    return jsonPatch.applyPatch(document, patch as unknown as Operation[], true, false).newDocument;
  } catch (error) {
    // Its message repeats the whole document.
    const { name, index } = error as { name?: string; index?: number };
    const why = name === 'TEST_OPERATION_FAILED' ? 'test: another value is there' : name;
    throw new Error(`step ${index ?? 'of the patch'} does not apply: ${why}`);
  }
}

function checkOperation({ op, path }: JsonObject): void {
  if (op === undefined || !operations.includes(op)) throw new Error(`no operation of a patch: ${JSON.stringify(op)}`);
  // The library leaves null.
  if (op === 'remove' && path === '') throw new Error('remove: the document itself');
}
