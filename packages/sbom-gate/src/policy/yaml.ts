import { type JsonValue, parseJson } from '@notarykit/common/internal';
import { parseDocument } from 'yaml';

const strict = { version: '1.2', schema: 'core', uniqueKeys: true, strict: true } as const;

/** YAML 1.2 as plain values: no duplicates, no anchors and aliases, and after that the strict profile of JSON. */
export function parseYaml(text: string): JsonValue {
  const document = withoutEnvironment(() => parseDocument(text, strict));
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) throw problem;
  const value: unknown = document.toJS({ maxAliasCount: 0 });
  // Through JSON once more: plain values only, and the same strict profile as a JSON policy.
  return parseJson(JSON.stringify(value ?? null), { maxDepth: 32 });
}

/**
 * The Node build of `yaml`, which Deno loads, looks for its debugging flags in `process.env`. Deno allows that only with
 * `--allow-env`, so for the time of the call, which awaits nothing, the environment is empty there.
 */
function withoutEnvironment<T>(work: () => T): T {
  const { Deno, process: host } = globalThis as { Deno?: unknown; process?: { env: unknown } };
  if (Deno === undefined || host === undefined) return work();
  const { env } = host;
  host.env = {};
  try {
    return work();
  } finally {
    host.env = env;
  }
}
