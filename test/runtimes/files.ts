// What a runtime must be able to do that has the modules of Node: files, layouts on disk, a server with TLS.
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAdmissionHandler } from '@notarykit/admission';
import { serveAdmission } from '@notarykit/admission/node';
import { copyGraph, packArtifact } from '@notarykit/artifact-graph';
import { fileLayer, titleOf, writeFiles } from '@notarykit/artifact-graph/node';
import { memoryRepository } from '@notarykit/oci';
import { openLayout } from '@notarykit/registry-client/node';
import { createAuthority } from '@notarykit/testing';
import { issueTlsCertificate } from '../support/tls-certificate.js';
import { codeOf, createSteps, type Outcomes } from './steps.js';

const artifactType = 'application/vnd.test.runtime';

/** Runs every step in the folder, which is empty. */
export async function files(folder: string): Promise<Outcomes> {
  const { outcomes, step } = createSteps();
  const tree = join(folder, 'tree');
  await mkdir(join(tree, 'sub', 'empty'), { recursive: true });
  await writeFile(
    join(tree, 'lines.txt'),
    Array.from({ length: 20_000 }, (_, i) => `line ${i % 997}, ${i}\n`).join(''),
  );
  await writeFile(
    join(tree, 'sub', 'numbers.bin'),
    Uint32Array.from({ length: 50_000 }, (_, i) => Math.imul(i, 2_654_435_761)),
  );
  await writeFile(join(tree, 'run.sh'), '#!/bin/sh\n', { mode: 0o755 });
  await step('digest of a directory', async () => (await fileLayer(tree)).descriptor.digest);
  await step('digest of a file', async () => (await fileLayer(join(tree, 'lines.txt'))).descriptor.digest);
  const packed = memoryRepository('registry.test/files');
  await step('written and read back', async () => {
    await packArtifact(packed, { artifactType, layers: [await fileLayer(tree)], tags: ['v1'] });
    const written = await writeFiles(packed, 'v1', { directory: join(folder, 'out'), name: titleOf });
    const [there, back] = [await fileLayer(tree), await fileLayer(join(folder, 'out', 'tree'))];
    return `${written.length} ${there.descriptor.digest === back.descriptor.digest}`;
  });
  await step('a name that leaves the folder', () =>
    codeOf(writeFiles(packed, 'v1', { directory: join(folder, 'out'), name: () => '../out-of-it' })),
  );
  await step('a link', async () => {
    await symlink('/etc/passwd', join(folder, 'link'));
    return await codeOf(fileLayer(join(folder, 'link')));
  });
  await step('layout on disk', async () => {
    const layout = await openLayout(join(folder, 'layout'), { create: true });
    await copyGraph(packed, layout, { reference: 'v1', tag: 'v1' });
    const again = await openLayout(join(folder, 'layout'));
    return (await again.resolve('v1')).digest === (await packed.resolve('v1')).digest;
  });
  await step('server with TLS', () => serve(folder));
  return outcomes;
}

/** A webhook that demands client certificates reads its files anew. */
async function serve(folder: string): Promise<string> {
  const authority = await createAuthority({ name: 'Cluster' });
  const put = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  const server = await issueTlsCertificate(authority, ['localhost']);
  const tls = {
    certFile: await put('tls.crt', server.pem),
    keyFile: await put('tls.key', server.privateKeyPem),
    clientCaFile: await put('clients.pem', authority.root.pem),
  };
  const handler = createAdmissionHandler({
    review: { verify: async () => ({ verdict: 'refused' as const, code: 'NO', message: 'no' }) },
  });
  const webhook = await serveAdmission(handler, { host: '127.0.0.1', port: 0, tls });
  const reloaded = await webhook.reload().then(
    () => 'reloaded',
    ({ code }: { code: string }) => code,
  );
  await webhook.close();
  return reloaded;
}
