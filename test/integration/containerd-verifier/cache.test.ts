import { chmod, copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodePem } from '@notarykit/pki';
import { createAuthority } from '@notarykit/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { labPolicy } from '../../support/lab-policy.js';
import { answer, imagesOf, type Node, setUpNode } from '../../support/verifier-node.js';

let node: Node;
beforeEach(async () => {
  node = await setUpNode();
});
afterEach(() => node.close());

const ask = (image: 'signed' | 'unsigned' = 'signed') =>
  answer(node, { name: `${imagesOf(node)}:${image}`, descriptor: node.image[image] });
const remembered = { exitCode: 0, reason: expect.stringContaining('(remembered)') };
const fresh = { exitCode: 0, reason: expect.not.stringContaining('(remembered)') };
const verdicts = (): string => join(node.folder, 'cache/verdicts');
const entries = async (): Promise<readonly string[]> =>
  (await readdir(verdicts())).filter((name) => name.endsWith('.entry')).map((name) => join(verdicts(), name));

describe('verdicts on disk', () => {
  it('a verdict is remembered, also when the registry is gone', async () => {
    expect(await ask()).toMatchObject(fresh);
    await node.lab.registry.close();
    expect(await ask()).toMatchObject(remembered);
  });

  it('N6 a refusal is not remembered: a signature may be added', async () => {
    expect(await ask('unsigned')).toMatchObject({ exitCode: 1 });
    expect(await entries()).toEqual([]);
  });

  it('N6 an entry that was cut, changed or moved decides nothing', async () => {
    await ask();
    const [entry = ''] = await entries();
    const text = await readFile(entry, 'utf8');
    for (const wrong of ['', text.slice(0, -10), text.replace('trusted', 'trustee')]) {
      await writeFile(entry, wrong);
      expect(await ask()).toMatchObject(fresh);
    }
    // Of another repository: the verdict about it has another name.
    await node.settings({ platforms: 'both' });
    await ask();
    const other = (await entries()).find((path) => path !== entry) ?? '';
    await copyFile(entry, other);
    expect(await ask()).toMatchObject(fresh);
  });

  it('N6 every input of a verdict is a part of its key', async () => {
    await ask();
    const changes: Record<string, () => Promise<void>> = {
      settings: () => node.settings({ allowSkipped: true }),
      policy: () =>
        node.write({ 'config/trustpolicy.oci.json': labPolicy({ name: 'other', withoutRevocation: true }) }),
      store: async () => {
        const pem = await readFile(join(node.config, 'truststore/x509/ca/lab/root.pem'), 'utf8');
        const { root } = await createAuthority();
        await node.write({
          'config/truststore/x509/ca/lab/more.pem': `${pem}\n${encodePem('CERTIFICATE', root.certificate)}`,
        });
      },
    };
    for (const [what, change] of Object.entries(changes)) {
      await change();
      expect([what, await ask()]).toMatchObject([what, fresh]);
      expect([what, await ask()]).toMatchObject([what, remembered]);
    }
  });

  it('N6 nothing is remembered in a folder that others can write, or without a folder', async () => {
    await ask();
    await chmod(verdicts(), 0o770);
    expect(await ask()).toMatchObject(fresh);
    await chmod(verdicts(), 0o700);
    expect(await ask()).toMatchObject(remembered);
    await node.settings({ cache: false });
    for (let i = 0; i < 2; i++) expect(await ask()).toMatchObject(fresh);
    await node.settings({ cache: { folder: join(node.config, 'verifier.json') } });
    expect(await ask()).toMatchObject(fresh);
  });

  it('N6 another secret makes every entry unknown', async () => {
    await ask();
    await rm(join(verdicts(), 'secret'));
    expect(await ask()).toMatchObject(fresh);
    await writeFile(join(verdicts(), 'secret'), 'short');
    expect(await ask()).toMatchObject(fresh);
  });

  it('N6 a secret that others can read seals nothing', async () => {
    await ask();
    await chmod(join(verdicts(), 'secret'), 0o644);
    expect(await ask()).toMatchObject(fresh);
    await chmod(join(verdicts(), 'secret'), 0o600);
    expect(await ask()).toMatchObject(remembered);
  });
});
