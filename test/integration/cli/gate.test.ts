import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packArtifact } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import { mediaTypes } from '@notarykit/oci';
import { beforeAll, expect, it } from 'vitest';
import { runProgram } from '../../support/run-program.js';
import { cliDesk, cliTool } from './desk.js';

const policy = `version: '1.0'
name: production
signers: { build: { trustPolicy: wabbit-networks } }
image: { signedBy: [build] }
summary: { signedBy: [build], verifiers: ['https://gate.test'], maxAge: 1h }
output: { verifierId: 'https://gate.test' }
`;

const tool = cliTool();
const desk = cliDesk();
let image: string;
beforeAll(async () => {
  await copyFile(join(desk.folder, 'narrower.json'), join(desk.folder, 'notation/trustpolicy.json'));
  await writeFile(join(desk.folder, 'verified.yaml'), policy);
  image = `${desk.host}/net-monitor:gated`;
  await packArtifact(desk.repository, {
    config: { mediaType: mediaTypes.imageConfig, content: utf8('{"os":"linux","architecture":"amd64"}') },
    layers: [{ mediaType: mediaTypes.imageLayerGzip, content: utf8('gated') }],
    tags: ['gated'],
  });
});

const run = (...words: string[]) => runProgram(tool.path, words, { cwd: desk.folder, env: desk.env });
const gate = (...more: string[]) => run('gate', '--json', '--gate-policy', 'verified.yaml', ...more, image);
const proofOf = ({ stdout }: { readonly stdout: string }): unknown =>
  (JSON.parse(stdout) as { readonly proof: { readonly by: string } }).proof.by;

it('decides by the evidence, makes a summary, decides by it, and revokes it', async () => {
  expect(await gate()).toMatchObject({ code: 1 });
  expect(await run('sign', image)).toMatchObject({ code: 0 });
  const whole = await gate();
  expect([whole.code, proofOf(whole)]).toEqual([0, 'evidence']);
  const made = await run('summary', 'attest', '--json', '--gate-policy', 'verified.yaml', image);
  expect(made).toMatchObject({ code: 0 });
  const { summary } = JSON.parse(made.stdout) as { readonly summary: string };
  const short = await gate();
  expect([short.code, proofOf(short)]).toEqual([0, 'summary']);
  expect((await run('gate', '--gate-policy', 'verified.yaml', image)).stdout).toContain(
    `verification summary ${summary} of https://gate.test`,
  );
  expect(proofOf(await gate('--revoked-summary', summary))).toBe('evidence');
  expect(await run('summary', 'revoke', '--gate-policy', 'verified.yaml', image)).toMatchObject({ code: 0 });
  expect(proofOf(await gate())).toBe('evidence');
});

it('refuses a mistyped digest', async () => {
  const { code, stdout } = await gate('--revoked-summary', 'sha256:1');
  expect([code, stdout]).toEqual([2, expect.stringContaining('--revoked-summary')]);
});
