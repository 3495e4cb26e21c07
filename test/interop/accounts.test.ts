import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Credential } from '@notarykit/registry-client';
import { dockerCredentials } from '@notarykit/registry-client/node';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseDockerConfig } from '../../packages/registry-client/src/node/credentials/docker-config.js';
import { type AccountQuestion, randomAccountQuestion, realForms } from './support/account-files.js';
import { type Asked, askGo, startGo } from './support/go-configs.js';
import { createChoices } from './support/random.js';

type Program = 'docker' | 'podman';

beforeAll(startGo);

/** An account in one line: what is empty is not there. */
const show = (...members: readonly (string | undefined)[]): string => JSON.stringify(members.map((each) => each ?? ''));
const nobody = show('', '', '', '');

const shown = (found: Credential | undefined): string =>
  show(found?.username, found?.password, found?.refreshToken, found?.accessToken);
const theirs = ({ username, password, identity, token, error }: Asked): string =>
  error === undefined ? show(username, password, identity, token) : 'error';

function ask(program: Program, questions: readonly AccountQuestion[]): Promise<readonly Asked[]> {
  return askGo(
    questions.map(({ text, registry, repository }) => ({
      [program]: { text, name: program === 'docker' ? registry : `${registry}/${repository}` },
    })),
  );
}

function ours(program: Program, { text, registry, repository }: AccountQuestion): string {
  try {
    const config = parseDockerConfig(new TextEncoder().encode(text), 'the file', program);
    return shown(program === 'docker' ? config.entry(registry) : config.entry(registry, repository));
  } catch (error) {
    expect(error).toMatchObject({ code: 'ERR_REGISTRY_UNAUTHORIZED' });
    return 'error';
  }
}

function compare(program: Program, questions: readonly AccountQuestion[], answers: readonly Asked[]) {
  const differences: object[] = [];
  const counts = { equal: 0, nobody: 0, refusedHere: 0, refusedThere: 0 };
  for (const [i, question] of questions.entries()) {
    const [go, notarykit] = [theirs(answers[i] as Asked), ours(program, question)];
    // Docker reads no file that has one unreadable entry: the others are there all the same.
    if (go === 'error') counts.refusedThere++;
    else if (notarykit === 'error') counts.refusedHere++;
    else if (go !== notarykit) differences.push({ ...question, go, notarykit });
    else counts[go === nobody ? 'nobody' : 'equal']++;
  }
  return { differences, counts };
}

describe.each<Program>(['docker', 'podman'])('accounts-%s', (program) => {
  const seed = Number(process.env['NOTARYKIT_SEED'] ?? 20261129);

  it.each(Object.entries(realForms))('finds the account that the program finds: %s', async (name, question) => {
    const { differences, counts } = compare(program, [question], await ask(program, [question]));
    expect(differences).toEqual([]);
    // What the program takes is taken, but for a file in which it finds nobody by overlooking an error.
    if (counts.refusedHere === 1) expect(name).toBe('no colon');
  });

  it(`finds the accounts that the program finds in 4,000 files made from the seed ${seed}`, async () => {
    const choices = createChoices(seed);
    const questions = Array.from({ length: 4000 }, () => randomAccountQuestion(choices));
    const { differences, counts } = compare(program, questions, await ask(program, questions));
    expect(differences).toEqual([]);
    expect(counts.equal).toBeGreaterThan(700);
    expect(counts.nobody).toBeGreaterThan(300);
    expect(counts.refusedHere).toBeLessThan(counts.equal);
  });

  it('reads the file through the provider as well', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'accounts-'));
    const configFile = join(folder, 'auth.json');
    try {
      for (const question of Object.values(realForms)) {
        const [answer] = await ask(program, [question]);
        await writeFile(configFile, question.text);
        const options = program === 'docker' ? {} : { podman: true, repository: question.repository };
        const found = dockerCredentials({ configFile, env: {}, ...options }).get({ registry: question.registry });
        const account = await found.then(shown, () => 'error');
        if (account !== 'error' && answer?.error === undefined) expect(account).toBe(theirs(answer as Asked));
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
