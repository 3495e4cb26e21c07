import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copy } from 'notarykit';
import { plainCases } from '../policies.js';
import { gateDocument } from '../rows/verbs.js';
import type { Setup, Tag } from '../setup.js';

/** The verifier of the summaries of the table. */
export const verifierId = 'https://gate.test';

/** The gate policy of the table, which also makes summaries and accepts them. */
export const summaryDocument = {
  ...gateDocument,
  summary: { signedBy: ['build'], verifiers: [verifierId], maxAge: '1h' },
  output: { ...gateDocument.output, verifierId },
};

/** The trust policy under which every command of the table succeeds. */
export function trustedDocument(setup: Setup): object {
  const [trusted] = plainCases(setup);
  if (trusted === undefined) throw new Error('there are no cases');
  return trusted.document;
}

/** Writes a file into the folder of the setup; gives its path. */
export async function fileIn({ folder }: Setup, name: string, content: object | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

/** An image of the setup in its own repository, to which a command may attach what it likes. */
export async function scratch({ repository, empty }: Setup, reference: Tag = 'both'): Promise<string> {
  const target = empty();
  await copy(repository, target, { reference, tag: 'v1' });
  return `${target.name}:v1`;
}

/** A path in the folder of the setup at which nothing is yet. */
export function newPath({ folder, empty }: Pick<Setup, 'folder' | 'empty'>, kind: string): string {
  return join(folder, `${empty().name.replaceAll(/\W/g, '-')}.${kind}`);
}

/** What is typed, for an artifact that the command may change. */
type Words = (setup: Setup, artifact: string) => Promise<readonly string[]>;

/** A new target for what is copied. */
const target = ({ empty }: Setup): string => `${empty().name}:v1`;

const gated =
  (...command: readonly string[]): Words =>
  async (setup, artifact) => [
    ...command,
    '--gate-policy',
    await fileIn(setup, 'summary.json', summaryDocument),
    artifact,
  ];

/** Commands that ask a network, with what is typed so that they succeed under {@link trustedDocument}. */
export const networked: Readonly<Record<string, Words>> = {
  'notarykit sign': async (_, artifact) => ['sign', artifact],
  'notarykit verify': async ({ repository }) => ['verify', `${repository.name}:both`],
  'notarykit audit': async ({ repository }) => ['audit', '--platforms', 'index', `${repository.name}:both`],
  'notarykit copy --verify': async (setup) => ['copy', '--verify', `${setup.repository.name}:both`, target(setup)],
  'notarykit promote': async (setup) => {
    const options = ['--kind', 'vendor', '--gate-policy', await fileIn(setup, 'gate.json', gateDocument)];
    return ['promote', ...options, `${setup.repository.name}:both`, target(setup)];
  },
  'notarykit bundle create': async (setup) => {
    return ['bundle', 'create', '--output', newPath(setup, 'tar'), `${setup.repository.name}:both`];
  },
  'notarykit base-images': async (setup) => {
    return ['base-images', await fileIn(setup, 'Dockerfile', `FROM ${setup.repository.name}:both\n`)];
  },
  'notarykit gate': gated('gate'),
  'notarykit summary attest': gated('summary', 'attest'),
  'notarykit summary revoke': gated('summary', 'revoke'),
};
