import { resolve } from 'node:path';
import { decodeUtf8, defined } from '@notarykit/common/internal';
import {
  buildSourcePolicy,
  type DockerfileOptions,
  pinDockerfile,
  type VerifiedBaseImage,
  verifiedDigests,
  verifyBaseImages,
} from 'notarykit/internal';
import { type Arguments, type Command, UsageError } from '../shell/command.js';
import { readParsed, writeFiles } from '../shell/files.js';
import { judgingOptions, readJudging } from '../shell/judging.js';
import { mirrorOptions, mirrorsOf } from '../shell/mirrors.js';
import { clientCertificateOptions, networkOptions, readNetwork } from '../shell/network.js';
import { readPairs } from '../shell/pairs.js';
import { plainHttpOptions, readPlainHttp } from '../shell/plain-http.js';
import { readPlatforms, verifiedPlatforms } from '../shell/platforms.js';
import { withProgress } from '../shell/progress.js';
import { revocationNetwork, revocationOptions } from '../shell/revocation.js';
import { openTarget } from '../shell/target.js';
import { readTrust } from '../shell/trust.js';

export const baseImagesCommand: Command = {
  usage: 'base-images <dockerfile>',
  summary: 'Verify every image that a Dockerfile builds upon, and write what to build with instead of their tags',
  options: {
    'pinned-dockerfile': { type: 'string', value: 'path', help: 'write the Dockerfile with the verified digests' },
    'source-policy': {
      type: 'string',
      value: 'path',
      help: "write BuildKit's source policy, with which it uses the verified images and no others",
    },
    digests: { type: 'string', value: 'path', help: 'write the verified digests, for "gate --base-images"' },
    force: { type: 'boolean', help: 'replace files that are there' },
    target: { type: 'string', value: 'stage', help: 'the stage that is built; default: the last one' },
    'build-arg': { type: 'string', value: 'name=value', multiple: true, help: 'build argument, as the build gets it' },
    'build-context': {
      type: 'string',
      value: 'name=value',
      multiple: true,
      help: 'named build context, such as base=docker-image://registry.example.com/base:v1',
    },
    platform: { type: 'string', value: 'os/arch', help: 'platform of the build, such as linux/amd64' },
    'all-stages': { type: 'boolean', help: 'also the images of stages that the build does not need' },
    ...verifiedPlatforms,
    ...judgingOptions,
    ...revocationOptions,
    ...mirrorOptions,
    ...plainHttpOptions,
    ...networkOptions,
    ...clientCertificateOptions,
  },
  examples: [
    'base-images Dockerfile',
    'base-images --pinned-dockerfile Dockerfile.pinned --source-policy source-policy.json --digests base-images.json Dockerfile',
  ],
  async run(args, terminal, call) {
    const [path = ''] = args.positionals;
    checkOutputs(args);
    const dockerfile = await readParsed(path, decodeUtf8);
    const network = await readNetwork(args);
    const place = { layout: false, plainHttp: readPlainHttp(args), network, ...mirrorsOf(args) };
    const build = readBuild(args);
    const images = await verifyBaseImages(dockerfile, {
      ...call,
      ...build,
      ...readPlatforms(args),
      trust: { ...(await readTrust(revocationNetwork(args, network))), ...readJudging(args) },
      open: async ({ registry, repository }) =>
        withProgress((await openTarget(`${registry}/${repository}`, place)).repository, terminal),
    });
    const digests = verifiedDigests(images);
    const files = new Map([
      ...output(args, 'pinned-dockerfile', () => pinDockerfile(dockerfile, images, build)),
      ...output(args, 'source-policy', () => json(buildSourcePolicy(images))),
      ...output(args, 'digests', () => json(digests)),
    ]);
    await writeFiles(files, args.flag('force'));
    const lines = [...images.map(line), ...[...files.keys()].map((file) => `wrote ${file}`)];
    const title = images.length === 0 ? `${path} builds upon no image` : `Trusted: what ${path} builds upon`;
    terminal.result({ images: images.map(plain), digests, files: [...files.keys()] }, [title, ...lines].join('\n'));
    return 0;
  },
};

function readBuild(args: Arguments): DockerfileOptions {
  const [target, platform] = [args.text('target'), args.text('platform')];
  return {
    buildArgs: readPairs(args, 'build-arg'),
    contexts: readPairs(args, 'build-context'),
    ...defined({ target, platform }),
    ...(args.flag('all-stages') ? { stages: 'all' } : {}),
  };
}

/** @throws {UsageError} for two options that name one file: the later would replace what the earlier wrote */
function checkOutputs(args: Arguments): void {
  const options = ['pinned-dockerfile', 'source-policy', 'digests'];
  const named = new Map<string, string>();
  for (const option of options) {
    const path = args.text(option);
    if (path === undefined) continue;
    const other = named.get(resolve(path));
    if (other !== undefined) throw new UsageError(`--${other} and --${option} name the same file, ${path}`);
    named.set(resolve(path), option);
  }
}

/** A file with its text, where the option asks for it. */
function output(args: Arguments, option: string, text: () => string): readonly (readonly [string, string])[] {
  const path = args.text(option);
  return path === undefined ? [] : [[path, text()]];
}

const json = (value: object): string => `${JSON.stringify(value, undefined, 2)}\n`;

const line = ({ line: number, reference, verdict }: VerifiedBaseImage): string =>
  `line ${number}: ${reference}, ${verdict.digest}`;

const plain = ({ verdict, ...image }: VerifiedBaseImage): object => ({ ...image, digest: verdict.digest });
