import { chmod, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copy, sign } from 'notarykit';
import { expect } from 'vitest';
import { pluginScript } from '../../../plugin/hostile.js';
import { type Ran, runToolIn } from '../../command-line.js';
import { fileIn, newPath, scratch, summaryDocument } from '../../commands/networked.js';
import { anySigner } from '../../rows/verbs.js';
import type { Call, Column } from '../../table.js';
import type { World } from '../../world.js';

/** Trusts whom the plugin trusts; the statement is that of the gate policies of the table. */
const document = { ...anySigner, trustPolicies: anySigner.trustPolicies.map((one) => ({ ...one, name: 'images' })) };

/** Beside the folder of notation, since other commands of the table have no plugins. */
const libexecOf = ({ folder }: World): string => join(folder, 'libexec');

const runTool = (world: World, ...words: readonly string[]): Promise<Ran> =>
  runToolIn(world, { document, libexec: libexecOf(world) }, ...words);

async function install(world: World, name: string, program: string): Promise<string> {
  const place = join(libexecOf(world), 'plugins', name);
  await mkdir(place, { recursive: true });
  await writeFile(join(place, `notation-${name}`), program);
  await chmod(join(place, `notation-${name}`), 0o755);
  return place;
}

/** Says yes where its configuration says so, or a file beside it does. */
const verifier = `#!/bin/sh
asked=
while read -r line || [ -n "$line" ]; do asked="$asked$line"; done
if [ "$1" = get-plugin-metadata ]; then
  printf '{"name":"asked","description":"d","version":"1.0.0","url":"u","supportedContractVersions":["1.0"],'
  printf '"capabilities":["SIGNATURE_VERIFIER.TRUSTED_IDENTITY"]}'
  exit
fi
answer=false
case "$asked" in *'"answer":"yes"'*) answer=true ;; esac
[ ! -f "\${0%/*}/yes" ] || answer=true
printf '{"verificationResults":{"SIGNATURE_VERIFIER.TRUSTED_IDENTITY":{"success":%s,"reason":"as it was told"}},' "$answer"
printf '"processedAttributes":[]}'
`;

/** A signed image whose signature names the plugin. */
async function pluggedImage(world: World): Promise<string> {
  await install(world, 'asked', verifier);
  const target = world.empty();
  await copy(world.repository, target, { reference: 'both', tag: 'v1', referrers: false });
  await sign(target, 'v1', { signer: world.vendor, verificationPlugin: 'asked' });
  return `${target.name}:v1`;
}

/** The words of a command that verifies an image. */
type Words = (world: World, image: string) => Promise<readonly string[]> | readonly string[];

/** The plugin that the signature names decides, by what the command line tells it. */
const told =
  (words: Words, no = 1): Call =>
  async (world) => {
    const image = await pluggedImage(world);
    const run = async (...more: readonly string[]) => await runTool(world, ...(await words(world, image)), ...more);
    expect(await run('--plugin-config', 'answer=yes')).toMatchObject({ code: 0 });
    expect(await run()).toMatchObject({ code: no });
  };

/** The plugin that the signature names decides; where a plugin may sign, too, the command line tells that one. */
const asked =
  (words: Words): Call =>
  async (world) => {
    const image = await pluggedImage(world);
    const yes = join(libexecOf(world), 'plugins/asked/yes');
    const run = async () => await runTool(world, ...(await words(world, image)));
    expect(await run()).toMatchObject({ code: 1 });
    await writeFile(yes, '');
    try {
      expect(await run()).toMatchObject({ code: 0 });
    } finally {
      await rm(yes);
    }
  };

/** The plugin that the command line names signs. */
const signing =
  (words: Words): Call =>
  async (world) => {
    const signed = newPath(world, 'signed');
    const leaf = { privateKeyPem: world.keyPem, pem: world.chainPem };
    const mark = `change('generate-signature', () => { fs.writeFileSync(${JSON.stringify(signed)}, ''); return {}; });
change('generate-envelope', () => { fs.writeFileSync(${JSON.stringify(signed)}, ''); return {}; });`;
    await install(world, 'signs', `#!${process.execPath}\n${pluginScript('signs', leaf, mark)}`);
    const typed = await words(world, await scratch(world));
    expect(await runTool(world, ...typed, '--plugin', 'signs', '--id', 'any')).toMatchObject({ code: 0 });
    expect((await stat(signed)).isFile()).toBe(true);
  };

const gated =
  (...command: readonly string[]): Words =>
  async (world, image) => [...command, '--gate-policy', await fileIn(world, 'summary.json', summaryDocument), image];

export const pluginsOfCommands: Column = {
  ability: 'plugins',
  cells: {
    'notarykit verify': told((_, image) => ['verify', image]),
    'notarykit audit': told((_, image) => ['audit', '--platforms', 'index', image]),
    'notarykit copy --verify': told((world, image) => ['copy', '--verify', image, `${world.empty().name}:v1`]),
    'notarykit bundle create': told((world, image) => ['bundle', 'create', '--output', newPath(world, 'tar'), image]),
    'notarykit bundle verify': told(async (world, image) => {
      const path = newPath(world, 'tar');
      const made = ['bundle', 'create', '--plugin-config', 'answer=yes', '--output', path, image];
      expect(await runTool(world, ...made)).toMatchObject({ code: 0 });
      return ['bundle', 'verify', path];
    }),
    'notarykit policy simulate': told(async (world, image) => {
      const path = newPath(world, 'jsonl');
      const options = ['--platforms', 'index', '--plugin-config', 'answer=yes', '--record', path];
      expect(await runTool(world, 'audit', ...options, image)).toMatchObject({ code: 0 });
      return ['policy', 'simulate', path];
    }),
    'notarykit base-images': told(async (world, image) => [
      'base-images',
      await fileIn(world, 'Dockerfile', `FROM ${image}\n`),
    ]),
    'notarykit gate': told(gated('gate')),
    'notarykit promote': asked(async (world, image) => {
      return [...(await gated('promote')(world, image)), `${world.empty().name}:v1`];
    }),
    'notarykit summary attest': asked(gated('summary', 'attest')),
    'notarykit summary revoke': signing(gated('summary', 'revoke')),
    'notarykit sign': signing((_, image) => ['sign', image]),
  },
};
