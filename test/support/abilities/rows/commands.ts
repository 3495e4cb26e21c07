import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { runTool } from '../command-line.js';
import { fileIn, scratch, summaryDocument } from '../commands/networked.js';
import { notes } from '../commands/notes.js';
import { extendedCases, type PolicyCase, plainCases, type Reported } from '../policies.js';
import { identityOf, type Setup } from '../setup.js';
import { type Call, documentsOnly, type Judge, type VerbRow } from '../table.js';
import { anySigner, gateDocument } from './verbs.js';

/** Which words are typed for a case. */
type Words = (setup: Setup, asked: PolicyCase) => readonly string[] | Promise<readonly string[]>;

const referenceOf = ({ repository }: Setup, { tag }: PolicyCase): string => `${repository.name}:${tag}`;

function judged(words: Words, reports: boolean): Judge {
  return {
    selects: 'scope',
    reports,
    async judge(setup, asked): Promise<Reported> {
      const { code, text } = await runTool(setup, asked.document, ...(await words(setup, asked)));
      expect([0, 1, 3], text).toContain(code);
      return { verdict: code === 0 ? 'trusted' : 'refused', explanation: text };
    },
  };
}

/** The command that says the same of every policy that holds to the rules. */
const accepted =
  (casesOf: (setup: Setup) => readonly PolicyCase[], words: Words, says: (asked: PolicyCase) => string): Call =>
  async (setup) => {
    for (const asked of casesOf(setup)) {
      await writeFile(join(setup.folder, 'policy.json'), JSON.stringify(asked.document));
      const { code, text } = await runTool(setup, asked.document, ...(await words(setup, asked)));
      expect({ code, text }, asked.name).toMatchObject({ code: 0, text: expect.stringContaining(says(asked)) });
    }
  };

/** A statement is added, changed and removed, and the document is as it was. */
const edited =
  (casesOf: (setup: Setup) => readonly PolicyCase[]): Call =>
  async (setup) => {
    const trust = ['--trust-store', 'ca:lab', '--trusted-identity', identityOf('other')];
    for (const { name, document } of casesOf(setup)) {
      const run = async (written: object | undefined, ...words: readonly string[]) =>
        expect(await runTool(setup, written, 'policy', ...words), name).toMatchObject({ code: 0 });
      await run(document, 'add', 'other', '--scope', 'elsewhere.test/x', ...trust);
      await run(undefined, 'change', 'other', '--add-scope', 'elsewhere.test/y');
      const changed = await readFile(join(setup.folder, 'trustpolicy.oci.json'), 'utf8');
      expect(changed, name).toContain('["elsewhere.test/x", "elsewhere.test/y"]');
      await run(undefined, 'remove', 'other');
      expect(await readFile(join(setup.folder, 'trustpolicy.oci.json'), 'utf8'), name).toBe(JSON.stringify(document));
    }
  };
const editing = { 'plain policy': edited(plainCases), 'extended policy': edited(extendedCases) };

const bothKinds = (words: Words, says: (asked: PolicyCase) => string = () => '') => ({
  'plain policy': accepted(plainCases, words, says),
  'extended policy': accepted(extendedCases, words, says),
});

async function gateFile({ folder }: Setup): Promise<string> {
  const path = join(folder, 'gate.json');
  await writeFile(path, JSON.stringify(gateDocument));
  return path;
}

/** A bundle that was made under another policy. */
async function bundleFile(setup: Setup, asked: PolicyCase): Promise<string> {
  const path = join(setup.folder, `${asked.tag}.bundle.tar`);
  const made = await runTool(setup, anySigner, 'bundle', 'create', '--output', path, referenceOf(setup, asked));
  expect(made.code, made.text).toBe(0);
  await writeFile(join(setup.folder, 'trustpolicy.oci.json'), JSON.stringify(asked.document));
  return path;
}

/** What an audit under another policy has recorded. */
async function recordFile(setup: Setup): Promise<string> {
  const path = join(setup.folder, `${setup.empty().name.replaceAll(/\W/g, '-')}.jsonl`);
  const made = await runTool(setup, anySigner, 'audit', '--record', path, setup.repository.name);
  expect([0, 1], made.text).toContain(made.code);
  return path;
}

const noRepository = { ...documentsOnly, abort: documentsOnly.progress };
const policyFile = ({ folder }: Setup): string => join(folder, 'policy.json');

/** A gate selects the statement by the name that its policy gives. */
const byGate = (...command: readonly string[]): Judge => ({
  ...judged(async (setup, { tag }) => {
    const policy = await fileIn(setup, 'summary.json', summaryDocument);
    return [...command, '--gate-policy', policy, await scratch(setup, tag)];
  }, false),
  selects: 'name',
});
const noPolicy = { 'plain policy': notes.signs, 'extended policy': notes.signs };

export const commandRows: readonly VerbRow[] = [
  { verb: 'notarykit sign', cells: noPolicy },
  { verb: 'notarykit verify', policy: judged((setup, asked) => ['verify', referenceOf(setup, asked)], true) },
  {
    verb: 'notarykit audit',
    policy: {
      selects: 'scope',
      reports: false,
      async judge(setup, { document, tag }) {
        const { text } = await runTool(setup, document, 'audit', '--json', setup.repository.name);
        const { results } = JSON.parse(text) as { results: { tags: string[]; verdict: string; problem?: object }[] };
        const found = results.find(({ tags }) => tags.includes(tag));
        return { verdict: found?.verdict === 'trusted' ? 'trusted' : 'refused', explanation: JSON.stringify(found) };
      },
    },
  },
  {
    verb: 'notarykit copy --verify',
    policy: judged(
      (setup, asked) => ['copy', '--verify', referenceOf(setup, asked), `${setup.empty().name}:v1`],
      false,
    ),
  },
  {
    verb: 'notarykit promote',
    policy: judged(
      async (setup, asked) => [
        ...['promote', '--key', 'vendor', '--kind', 'vendor', '--gate-policy', await gateFile(setup)],
        ...[referenceOf(setup, asked), `${setup.empty().name}:v1`],
      ],
      false,
    ),
  },
  { verb: 'notarykit gate', policy: byGate('gate') },
  { verb: 'notarykit summary attest', policy: byGate('summary', 'attest') },
  { verb: 'notarykit summary revoke', cells: noPolicy },
  {
    verb: 'notarykit base-images',
    policy: judged(async (setup, asked) => {
      return ['base-images', await fileIn(setup, 'Dockerfile', `FROM ${referenceOf(setup, asked)}\n`)];
    }, false),
  },
  {
    verb: 'notarykit bundle create',
    policy: judged(
      (setup, asked) => ['bundle', 'create', '--output', join(setup.folder, 'made.tar'), referenceOf(setup, asked)],
      false,
    ),
  },
  {
    verb: 'notarykit bundle verify',
    policy: judged(
      async (setup, asked) => ['bundle', 'verify', '--other-policy', await bundleFile(setup, asked)],
      true,
    ),
  },
  {
    verb: 'notarykit policy simulate',
    policy: {
      selects: 'scope',
      reports: false,
      async judge(setup, { document, tag }) {
        const path = await recordFile(setup);
        const { text } = await runTool(setup, document, 'policy', 'simulate', '--json', path);
        const { outcomes } = JSON.parse(text) as { outcomes: { tags: string[]; after: string; code?: string }[] };
        const found = outcomes.find(({ tags }) => tags.includes(tag));
        const explanation = found?.code === 'ERR_TRUST_NO_STATEMENT' ? 'no statement' : JSON.stringify(found);
        return { verdict: found?.after === 'trusted' ? 'trusted' : 'refused', explanation };
      },
    },
  },
  {
    verb: 'notarykit policy show',
    cells: {
      ...bothKinds(
        () => ['policy', 'show'],
        ({ document }) => JSON.stringify(document),
      ),
      ...noRepository,
    },
  },
  {
    verb: 'notarykit policy lint',
    cells: {
      ...bothKinds(
        () => ['policy', 'lint'],
        () => 'revoked certificates',
      ),
      ...noRepository,
    },
  },
  {
    verb: 'notarykit policy diff',
    cells: {
      ...bothKinds(
        (setup) => ['policy', 'diff', policyFile(setup)],
        () => 'both mean the same',
      ),
      ...noRepository,
    },
  },
  {
    verb: 'notarykit policy import',
    cells: {
      ...bothKinds(
        (setup) => ['policy', 'import', '--force', policyFile(setup)],
        () => 'wrote ',
      ),
      ...noRepository,
    },
  },
  { verb: 'notarykit policy add', cells: { ...editing, ...noRepository } },
  { verb: 'notarykit policy change', cells: { ...editing, ...noRepository } },
  { verb: 'notarykit policy remove', cells: { ...editing, ...noRepository } },
];
