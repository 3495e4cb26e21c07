import { buildSourcePolicy, parseBaseImages, pinDockerfile, type VerifiedBaseImage } from 'notarykit';
import { beforeAll, describe, expect, it } from 'vitest';
import { peer } from '../../scripts/peers.mjs';
import { realForms } from './support/dockerfile-forms.js';
import { type Build, createRandom, randomBuild } from './support/dockerfiles.js';
import { succeed } from './support/program.js';

/** What BuildKit's own frontend uses, or why it refuses the file. */
interface Answer {
  readonly images: readonly string[] | null;
  readonly error?: string;
}

let program: string;

beforeAll(async () => {
  program = await peer('buildkit-dockerfile');
});

async function ask(builds: readonly object[]): Promise<readonly Answer[]> {
  const output = await succeed(program, [], { input: builds.map((build) => JSON.stringify(build)).join('\n') });
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
}

/** Our images; `undefined` where the file is refused or an image cannot be named, which `verifyBaseImages` refuses as well. */
function ours({ text, target, ...options }: Build): readonly string[] | undefined {
  try {
    const images = parseBaseImages(text, target === '' ? options : { ...options, target });
    const references = images.map(({ reference }) => reference);
    return references.includes(undefined) ? undefined : [...new Set(references as string[])].sort();
  } catch (error) {
    expect(error).toMatchObject({ code: 'ERR_NOTARYKIT_DOCKERFILE' });
    return undefined;
  }
}

interface Difference extends Build {
  readonly buildkit: readonly string[];
  readonly notarykit: readonly string[];
}

function compare(builds: readonly Build[], answers: readonly Answer[]) {
  const differences: Difference[] = [];
  const counts = { equal: 0, refusedHere: 0, refusedByBuildkit: 0 };
  for (const [i, build] of builds.entries()) {
    const { error, images } = answers[i] as Answer;
    const notarykit = ours(build);
    if (error !== undefined) counts.refusedByBuildkit++;
    else if (notarykit === undefined) counts.refusedHere++;
    else if (JSON.stringify(notarykit) === JSON.stringify(images)) counts.equal++;
    else differences.push({ ...build, buildkit: images ?? [], notarykit });
  }
  return { differences, counts };
}

const platform = 'linux/amd64';
/** The forms whose images all have a name without a digest. */
const pinnable = Object.entries(realForms).filter(([, text]) => {
  const references = ours({ text, buildArgs: {}, target: '', platform }) ?? ['@'];
  return references.every((reference) => !reference.includes('@'));
});

describe('dockerfile-buildkit', () => {
  const seed = Number(process.env['NOTARYKIT_SEED'] ?? 20261129);

  it.each(Object.entries(realForms))('sees the images that BuildKit uses: %s', async (_, text) => {
    const build = { text, buildArgs: {}, target: '', platform: 'linux/amd64' };
    const [answer] = await ask([build]);
    expect(answer?.error).toBeUndefined();
    expect(ours(build)).toEqual(answer?.images);
  });

  it('most forms can be pinned', () => {
    expect(pinnable.length).toBeGreaterThan(Object.keys(realForms).length / 2);
  });

  it.each(pinnable)('BuildKit uses what was verified: %s', async (_, text) => {
    const digest = `sha256:${'d'.repeat(64)}`;
    const images = parseBaseImages(text, { platform }).map((one) => ({ ...one, verdict: { digest } }));
    const references = [...new Set(images.map(({ reference }) => reference))].sort();
    const pinned = references.map((reference) => `${reference}@${digest}`);
    const pinnedText = pinDockerfile(text, images as VerifiedBaseImage[], { platform });
    const [built] = await ask([{ text: pinnedText, buildArgs: {}, target: '', platform }]);
    expect(built?.images).toEqual([...pinned].sort());
    // The same by a source policy: the file as it is, and nothing else.
    const sources = [...references, ...pinned, 'docker.io/library/other:1'].map((name) => `docker-image://${name}`);
    const [answer] = await ask([{ policy: buildSourcePolicy(images as VerifiedBaseImage[]), sources }]);
    const used = pinned.map((name) => `docker-image://${name}`);
    expect(answer).toEqual({ images: [...used, ...used, ''] });
  });

  it(`sees the images that BuildKit uses in 4,000 files made from the seed ${seed}`, async () => {
    const random = createRandom(seed);
    const builds = Array.from({ length: 4000 }, () => randomBuild(random));
    const { differences, counts } = compare(builds, await ask(builds));

    expect(differences).toEqual([]);
    // The generator makes enough files that both read, and few that only BuildKit reads.
    expect(counts.equal).toBeGreaterThan(1000);
    expect(counts.refusedHere).toBeLessThan(counts.equal);
  });
});
