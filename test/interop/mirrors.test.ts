import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { hostsToml, type PullSource, registriesConf } from '@notarykit/registry-client/node';
import { beforeAll, describe, expect, it } from 'vitest';
import { peer } from '../../scripts/peers.mjs';
import {
  hostsForms,
  type MirrorQuestion,
  randomHosts,
  randomRegistries,
  registriesForms,
} from './support/mirror-files.js';
import { succeed } from './support/program.js';
import { createChoices } from './support/random.js';

type Format = 'registries' | 'hosts';

interface Answer {
  readonly places:
    | readonly {
        name: string;
        insecure?: boolean;
        scheme?: string;
        upstream?: string;
        pull: boolean;
        referrers?: boolean;
      }[]
    | null;
  readonly blocked?: boolean;
  readonly error?: string;
}

let program: string;
beforeAll(async () => {
  program = await peer('go-mirrors');
});

async function askGo(format: Format, questions: readonly MirrorQuestion[]): Promise<readonly string[]> {
  const input = questions.map((question) => JSON.stringify({ [format]: question })).join('\n');
  const lines = (await succeed(program, [], { input })).trim().split('\n');
  return lines.map((line) => theirs(format, JSON.parse(line) as Answer));
}

/** The places of a digest in one text. What answers for tags is the last one. */
function theirs(format: Format, { places, blocked, error }: Answer): string {
  if (error !== undefined) return 'error';
  if (blocked === true) return 'blocked';
  return JSON.stringify(
    (places ?? [])
      .filter(({ pull }, i, all) => pull || i === all.length - 1)
      .map(({ name, insecure = false, scheme = '', upstream = '', referrers = false }, i, all) => [
        name,
        format === 'registries' ? insecure : scheme,
        upstream,
        // The origin is asked for referrers whatever it is said to be capable of.
        format === 'hosts' && i < all.length - 1 ? referrers : '',
      ]),
  );
}

async function ours(format: Format, { text, name, files = {} }: MirrorQuestion): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mirrors-'));
  const main = format === 'registries' ? 'registries.conf' : '_default/hosts.toml';
  const written = Object.entries(files).map(([file, value]) => [`more/${file}`, value] as const);
  try {
    for (const [file, value] of [[main, text] as const, ...written]) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), value);
    }
    const directories = [written.length === 0 ? folder : join(folder, 'more')];
    const configuration =
      format === 'registries'
        ? registriesConf({ file: join(folder, main), directory: join(folder, 'more'), env: {} })
        : hostsToml({ directories });
    const { origin, mirrors } = await configuration.sourcesOf(name);
    return JSON.stringify([...mirrors.map((place) => shown(format, place, true)), shown(format, origin, false)]);
  } catch (error) {
    expect(error).toMatchObject({ code: expect.stringMatching(/^ERR_REGISTRY_(CONFIGURATION|BLOCKED)$/) });
    return (error as { code: string }).code === 'ERR_REGISTRY_BLOCKED' ? 'blocked' : 'error';
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function shown(format: Format, place: PullSource, mirror: boolean): readonly (string | boolean)[] {
  const { registry, repository, apiPath = '/v2', plainHttp, upstream = '', withoutReferrers = false } = place;
  if (format === 'registries') return [`${registry}/${repository}`, plainHttp === 'allowed', upstream, ''];
  const host = registry === 'docker.io' ? 'registry-1.docker.io' : registry;
  const scheme = plainHttp === 'required' ? 'http' : 'https';
  return [`${host}${apiPath}/${repository}`, scheme, upstream, mirror ? !withoutReferrers : ''];
}

async function compare(format: Format, questions: readonly MirrorQuestion[]) {
  const answers = await askGo(format, questions);
  const differences: object[] = [];
  const counts = { equal: 0, blocked: 0, refusedHere: 0, refusedThere: 0 };
  for (const [i, question] of questions.entries()) {
    const [go, notarykit] = [answers[i] as string, await ours(format, question)];
    if (go === notarykit) counts[go === 'blocked' ? 'blocked' : go === 'error' ? 'refusedThere' : 'equal']++;
    else if (notarykit === 'error') counts.refusedHere++;
    else differences.push({ ...question, go, notarykit });
  }
  return { differences, counts };
}

/** What the program takes or overlooks, and what is an error here. */
const stricter: readonly string[] = ['not TOML', 'unknown capability', 'location with a tag'];

describe.each<[Format, typeof registriesForms, typeof randomHosts]>([
  ['registries', registriesForms, randomRegistries],
  ['hosts', hostsForms, randomHosts],
])('mirrors-%s', (format, forms, random) => {
  const seed = Number(process.env['NOTARYKIT_SEED'] ?? 20261130);

  it.each(Object.entries(forms))('finds the places that the program finds: %s', async (name, question) => {
    const { differences, counts } = await compare(format, [question]);
    expect(differences).toEqual([]);
    expect([name, counts.refusedHere]).toEqual([name, stricter.includes(name) ? 1 : 0]);
  });

  it(`finds the places that the program finds in 2,000 files made from the seed ${seed}`, async () => {
    const choices = createChoices(seed);
    const { differences, counts } = await compare(
      format,
      Array.from({ length: 2000 }, () => random(choices)),
    );
    expect(differences.slice(0, 5)).toEqual([]);
    expect(counts.equal).toBeGreaterThan(500);
    expect(counts.refusedHere).toBeLessThan(counts.equal);
  });
});
