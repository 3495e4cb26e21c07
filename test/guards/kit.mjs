// Proves that the conformance kit alone holds the verdict path: node test/guards/kit.mjs [--all | what …]
// Rules of the verdict path are removed one by one, as in run.mjs, and only the cases of the kit are run. Of the rules below 95 in
// a hundred must be missed by a case. `--all` tries every row of the tables whose guard stands on that path, and fails for none.
import { allRows, checkRow, run } from './without.mjs';

/** Rules from the envelope to the policy, each by the id and the words of its row. */
const rules = [
  ['J1', 'members once'],
  ['J8', 'algorithms of the list'],
  ['J11', 'present'],
  ['J12', 'mandatory entries'],
  ['J13', 'critical labels that are numbers, beside a plugin'],
  ['J14', 'content type'],
  ['J15', 'known schemes'],
  ['J15', 'no time of the other scheme'],
  ['J16', 'unused bits'],
  ['J18', 'moved headers'],
  ['J20', 'valid signature'],
  ['J21', 'salt length'],
  ['CB1', 'keys once'],
  ['CB3', 'nothing after it'],
  ['CB7', 'tag 1'],
  ['CB9', 'one header'],
  ['T1', 'expiry'],
  ['T2', 'expiry after signing'],
  ['T7', 'validity of the whole chain'],
  ['T8', 'a timestamp that is demanded'],
  ['A8', 'issued by the next'],
  ['A8', 'ends with a root'],
  ['A10', 'path length'],
  ['A10', 'key usage critical'],
  ['A11', 'no other usage'],
  ['A11', 'no any purpose'],
  ['P1', 'the artifact that was signed'],
  ['P6', 'subjects of referrers'],
  ['P7', 'the configuration of a signature, looked at twice'],
  ['P13', 'required metadata'],
  ['I3', 'scopes compared exactly'],
  ['I8', 'parsed values are compared, not rendered ones'],
  ['I11', 'exact code points'],
  ['I17', 'stores of the scheme'],
  ['S1', 'imprint of the message'],
  ['S6', 'the certificate that signed'],
  ['S8', 'timestamping alone, looked at twice'],
  ['R3', 'usage of a delegate'],
  ['R8', 'only an authentic time excuses'],
  ['R13', 'a delta to this base'],
  ['R21', 'every certificate but the root is asked about'],
];
/** Rules that appear in two places, one behind the other. */
const twice = [
  {
    id: 'P7',
    what: 'the configuration of a signature, looked at twice',
    edits: [
      {
        file: 'packages/signature-envelope/src/signature-manifest.ts',
        find: 'if (artifactType === signatureArtifactType && config === mediaTypes.empty)',
        replace: 'if (artifactType === signatureArtifactType)',
      },
      {
        file: 'packages/notarykit/src/verdict/signatures.ts',
        find: 'return artifactType === signatureArtifactType && manifest.config.mediaType === mediaTypes.empty;',
        replace: 'return artifactType === signatureArtifactType;',
      },
    ],
  },
  {
    id: 'S8',
    what: 'timestamping alone, looked at twice',
    edits: [
      {
        file: 'packages/signature-envelope/src/certificate-requirements/leaf.ts',
        find: 'if (purposes.length !== 1 || purposes[0] !== timeStamping)',
        replace: 'if (!purposes.includes(timeStamping))',
      },
      {
        file: 'packages/pki/src/timestamp/token.ts',
        find: '!critical || purposes.length !== 1 || purposes[0] !== oids.timeStamping',
        replace: '!critical || !purposes.includes(oids.timeStamping)',
      },
    ],
  },
];
const least = 0.95;
const test = 'test/conformance/kit.test.ts';
const path =
  /^packages\/(common\/src\/(json|base64|bytes)|pki\/src\/(?!keys|csr)|signature-envelope\/src\/(?!signers|sign|generate)|trust-policy\/src)/;

const wanted = process.argv.slice(2);
const rows = [...(await allRows()), ...twice].filter(chosen);

function chosen({ id, what, file, edits = [{ file }] }) {
  if (wanted.includes('--all')) return edits.every((edit) => path.test(edit.file));
  if (wanted.length > 0) return wanted.includes(what);
  return rules.some(([ruleId, rule]) => ruleId === id && rule === what);
}

/** What the kit says without the rule; a file that does not load is tried once more, and is not an answer. */
async function answer(row, again = true) {
  const { tests, broken } = await run(row, [test], undefined, ['--bail', '1']);
  if (tests.some(({ status }) => status === 'failed')) return 'a case fails';
  if (broken.length === 0 && tests.length > 0) return 'EVERY CASE PASSES';
  return again ? answer(row, false) : 'THE KIT COULD NOT BE RUN';
}

const problems = rows.flatMap(checkRow);
const missing =
  wanted.length > 0 ? [] : rules.filter(([id, rule]) => !rows.some((row) => row.id === id && row.what === rule));
problems.push(...missing.map((rule) => `${rule.join(' ')}: there is no such row`));
if (problems.length > 0) throw new Error(problems.join('\n'));

const queue = [...rows];
let held = 0;
const work = async () => {
  for (let row = queue.shift(); row !== undefined; row = queue.shift()) {
    const said = await answer(row);
    if (said === 'a case fails') held += 1;
    console.log(`kit without ${row.id} (${row.what}): ${said}`);
  }
};
await Promise.all(Array.from({ length: 2 }, work));
console.log(`kit-guards: ${held}/${rows.length} rules are held by the kit alone`);
process.exitCode = wanted.includes('--all') || held >= rows.length * least ? 0 : 1;
