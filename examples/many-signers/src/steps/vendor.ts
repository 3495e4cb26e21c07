import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packArtifact } from '@notarykit/artifact-graph';
import { fileLayer } from '@notarykit/artifact-graph/node';
import { utf8 } from '@notarykit/common';
import { openLayout } from '@notarykit/registry-client/node';
import { copy, sign, signFile } from 'notarykit';
import type { Setup } from './setup.js';

/** Offline: the vendor packs and signs in a layout on disk, where there is no registry and no network. */
export async function signOffline({ vendor }: Setup, folder: string) {
  const layout = await openLayout(join(folder, 'layout'), { create: true });
  const layers = [{ mediaType: 'text/plain', content: utf8('net-monitor 1.0.0') }];
  await packArtifact(layout, { artifactType: 'application/vnd.wabbit.net-monitor', layers, tags: ['v1'] });
  const { artifact } = await sign(layout, 'v1', { signer: vendor.signer, kind: 'vendor' });
  return { layout, artifact };
}

/** A whole folder becomes one layer of an artifact that refers to `net-monitor`, and is signed in the same call. */
export async function signDocumentation(
  { vendor }: Setup,
  { layout, artifact }: Awaited<ReturnType<typeof signOffline>>,
  folder: string,
) {
  const docs = join(folder, 'docs');
  await mkdir(join(docs, 'guide'), { recursive: true });
  await writeFile(join(docs, 'README.md'), '# net-monitor\n');
  await writeFile(join(docs, 'guide', 'start.md'), 'Start it.\n');
  return await signFile(layout, {
    files: [await fileLayer(docs)],
    subject: artifact,
    artifactType: 'application/vnd.wabbit.documentation',
    signer: vendor.signer,
    kind: 'vendor',
  });
}

/** Once there is a network, everything goes to the hub as it is. */
export async function upload({ hubRepository }: Setup, { layout }: Awaited<ReturnType<typeof signOffline>>) {
  return await copy(layout, hubRepository, { reference: 'v1' });
}
