import { dirname, join } from 'node:path';

const relativeImport =
  /(?:^|\n)\s*(?:import|export)\s[^'"]*?from\s*['"](\.[^'"]+)['"]|import\(\s*['"](\.[^'"]+)['"]\s*\)/g;

/** Cycles of before there was this check, by package; files leave the list, and none joins it. */
const known = {
  admission: [
    ['images/image.ts', 'review/verdict.ts'],
    ['review/response.ts', 'review/review.ts'],
    ['http/handler.ts', 'http/plain.ts', 'http/probes.ts', 'http/work.ts'],
  ],
  notarykit: [
    [
      'verdict/decide-trusted.ts',
      'verdict/gate-part.ts',
      'verdict/keys.ts',
      'verdict/request.ts',
      'verdict/stored.ts',
      'verdict/verdict.ts',
      'verify.ts',
    ],
  ],
  pki: [
    ['keys/decrypt.ts', 'keys/pbes2.ts'],
    ['keys/parse-pkcs12.ts', 'keys/pkcs12-bags.ts'],
    ['revocation/crl-entries.ts', 'revocation/crl.ts'],
    ['revocation/checker-over.ts', 'revocation/http-checker.ts', 'revocation/identity.ts'],
  ],
  'registry-client': [
    ['http/exchange.ts', 'http/message.ts', 'http/pace.ts'],
    ['endpoints/context.ts', 'endpoints/list-end.ts', 'endpoints/tag-page.ts'],
    ['registry.ts', 'source-name.ts'],
  ],
  'signature-envelope': [
    ['codec.ts', 'cose/codec.ts', 'jws/codec.ts'],
    ['assemble.ts', 'generate-envelope.ts', 'sign.ts'],
  ],
  testing: [
    ['authority/der.ts', 'authority/extensions.ts'],
    ['kms/key.ts', 'kms/serve.ts'],
    ['kms/azure-bundles.ts', 'kms/azure-pending.ts', 'kms/azure.ts'],
    [
      'registry/like/list-twists.ts',
      'registry/like/manifest-twists.ts',
      'registry/like/personality.ts',
      'registry/like/quirk.ts',
      'registry/like/table.ts',
      'registry/like/upload-twists.ts',
      'registry/options.ts',
    ],
  ],
  transport: [['agents.node.ts', 'proxy.node.ts']],
  'trust-policy': [
    [
      'describe/authenticity.ts',
      'describe/envelope.ts',
      'describe/fact.ts',
      'describe/revocation.ts',
      'describe/time.ts',
      'describe/verdict.ts',
    ],
    ['decision.ts', 'extended/signers.ts'],
    [
      'demand.ts',
      'extended/compile.ts',
      'extended/demand.ts',
      'extended/parse.ts',
      'extended/policy.ts',
      'extended/scopes.ts',
    ],
    ['tools/diff-signers.ts', 'tools/diff.ts'],
    ['tools/lint-identities.ts', 'tools/lint-stores.ts', 'tools/lint.ts'],
  ],
};

/**
 * Files of a package that import each other in a circle, types included: none of them can be read, or moved, without the others.
 *
 * @param {ReadonlyMap<string, string>} texts source texts by path below `src`
 * @returns {string[][]} each circle's files, sorted
 */
export function importCycles(texts) {
  const targets = new Map(
    [...texts].map(([file, text]) => [
      file,
      // Imports in the examples of comments are none of the file.
      [...text.replace(/^\s*\*.*$/gm, '').matchAll(relativeImport)].map(([, from, dynamic]) =>
        join(dirname(file), from ?? dynamic).replace(/\.js$/, '.ts'),
      ),
    ]),
  );
  return circles(targets);
}

/** The cycles that are not in the list above. */
export function newCycles(folder, texts) {
  return importCycles(texts).filter(
    (files) => !known[folder]?.some((all) => files.every((file) => all.includes(file))),
  );
}

/** Strongly connected components of more than one file (Tarjan, "Depth-first search and linear graph algorithms", 1972). */
function circles(targets) {
  const found = [];
  const seen = new Map();
  const path = [];
  const lowest = (file) => {
    const index = seen.size;
    let low = index;
    seen.set(file, index);
    path.push(file);
    for (const next of targets.get(file) ?? []) {
      if (!targets.has(next)) continue;
      if (!seen.has(next)) low = Math.min(low, lowest(next));
      else if (path.includes(next)) low = Math.min(low, seen.get(next));
    }
    if (low === index) {
      const circle = path.splice(path.indexOf(file));
      if (circle.length > 1) found.push(circle.sort());
    }
    return low;
  };
  for (const file of targets.keys()) if (!seen.has(file)) lowest(file);
  return found;
}
