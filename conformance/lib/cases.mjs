// The cases as they lie in a folder: one directory each, described by its case.json (schema/case.schema.json).
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const casesFolder = fileURLToPath(new URL('../cases', import.meta.url));
export const schemaVersion = 1;
export const features = ['blob', 'clock', 'plugins', 'revocation', 'timestamp', 'user-metadata'];
export const verdicts = ['trusted', 'refused', 'skipped'];
export const validations = [
  'integrity',
  'authenticity',
  'authenticTimestamp',
  'expiry',
  'revocation',
  'extended',
  'metadata',
  'policy',
  'signature',
];

/** A case that is not as the README says. */
export class CaseError extends Error {
  name = 'CaseError';
}

/** Every case of a folder, sorted by id, or those that a pattern names: `*` stands for any characters. */
export function loadCases(folder = casesFolder, patterns = []) {
  const ids = readdirSync(folder)
    .filter((id) => existsSync(join(folder, id, 'case.json')))
    .filter((id) => patterns.length === 0 || patterns.some((pattern) => matches(pattern, id)))
    .sort();
  return ids.map((id) => loadCase(join(folder, id), id));
}

/** Whether an id is one that a pattern names. */
export function matches(pattern, id) {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[^A-Za-z0-9-]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(id);
}

/** One case, its paths relative to `directory`. @throws {CaseError} */
export function loadCase(directory, id) {
  const file = join(directory, 'case.json');
  let document;
  try {
    document = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new CaseError(`${file}: expected a JSON document`, { cause });
  }
  const problems = problemsOf(document, directory, id);
  if (problems.length > 0) throw new CaseError(`${file}: ${problems.join('; ')}`);
  return { ...document, directory };
}

/** What is wrong with a case, in words; a copy of what the schema says and of what it cannot say. */
export function problemsOf(document, directory, id) {
  const { artifact = {}, expected = {}, specification = {} } = document;
  const files = [
    document.config,
    artifact.layout,
    artifact.path,
    artifact.signature,
    ...(document.evidence ?? []).map(({ file }) => file),
  ];
  const deciding = [expected.decidingValidation ?? []].flat();
  const checks = [
    [
      document.schemaVersion === schemaVersion,
      `schemaVersion: expected ${schemaVersion}, found ${document.schemaVersion}`,
    ],
    [document.id === id, `id: expected the name of the directory, ${id}, found ${document.id}`],
    [isText(document.why), 'why: expected one sentence'],
    [isText(specification.url) && isText(specification.section), 'specification: expected document, section and url'],
    [['MUST', 'SHOULD'].includes(document.requirement), 'requirement: expected MUST or SHOULD'],
    [isSubset(document.requires, features), `requires: expected some of ${features.join(', ')}`],
    [['oci', 'blob'].includes(artifact.kind), 'artifact.kind: expected oci or blob'],
    [verdicts.includes(expected.verdict), `expected.verdict: expected one of ${verdicts.join(', ')}`],
    [isSubset(deciding, validations), `expected.decidingValidation: expected some of ${validations.join(', ')}`],
    [expected.verdict !== 'refused' || deciding.length > 0, 'expected.decidingValidation: a refusal has one'],
    [isSubset(expected.logged ?? [], validations), 'expected.logged: expected names of validations'],
    [(document.time === undefined) === !(document.requires ?? []).includes('clock'), 'time: goes with requires: clock'],
    ...files.filter(isText).map((file) => [existsSync(join(directory, file)), `${file}: there is no such file`]),
  ];
  return checks.filter(([holds]) => !holds).map(([, problem]) => problem);
}

const isText = (value) => typeof value === 'string' && value !== '';
const isSubset = (list, all) => Array.isArray(list) && list.every((one) => all.includes(one));
