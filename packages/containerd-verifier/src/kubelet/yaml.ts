/*!
 * The bundled program contains yaml. Copyright Eemeli Aro <eemeli@gmail.com>
 *
 * Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted, provided that the
 * above copyright notice and this permission notice appear in all copies.
 *
 * THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF
 * MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY
 * DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION,
 * ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.
 */
import { decodeUtf8, type JsonValue, parseJson, quote } from '@notarykit/common/internal';
import { VerifierError } from '../errors.js';

/**
 * Parses a file of the kubelet: YAML, of which JSON is a part. Strictly: no repeated members, no aliases.
 *
 * @throws {VerifierError} `ERR_VERIFIER_SETTINGS`; its cause is left out, since variables of providers may be secret
 */
export async function parseJsonOrYaml(bytes: Uint8Array, path: string): Promise<JsonValue> {
  try {
    const text = decodeUtf8(bytes);
    return /^\s*\{/.test(text) ? parseJson(text, { maxDepth: 32 }) : await parseYaml(text);
  } catch (error) {
    // A flow mapping begins like JSON, and is refused: providers that are written by hand are in block style.
    const { code = 'no YAML' } = error as { readonly code?: string };
    throw new VerifierError('ERR_VERIFIER_SETTINGS', `${quote(path)}: expected YAML or JSON (${code})`);
  }
}

async function parseYaml(text: string): Promise<JsonValue> {
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text, { version: '1.2', schema: 'core', uniqueKeys: true, strict: true });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) throw problem;
  const value: unknown = document.toJS({ maxAliasCount: 0 });
  return parseJson(JSON.stringify(value ?? null), { maxDepth: 32 });
}
