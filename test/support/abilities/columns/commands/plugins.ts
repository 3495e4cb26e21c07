import { chmod, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copy, sign } from 'notarykit';
import { expect } from 'vitest';
import { pluginScript } from '../../../plugin/hostile.js';
import { type Ran, runToolIn } from '../../command-line.js';
import { fileIn, newPath, scratch, summaryDocument } from '../../commands/networked.js';
import { anySigner } from '../../rows/verbs.js';
import type { Setup } from '../../setup.js';
import type { Call, Column } from '../../table.js';

/** Trusts whom the plugin trusts; the statement is that of the gate policies of the table. */
const document = { ...anySigner, trustPolicies: anySigner.trustPolicies.map((one) => ({ ...one, name: 'images' })) };

/** Beside the folder of notation, since other commands of the table have no plugins. */
const libexecOf = ({ folder }: Setup): string => join(folder, 'libexec');

const runTool = (setup: Setup, ...words: readonly string[]): Promise<Ran> =>
  runToolIn(setup, { document, libexec: libexecOf(setup) }, ...words);

async function install(setup: Setup, name: string, program: string): Promise<string> {
  const place = join(libexecOf(setup), 'plugins', name);
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
async function pluggedImage(setup: Setup): Promise<string> {
  await install(setup, 'asked', verifier);
  const target = setup.empty();
  await copy(setup.repository, target, { reference: 'both', tag: 'v1', referrers: false });
  await sign(target, 'v1', { signer: setup.vendor, verificationPlugin: 'asked' });
  return `${target.name}:v1`;
}

/** The words of a command that verifies an image. */
type Words = (setup: Setup, image: string) => Promise<readonly string[]> | readonly string[];

/** The plugin that the signature names decides, by what the command line tells it. */
const reported =
  (words: Words, no = 1): Call =>
  async (setup) => {
    const image = await pluggedImage(setup);
    const run = async (...more: readonly string[]) => await runTool(setup, ...(await words(setup, image)), ...more);
    expect(await run('--plugin-config', 'answer=yes')).toMatchObject({ code: 0 });
    expect(await run()).toMatchObject({ code: no });
  };

/** The plugin that the signature names decides; where a plugin may sign, too, the command line tells that one. */
const asked =
  (words: Words): Call =>
  async (setup) => {
    const image = await pluggedImage(setup);
    const yes = join(libexecOf(setup), 'plugins/asked/yes');
    const run = async () => await runTool(setup, ...(await words(setup, image)));
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
  async (setup) => {
    const signed = newPath(setup, 'signed');
    const leaf = { privateKeyPem: setup.keyPem, pem: setup.chainPem };
    const mark = `change('generate-signature', () => { fs.writeFileSync(${JSON.stringify(signed)}, ''); return {}; });
change('generate-envelope', () => { fs.writeFileSync(${JSON.stringify(signed)}, ''); return {}; });`;
    await install(setup, 'signs', `#!${process.execPath}\n${pluginScript('signs', leaf, mark)}`);
    const typed = await words(setup, await scratch(setup));
    expect(await runTool(setup, ...typed, '--plugin', 'signs', '--id', 'any')).toMatchObject({ code: 0 });
    expect((await stat(signed)).isFile()).toBe(true);
  };

const gated =
  (...command: readonly string[]): Words =>
  async (setup, image) => [...command, '--gate-policy', await fileIn(setup, 'summary.json', summaryDocument), image];

export const pluginsOfCommands: Column = {
  ability: 'plugins',
  cells: {
    'notarykit verify': reported((_, image) => ['verify', image]),
    'notarykit audit': reported((_, image) => ['audit', '--platforms', 'index', image]),
    'notarykit copy --verify': reported((setup, image) => ['copy', '--verify', image, `${setup.empty().name}:v1`]),
    'notarykit bundle create': reported((setup, image) => [
      'bundle',
      'create',
      '--output',
      newPath(setup, 'tar'),
      image,
    ]),
    'notarykit bundle verify': reported(async (setup, image) => {
      const path = newPath(setup, 'tar');
      const made = ['bundle', 'create', '--plugin-config', 'answer=yes', '--output', path, image];
      expect(await runTool(setup, ...made)).toMatchObject({ code: 0 });
      return ['bundle', 'verify', path];
    }),
    'notarykit policy simulate': reported(async (setup, image) => {
      const path = newPath(setup, 'jsonl');
      const options = ['--platforms', 'index', '--plugin-config', 'answer=yes', '--record', path];
      expect(await runTool(setup, 'audit', ...options, image)).toMatchObject({ code: 0 });
      return ['policy', 'simulate', path];
    }),
    'notarykit base-images': reported(async (setup, image) => [
      'base-images',
      await fileIn(setup, 'Dockerfile', `FROM ${image}\n`),
    ]),
    'notarykit gate': reported(gated('gate')),
    'notarykit promote': asked(async (setup, image) => {
      return [...(await gated('promote')(setup, image)), `${setup.empty().name}:v1`];
    }),
    'notarykit summary attest': asked(gated('summary', 'attest')),
    'notarykit summary revoke': signing(gated('summary', 'revoke')),
    'notarykit sign': signing((_, image) => ['sign', image]),
  },
};
