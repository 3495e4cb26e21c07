import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { runTool } from '../command-line.js';
import { fileIn, scratch, summaryDocument } from '../commands/networked.js';
import { notes } from '../commands/notes.js';
import { extendedCases, type PolicyCase, plainCases, type Told } from '../policies.js';
import { type Call, documentsOnly, type Judge, type VerbRow } from '../table.js';
import { identityOf, type World } from '../world.js';
import { anySigner, gateDocument } from './verbs.js';

/** Which words are typed for a case. */
type Words = (world: World, asked: PolicyCase) => readonly string[] | Promise<readonly string[]>;

const referenceOf = ({ repository }: World, { tag }: PolicyCase): string => `${repository.name}:${tag}`;

function judged(words: Words, reports: boolean): Judge {
  return {
    selects: 'scope',
    reports,
    async judge(world, asked): Promise<Told> {
      const { code, text } = await runTool(world, asked.document, ...(await words(world, asked)));
      expect([0, 1, 3], text).toContain(code);
      return { verdict: code === 0 ? 'trusted' : 'refused', explanation: text };
    },
  };
}

/** The command that says the same of every policy that holds to the rules. */
const accepted =
  (casesOf: (world: World) => readonly PolicyCase[], words: Words, says: (asked: PolicyCase) => string): Call =>
  async (world) => {
    for (const asked of casesOf(world)) {
      await writeFile(join(world.folder, 'policy.json'), JSON.stringify(asked.document));
      const { code, text } = await runTool(world, asked.document, ...(await words(world, asked)));
      expect({ code, text }, asked.name).toMatchObject({ code: 0, text: expect.stringContaining(says(asked)) });
    }
  };

/** A statement is added, changed and removed, and the document is as it was. */
const edited =
  (casesOf: (world: World) => readonly PolicyCase[]): Call =>
  async (world) => {
    const trust = ['--trust-store', 'ca:lab', '--trusted-identity', identityOf('other')];
    for (const { name, document } of casesOf(world)) {
      const run = async (written: object | undefined, ...words: readonly string[]) =>
        expect(await runTool(world, written, 'policy', ...words), name).toMatchObject({ code: 0 });
      await run(document, 'add', 'other', '--scope', 'elsewhere.test/x', ...trust);
      await run(undefined, 'change', 'other', '--add-scope', 'elsewhere.test/y');
      const changed = await readFile(join(world.folder, 'trustpolicy.oci.json'), 'utf8');
      expect(changed, name).toContain('["elsewhere.test/x", "elsewhere.test/y"]');
      await run(undefined, 'remove', 'other');
      expect(await readFile(join(world.folder, 'trustpolicy.oci.json'), 'utf8'), name).toBe(JSON.stringify(document));
    }
  };
const editing = { 'plain policy': edited(plainCases), 'extended policy': edited(extendedCases) };

const bothKinds = (words: Words, says: (asked: PolicyCase) => string = () => '') => ({
  'plain policy': accepted(plainCases, words, says),
  'extended policy': accepted(extendedCases, words, says),
});

async function gateFile({ folder }: World): Promise<string> {
  const path = join(folder, 'gate.json');
  await writeFile(path, JSON.stringify(gateDocument));
  return path;
}

/** A bundle that was made under another policy. */
async function bundleFile(world: World, asked: PolicyCase): Promise<string> {
  const path = join(world.folder, `${asked.tag}.bundle.tar`);
  const made = await runTool(world, anySigner, 'bundle', 'create', '--output', path, referenceOf(world, asked));
  expect(made.code, made.text).toBe(0);
  await writeFile(join(world.folder, 'trustpolicy.oci.json'), JSON.stringify(asked.document));
  return path;
}

/** What an audit under another policy has recorded. */
async function recordFile(world: World): Promise<string> {
  const path = join(world.folder, `${world.empty().name.replaceAll(/\W/g, '-')}.jsonl`);
  const made = await runTool(world, anySigner, 'audit', '--record', path, world.repository.name);
  expect([0, 1], made.text).toContain(made.code);
  return path;
}

const noRepository = { ...documentsOnly, abort: documentsOnly.progress };
const policyFile = ({ folder }: World): string => join(folder, 'policy.json');

/** A gate selects the statement by the name that its policy gives. */
const byGate = (...command: readonly string[]): Judge => ({
  ...judged(async (world, { tag }) => {
    const policy = await fileIn(world, 'summary.json', summaryDocument);
    return [...command, '--gate-policy', policy, await scratch(world, tag)];
  }, false),
  selects: 'name',
});
const noPolicy = { 'plain policy': notes.signs, 'extended policy': notes.signs };

export const commandRows: readonly VerbRow[] = [
  { verb: 'notarykit sign', cells: noPolicy },
  { verb: 'notarykit verify', policy: judged((world, asked) => ['verify', referenceOf(world, asked)], true) },
  {
    verb: 'notarykit audit',
    policy: {
      selects: 'scope',
      reports: false,
      async judge(world, { document, tag }) {
        const { text } = await runTool(world, document, 'audit', '--json', world.repository.name);
        const { results } = JSON.parse(text) as { results: { tags: string[]; verdict: string; problem?: object }[] };
        const found = results.find(({ tags }) => tags.includes(tag));
        return { verdict: found?.verdict === 'trusted' ? 'trusted' : 'refused', explanation: JSON.stringify(found) };
      },
    },
  },
  {
    verb: 'notarykit copy --verify',
    policy: judged(
      (world, asked) => ['copy', '--verify', referenceOf(world, asked), `${world.empty().name}:v1`],
      false,
    ),
  },
  {
    verb: 'notarykit promote',
    policy: judged(
      async (world, asked) => [
        ...['promote', '--key', 'vendor', '--kind', 'vendor', '--gate-policy', await gateFile(world)],
        ...[referenceOf(world, asked), `${world.empty().name}:v1`],
      ],
      false,
    ),
  },
  { verb: 'notarykit gate', policy: byGate('gate') },
  { verb: 'notarykit summary attest', policy: byGate('summary', 'attest') },
  { verb: 'notarykit summary revoke', cells: noPolicy },
  {
    verb: 'notarykit base-images',
    policy: judged(async (world, asked) => {
      return ['base-images', await fileIn(world, 'Dockerfile', `FROM ${referenceOf(world, asked)}\n`)];
    }, false),
  },
  {
    verb: 'notarykit bundle create',
    policy: judged(
      (world, asked) => ['bundle', 'create', '--output', join(world.folder, 'made.tar'), referenceOf(world, asked)],
      false,
    ),
  },
  {
    verb: 'notarykit bundle verify',
    policy: judged(
      async (world, asked) => ['bundle', 'verify', '--other-policy', await bundleFile(world, asked)],
      true,
    ),
  },
  {
    verb: 'notarykit policy simulate',
    policy: {
      selects: 'scope',
      reports: false,
      async judge(world, { document, tag }) {
        const path = await recordFile(world);
        const { text } = await runTool(world, document, 'policy', 'simulate', '--json', path);
        const { outcomes } = JSON.parse(text) as { outcomes: { tags: string[]; after: string }[] };
        const found = outcomes.find(({ tags }) => tags.includes(tag));
        const explanation = found?.after === 'noStatement' ? 'no statement' : JSON.stringify(found);
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
        (world) => ['policy', 'diff', policyFile(world)],
        () => 'both mean the same',
      ),
      ...noRepository,
    },
  },
  {
    verb: 'notarykit policy import',
    cells: {
      ...bothKinds(
        (world) => ['policy', 'import', '--force', policyFile(world)],
        () => 'wrote ',
      ),
      ...noRepository,
    },
  },
  { verb: 'notarykit policy add', cells: { ...editing, ...noRepository } },
  { verb: 'notarykit policy change', cells: { ...editing, ...noRepository } },
  { verb: 'notarykit policy remove', cells: { ...editing, ...noRepository } },
];
