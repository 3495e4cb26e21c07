import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AdmissionHandlerOptions,
  createAdmissionHandler,
  createCachedImageVerifier,
  type VerifyImage,
  verifyWith,
} from '@notarykit/admission';
import { type AdmissionServer, serveAdmission } from '@notarykit/admission/node';
import { utf8 } from '@notarykit/common';
import { type Descriptor, describe, mediaTypes } from '@notarykit/oci';
import { createRegistry, type RegistryRepository } from '@notarykit/registry-client';
import type { Signer } from '@notarykit/signature-envelope';
import {
  type Authority,
  createAuthority,
  createTrustLab,
  extendedKeyUsage,
  purposes,
  subjectAltName,
  type TrustLab,
} from '@notarykit/testing';
import { memoryTrustStore, parseTrustPolicy } from '@notarykit/trust-policy';
import { sign, type Trust } from 'notarykit';
import { labPolicy } from '../../support/lab-policy.js';

export const host = 'registry.test';
export const serverName = 'notarykit-admission.notarykit.svc';
export const serviceName = 'notarykit-service.notarykit.svc';

/** A registry with images, some signed, and the verifier of a cluster that trusts the signer. */
export interface AdmissionLab {
  readonly lab: TrustLab;
  readonly trust: Trust;
  readonly verify: VerifyImage;
  repository(name: string): RegistryRepository;
  /** Pushes an image under a tag and signs it if told so. */
  image(name: string, tag: string, signed: boolean): Promise<Descriptor>;
}

export async function createAdmissionLab(scopes: readonly string[] = ['*']): Promise<AdmissionLab> {
  const lab = await createTrustLab();
  const endpoint = createRegistry({
    registry: host,
    plainHttp: true,
    fetch: lab.registry.fetch,
    retry: { maxRetries: 0 },
  });
  const repository = (name: string): RegistryRepository => endpoint.repository(name);
  const trust: Trust = { policy: policyFor(scopes), trustStore: memoryTrustStore(lab.trustStore) };
  const open = ({ repository: name }: { repository: string }): RegistryRepository => repository(name);
  return {
    lab,
    trust,
    repository,
    verify: createCachedImageVerifier(verifyWith({ policy: { trust }, open })),
    async image(name, tag, signed) {
      const bytes = utf8(
        JSON.stringify({
          schemaVersion: 2,
          mediaType: mediaTypes.imageIndex,
          manifests: [],
          annotations: { name, tag },
        }),
      );
      const image = describe(mediaTypes.imageIndex, bytes);
      await repository(name).push(image, bytes);
      await repository(name).tag(image, tag);
      if (signed) await sign(repository(name), image, { signer: lab.signer });
      return image;
    },
  };
}

export function policyFor(scopes: readonly string[]): Trust['policy'] {
  return parseTrustPolicy(labPolicy({ name: 'cluster', scopes, withoutRevocation: true }));
}

/** An image of one platform, signed: a gate allows no index in which nothing can run. */
export async function signedImage(repository: RegistryRepository, signer: Signer): Promise<Descriptor> {
  const push = async (mediaType: string, content: object): Promise<Descriptor> => {
    const bytes = utf8(JSON.stringify(content));
    const descriptor = describe(mediaType, bytes);
    await repository.push(descriptor, bytes);
    return descriptor;
  };
  const config = await push(mediaTypes.imageConfig, { os: 'linux', architecture: 'amd64' });
  const { imageManifest: mediaType } = mediaTypes;
  const image = await push(mediaType, { schemaVersion: 2, mediaType, config, layers: [] });
  await sign(repository, image, { signer });
  return image;
}

/** Writes a server's key pair for the name that a cluster calls the webhook by. */
export async function writeKeyPair(
  authority: Authority,
  folder: string,
): Promise<{ certFile: string; keyFile: string }> {
  const issued = await authority.issueLeaf({
    extensions: (defaults) => [
      ...defaults.filter(({ oid }) => oid !== '2.5.29.37'),
      extendedKeyUsage([purposes.serverAuth, purposes.clientAuth]),
      subjectAltName([serverName, serviceName, 'localhost']),
    ],
  });
  const files = { certFile: join(folder, 'tls.crt'), keyFile: join(folder, 'tls.key') };
  writeFileSync(files.keyFile, issued.privateKeyPem);
  writeFileSync(files.certFile, issued.pem);
  return files;
}

/** The webhook over TLS on loopback, with an authority made for it. */
export async function serveLab(
  verify: VerifyImage,
  folder: string,
  options: Partial<AdmissionHandlerOptions> = {},
): Promise<{ server: AdmissionServer; caFile: string; authority: Authority }> {
  const authority = await createAuthority({ name: 'Cluster' });
  const caFile = join(folder, 'ca.crt');
  writeFileSync(caFile, authority.root.pem);
  const handler = createAdmissionHandler({ review: { verify }, tags: 'digests', ...options });
  const tls = await writeKeyPair(authority, folder);
  return { server: await serveAdmission(handler, { host: '127.0.0.1', port: 0, tls }), caFile, authority };
}

/** A verifier that waits until it is let go. */
export function holding(then: VerifyImage) {
  let go: () => void = () => undefined;
  let reach: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (go = resolve));
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const signals: AbortSignal[] = [];
  const verify: VerifyImage = async (image, context) => {
    if (context.signal !== undefined) signals.push(context.signal);
    reach();
    await released;
    return then(image, context);
  };
  return { verify, go, reached, signals };
}
