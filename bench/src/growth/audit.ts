import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { decodeBase64, encodeBase64, utf8 } from '@notarykit/common';
import { describe } from '@notarykit/oci';
import { createRegistry } from '@notarykit/registry-client';
import { buildSignatureManifest, signEnvelope } from '@notarykit/signature-envelope';
import { createEmbeddedRegistry, createTrustLab } from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { type AuditOptions, audit } from 'notarykit';
import { labPolicy } from '../../../test/support/lab-policy.ts';
import { image, referrer } from './content.js';
import type { Curve, Work } from './curve.js';

const name = 'app';

/** Every artifact once, with all of its tags: all tags are resolved first. */
export const auditByDigest: Curve = auditCurve('audit', 'digest');
/** Every tag as it is listed: what is remembered does not grow. */
export const auditByTag: Curve = auditCurve('audit.tags', 'none');

function auditCurve(curve: string, group: NonNullable<AuditOptions['group']>): Curve {
  return {
    name: curve,
    of: 'artifacts, each signed and with two more referrers',
    sizes: [1_000, 10_000, 100_000],
    quick: 1_000,
    async prepare(size): Promise<Work> {
      const { host, root, close } = await serveArtifacts(size);
      const repository = createRegistry({ registry: host }).repository(name);
      const policy = parseTrustPolicy(labPolicy({ withoutRevocation: true }));
      const trust = { policy, trustStore: memoryTrustStore({ ca: { lab: root } }), group };
      const run = async (more: Partial<AuditOptions>): Promise<void> => {
        let trusted = 0;
        for await (const { verdict } of audit(repository, { ...trust, ...more })) if (verdict === 'trusted') trusted++;
        if (trusted !== size) throw new Error(`${trusted} of ${size} are trusted`);
      };
      return {
        once: size > 1_000,
        run: () => run({ maxTags: size }),
        ...(size > 10_000 && { refused: () => run({}) }),
        close,
      };
    },
  };
}

/** A registry in its own process: its memory is not that of the audit. */
async function serveArtifacts(size: number) {
  const program = fileURLToPath(new URL('growth.js', import.meta.url));
  const child = spawn(process.execPath, [program, 'artifacts', String(size)], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface(child.stdout)) {
    const { host, root } = JSON.parse(line) as { readonly host: string; readonly root: string };
    return { host, root: decodeBase64(root), close: async () => void child.kill() };
  }
  throw new Error('the registry ended before it listened');
}

/** The program of {@link serveArtifacts}. */
export async function serveSigned(size: number): Promise<void> {
  const { signer, authority } = await createTrustLab();
  const registry = createEmbeddedRegistry({ remember: false });
  await registry.seed(name, { blobs: [utf8('{}')] });
  for (let i = 0; i < size; i++) {
    const artifact = image(i);
    const descriptor = describe(artifact.mediaType, artifact.bytes);
    const { verified: envelope } = await signEnvelope(descriptor, { signer });
    const built = buildSignatureManifest(descriptor, { envelope });
    const { mediaType } = built.descriptor;
    await registry.seed(name, {
      blobs: [built.envelope.bytes],
      manifests: [
        { ...artifact, tags: [`v${String(i).padStart(7, '0')}`] },
        { bytes: built.bytes, mediaType },
        referrer(descriptor, 0),
        referrer(descriptor, 1),
      ],
    });
  }
  const { host } = await registry.listen();
  console.log(JSON.stringify({ host, root: encodeBase64(authority.root.certificate) }));
}
