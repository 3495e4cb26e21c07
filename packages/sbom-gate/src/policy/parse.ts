import {
  decodeUtf8,
  isJsonObject,
  type JsonValue,
  parseJson,
  quote,
  requireBytes,
  utf8,
} from '@notarykit/common/internal';
import { digestOf } from '@notarykit/oci/internal';
import { GateError } from '../errors.js';
import { checkSchema, didYouMean, type SchemaProblem } from './check-schema.js';
import type { GatePolicy, GatePolicyWarning } from './document.js';
import { lintGatePolicy } from './lint.js';
import { readPolicy } from './read.js';
import { gatePolicySchema } from './schema.js';
import { parseYaml } from './yaml.js';

/** What else {@link parseGatePolicy} can check. */
export interface ParseGatePolicyOptions {
  /** Names of the statements of the trust policy: a signer that names another one is an error. */
  readonly statements?: readonly string[];
  /** For the warning about exceptions that have expired already. Default: now. */
  readonly now?: Date;
}

const maxBytes = 1024 * 1024;

/**
 * Reads a gate policy, JSON or YAML 1.2 (without duplicates, anchors and aliases), checks it against
 * {@link gatePolicySchema}, and fills in the defaults. Unknown members are errors: a rule that is misspelt must not be a
 * rule that is not applied.
 *
 * @throws {GateError} `ERR_GATE_POLICY`, naming every place that is wrong
 *
 * @example
 * ```ts
 * const policy = parseGatePolicy(`
 * version: "1.0"
 * name: production
 * signers: { build: { trustPolicy: wabbit-build } }
 * image: { signedBy: [build] }
 * sbom: { signedBy: [build], blockPackages: [{ name: "telnetd*" }] }
 * `);
 * ```
 */
export function parseGatePolicy(input: Uint8Array | string, options: ParseGatePolicyOptions = {}): GatePolicy {
  const bytes = typeof input === 'string' ? utf8(input) : requireBytes(input, 'gate policy');
  if (bytes.length > maxBytes) throw invalid([{ pointer: '', message: `expected at most ${maxBytes} bytes` }]);
  const value = parseText(bytes);
  const problems = [...checkSchema(gatePolicySchema, value)];
  if (problems.length > 0 || !isJsonObject(value)) throw invalid(problems);
  const read = bare(readPolicy(value, problems));
  problems.push(...checkNames(read, options));
  if (problems.length > 0) throw invalid(problems);
  const policy: GatePolicy = bare({ ...read, digest: digestOf(bytes), warnings: [] });
  return bare({ ...policy, warnings: lintGatePolicy(policy, options.now ?? new Date()) });
}

/** Without prototype: a block that a policy does not have is not found on `Object.prototype` either (threats X4). */
function bare<T extends object>(members: T): T {
  return Object.assign(Object.create(null) as T, members);
}

function parseText(bytes: Uint8Array): JsonValue {
  try {
    const text = decodeUtf8(bytes);
    return /^\s*\{/.test(text) ? parseJson(text, { maxDepth: 32 }) : parseYaml(text);
  } catch (cause) {
    if (cause instanceof GateError) throw cause;
    throw new GateError('ERR_GATE_POLICY', `gate policy: ${(cause as Error).message}`, { cause });
  }
}

function checkNames(policy: Omit<GatePolicy, 'digest' | 'warnings'>, options: ParseGatePolicyOptions): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const { image, sbom, scan, vex, provenance, summary } = policy;
  const classes = { image, sbom, scan, vex, provenance, summary };
  for (const [name, block] of Object.entries(classes))
    for (const alias of block?.signedBy ?? [])
      if (!policy.signers.has(alias))
        problems.push({
          pointer: `/${name}/signedBy`,
          message: unknownSigner(policy, alias),
        });
  const { promote } = policy.output;
  if (promote !== undefined && !policy.signers.has(promote.signWith))
    problems.push({
      pointer: '/output/promote/signWith',
      message: unknownSigner(policy, promote.signWith),
    });
  for (const [alias, signer] of policy.signers)
    if (options.statements !== undefined && !options.statements.includes(signer.trustPolicy))
      problems.push({
        pointer: `/signers/${alias}/trustPolicy`,
        message: unknownStatement(options.statements, signer.trustPolicy),
      });
  return problems;
}

function unknownSigner({ signers }: Pick<GatePolicy, 'signers'>, alias: string): string {
  const known = [...signers.keys()];
  return `expected a name of "signers" (${known.join(', ')}), found ${quote(alias)}${didYouMean(alias, known)}`;
}

function unknownStatement(statements: readonly string[], name: string): string {
  const known = statements.join(', ') || 'it has none';
  return `expected a statement of the trust policy (${known}), found ${quote(name)}${didYouMean(name, statements)}`;
}

function invalid(problems: readonly (SchemaProblem | GatePolicyWarning)[]): GateError<readonly SchemaProblem[]> {
  const lines = problems.slice(0, 20).map(({ pointer, message }) => `${pointer || '/'}: ${message}`);
  const more = problems.length > 20 ? `\n… and ${problems.length - 20} more` : '';
  return new GateError('ERR_GATE_POLICY', `gate policy is not valid\n${lines.join('\n')}${more}`, { detail: problems });
}
