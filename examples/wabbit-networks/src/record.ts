// Records the evidence that the story uses: the SBOMs and the scan report that syft and Grype make of the image `net-monitor`.
// Both must be on the PATH, Grype with a vulnerability database. Usage: node dist/record.js
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { createRegistry } from '@notarykit/registry-client';
import { createEmbeddedRegistry } from '@notarykit/testing';
import { pushImage } from './story/images.js';
import { netMonitor } from './story/rootfs.js';

const run = promisify(execFile);
const folder = new URL('../evidence/', import.meta.url);

async function record(): Promise<void> {
  const registry = createEmbeddedRegistry();
  await registry.listen({ port: 5000 });
  try {
    const repository = createRegistry({ registry: 'localhost:5000', plainHttp: true }).repository('net-monitor');
    const { digest } = await pushImage(repository, netMonitor);
    const image = `registry:localhost:5000/net-monitor@${digest}`;
    const env = { ...process.env, SYFT_REGISTRY_INSECURE_USE_HTTP: 'true', GRYPE_REGISTRY_INSECURE_USE_HTTP: 'true' };
    const output = async (tool: string, format: string): Promise<string> =>
      (await run(tool, [image, '--quiet', '--output', format], { env, maxBuffer: 1 << 28 })).stdout;
    await mkdir(folder, { recursive: true });
    await writeFile(new URL('net-monitor.spdx.json', folder), await output('syft', 'spdx-json'));
    await writeFile(new URL('net-monitor.cdx.json', folder), await output('syft', 'cyclonedx-json'));
    await writeFile(new URL('net-monitor.grype.json', folder), withoutSettings(await output('grype', 'json')));
    console.log(`recorded ${digest}`);
  } finally {
    await registry.close();
  }
}

/** Without the settings of the run: they name hosts and folders of whoever recorded, and say nothing about the image. */
function withoutSettings(report: string): string {
  const { descriptor, ...rest } = JSON.parse(report) as { descriptor: object };
  return `${JSON.stringify({ ...rest, descriptor: { ...descriptor, configuration: undefined } })}\n`;
}

await record();
