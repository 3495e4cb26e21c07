// Signing under the protocol of the kit, as a function.
import { readFile, writeFile } from 'node:fs/promises';
import { localSigner } from '@notarykit/kms-providers/local';
import { openLayout } from '@notarykit/registry-client/node';
import { sign as signArtifact, signBlob } from 'notarykit';

/** Signs the artifact of a request where it lies: into its layout, or beside the blob. */
export async function sign({ artifact, signing }) {
  const signer = localSigner({
    privateKey: await readFile(signing.privateKey, 'utf8'),
    certificateChain: await readFile(signing.certificateChain, 'utf8'),
  });
  const options = {
    signer,
    format: signing.format,
    ...(signing.expirySeconds === undefined ? {} : { expiry: new Date(Date.now() + signing.expirySeconds * 1000) }),
    ...(signing.metadata === undefined ? {} : { metadata: signing.metadata }),
  };
  if (artifact.kind === 'blob') {
    const { envelope } = await signBlob(await readFile(artifact.path), {
      ...options,
      contentMediaType: artifact.mediaType,
    });
    await writeFile(artifact.signature, envelope);
  } else {
    const [, name, digest] = /^(.*)@(.*)$/.exec(artifact.reference);
    await signArtifact(await openLayout(artifact.layout, { name }), digest, options);
  }
  return { signed: true };
}
