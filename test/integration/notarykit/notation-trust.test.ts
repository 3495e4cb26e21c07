import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { utf8 } from '@notarykit/common';
import { describe as describeContent, mediaTypes, memoryRepository } from '@notarykit/oci';
import { createTrustLab } from '@notarykit/testing';
import { sign, verify } from 'notarykit';
import { loadNotationTrust } from 'notarykit/node';
import { describe, expect, it, onTestFinished } from 'vitest';
import { writeNotationTrust } from '../../support/notation-trust.js';

async function notationFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'notation-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return { folder, env: { NOTATION_CONFIG: folder } };
}

describe('loadNotationTrust', () => {
  it('trusts what the policy and trust store of the folder trust, and nothing else', async () => {
    const { folder, env } = await notationFolder();
    const lab = await createTrustLab();
    await writeNotationTrust(folder, lab.authority.root.certificate);

    const repository = memoryRepository('registry.test/net-monitor');
    const bytes = utf8(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests: [] }));
    const image = describeContent(mediaTypes.imageIndex, bytes);
    await repository.push(image, bytes);
    const trust = await loadNotationTrust({ env });
    const stranger = await createTrustLab({ name: 'Stranger' });
    await sign(repository, image.digest, { signer: stranger.signer });
    await expect(verify(repository, image.digest, trust)).rejects.toMatchObject({ code: 'ERR_TRUST_NOT_VERIFIED' });
    await sign(repository, image.digest, { signer: lab.signer });
    expect(await verify(repository, image.digest, trust)).toMatchObject({ verdict: 'trusted', digest: image.digest });
  });

  it('refuses a folder without a policy', async () => {
    const { env } = await notationFolder();
    await expect(loadNotationTrust({ env })).rejects.toMatchObject({ code: 'ERR_TRUST_POLICY' });
  });
});
