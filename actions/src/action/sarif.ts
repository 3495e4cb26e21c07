import { createHash } from 'node:crypto';
import { isAbsolute, relative, resolve, sep } from 'node:path';

/** A SARIF 2.1.0 log, as far as it is read here. */
export interface SarifLog {
  readonly runs: readonly [{ readonly results: readonly SarifResult[] }];
}

/** One finding. */
export interface SarifResult {
  readonly ruleId: string;
  readonly level: 'error' | 'warning' | 'note';
  readonly message: { readonly text: string };
}

/** A log of one error, for a refusal that has no report. */
export function refusalLog(ruleId: string, text: string): SarifLog {
  const driver = { name: 'NotaryKit', informationUri: 'https://notaryproject.dev/', rules: [{ id: ruleId }] };
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, results: [{ ruleId, ruleIndex: 0, level: 'error', message: { text } }] }] as const,
  } as const;
  return log;
}

/** What a log is about, and which file of the source decided. */
export interface Finding {
  readonly subject: string;
  /** Path of the policy. */
  readonly policy: string | undefined;
}

/**
 * A log as code scanning accepts it: it refuses results without a file of the source, and URIs that are not `file:`. The file is the
 * policy that decided; the artifact is named in the message. Without a fingerprint, results at one place would count as one result.
 */
export function placeFindings(log: SarifLog, { subject, policy }: Finding): SarifLog {
  const [run] = log.runs;
  const artifactLocation = { uri: encodeURI(sourcePath(policy)) };
  const physicalLocation = { artifactLocation, region: { startLine: 1 } };
  const results = run.results.map((result) => {
    const text = `${subject}: ${result.message.text}`;
    const primaryLocationLineHash = createHash('sha256').update(`${result.ruleId}\n${text}`).digest('hex').slice(0, 16);
    const partialFingerprints = { primaryLocationLineHash: `${primaryLocationLineHash}:1` };
    const [location = {}] = 'locations' in result ? (result.locations as readonly object[]) : [];
    return { ...result, message: { text }, locations: [{ ...location, physicalLocation }], partialFingerprints };
  });
  return { ...log, runs: [{ ...run, results }] };
}

/** A file of the source: the policy, else, where it is not in the source, the workflow itself. */
function sourcePath(policy: string | undefined): string {
  const path = policy === undefined ? '..' : relative(process.env['GITHUB_WORKSPACE'] ?? '.', resolve(policy));
  if (!isAbsolute(path) && path.split(sep)[0] !== '..') return path.split(sep).join('/');
  const [, workflow] = /^[^/]+\/[^/]+\/([^@]+)@/.exec(process.env['GITHUB_WORKFLOW_REF'] ?? '') ?? [];
  return workflow ?? '.github/workflows';
}
