/** Sizes of what a page loads, bundled from the published files, against budgets (gzip, kB of 1000 bytes). Decision 0228 says why each. */
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const budgets = [
  {
    name: 'parsePurl',
    goal: 6,
    budget: 6,
    source: "export { parsePurl } from '@notarykit/sbom-gate';",
  },
  {
    name: 'envelope',
    goal: 25,
    budget: 25,
    source: "export { decodeEnvelope, verifyIntegrity } from '@notarykit/signature-envelope';",
  },
  {
    name: 'envelope and policy',
    goal: 45,
    budget: 42,
    source: "export { verifySignature } from '@notarykit/trust-policy';",
  },
  {
    name: 'envelope, policy and registry client',
    goal: 70,
    budget: 91,
    source: "export { createRegistry } from '@notarykit/registry-client';\nexport { verify } from 'notarykit';",
  },
];

/** Bytes of one minified and compressed file, with all that a module imports from a project's `node_modules`. */
async function sizeOf(source, project) {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: project },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'error',
    write: false,
  });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length;
}

/**
 * @param {string} project a folder in which the packages are installed
 * @returns {Promise<string[]>} what is larger than its budget
 */
export async function checkSizes(project) {
  const problems = [];
  for (const { name, goal, budget, source } of budgets) {
    const size = (await sizeOf(source, project)) / 1000;
    console.log(`size of ${name}: ${size.toFixed(1)} kB gzip (goal <= ${goal}, budget ${budget})`);
    if (size > budget) problems.push(`size: ${name} is ${size.toFixed(1)} kB gzip, its budget is ${budget}`);
  }
  return problems;
}

if (process.argv[1] === import.meta.filename) {
  // Of the workspace, after a build.
  const problems = await checkSizes(join(import.meta.dirname, '../bench'));
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
