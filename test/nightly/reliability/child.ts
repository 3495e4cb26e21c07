import { writeSync } from 'node:fs';
import { packArtifact, tagArtifact } from '@notarykit/artifact-graph';
import { isCodedError, utf8 } from '@notarykit/common';
import type { Repository } from '@notarykit/oci';
import { openLayout, openLayoutTar } from '@notarykit/registry-client/node';
import { createEmbeddedRegistry } from '@notarykit/testing';

/** A process of the soak: `mode place name count`. Each line that it writes is about something that was acknowledged to it, or an error. */
const [mode = '', place = '', name = '', count = '0'] = process.argv.slice(2);
const say = (line: string): void => void writeSync(1, `${line}\n`);

async function push(repository: Repository, i: number): Promise<string> {
  const content = utf8(`${name} ${i} `.repeat(1 + ((i * 7919) % 5000)));
  const layers = [{ mediaType: 'text/plain', content }];
  const { descriptor } = await packArtifact(repository, { artifactType: 'application/vnd.test.soak', layers });
  await tagArtifact(repository, descriptor, `${name}-${i}`);
  return `tag ${name}-${i} ${descriptor.digest}`;
}

async function each(work: (i: number) => Promise<string>): Promise<void> {
  for (let i = 0; i < Number(count); i++) {
    try {
      say(await work(i));
    } catch (error) {
      say(`error ${isCodedError(error) ? error.code : `UNCODED ${String(error)}`}`);
    }
  }
}

/** Opened anew each time: another writer may have saved in between, and is not overwritten. */
async function intoArchive(i: number): Promise<string> {
  for (;;) {
    const archive = await openLayoutTar(place, { create: true });
    try {
      const line = await push(archive, i);
      await archive.save();
      return line;
    } catch (error) {
      if (!isCodedError(error) || error.code !== 'ERR_OCI_CONFLICT') throw error;
    } finally {
      await archive.close();
    }
  }
}

async function serve(): Promise<void> {
  const registry = createEmbeddedRegistry({ directory: place, remember: false });
  process.once('SIGTERM', () => void registry.close({ graceMs: 5000 }).then(() => process.exit(0)));
  say(`host ${(await registry.listen()).host}`);
}

const modes: Readonly<Record<string, () => Promise<void>>> = {
  async layout() {
    const layout = await openLayout(place, { create: true });
    await each((i) => push(layout, i));
  },
  archive: () => each(intoArchive),
  registry: serve,
};

await modes[mode]?.().catch((error: unknown) => {
  say(`error ${isCodedError(error) ? error.code : `UNCODED ${String(error)}`}`);
  process.exit(1);
});
