import { utf8 } from '@notarykit/common';
import { type Descriptor, describe as describeContent, mediaTypes } from '@notarykit/oci';
import type { RegistryRepository } from '@notarykit/registry-client';
import type { Answer, EmbeddedRegistry, RecordedRequest } from '@notarykit/testing';

/** Plays one scenario: a registry with its behaviour, and what the client must make of it. */
export type Player = () => Promise<void>;

/** Players by the id of their scenario. */
export type Players = Readonly<Record<string, Player>>;

/** A document and its descriptor. */
export interface Document {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly descriptor: Descriptor;
}

/** An index of the given manifests, with more members. */
export function indexOf(manifests: readonly Descriptor[], more: Readonly<Record<string, unknown>> = {}): Document {
  const bytes = utf8(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests, ...more }));
  return { bytes, descriptor: describeContent(mediaTypes.imageIndex, bytes) };
}

/** A manifest that refers to a subject; equal arguments give equal bytes. */
export function referrerOf(subject: Descriptor, artifactType: string, mark = ''): Document {
  const empty = { mediaType: mediaTypes.empty, digest: describeContent('', utf8('{}')).digest, size: 2 };
  const bytes = utf8(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.imageManifest,
      artifactType,
      config: empty,
      layers: [empty],
      subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.size },
      annotations: { mark },
    }),
  );
  const descriptor = { ...describeContent(mediaTypes.imageManifest, bytes), artifactType };
  return { bytes, descriptor };
}

/** Puts documents into `net-monitor`. */
export async function put(registry: EmbeddedRegistry, documents: readonly Document[]): Promise<void> {
  await registry.seed('net-monitor', {
    blobs: [utf8('{}')],
    manifests: documents.map(({ bytes, descriptor }) => ({ bytes, mediaType: descriptor.mediaType })),
  });
}

/** An answer with these bytes. */
export function answerOf(status: number, type: string, bytes: Uint8Array, link?: string): Answer {
  const headers: [string, string][] = [
    ['Content-Type', type],
    ['Content-Length', String(bytes.length)],
  ];
  return { status, headers: link === undefined ? headers : [...headers, ['Link', link]], body: bytes };
}

/** Pushes a referrer and says what its tag or API then lists. */
export async function pushDocument(repository: RegistryRepository, { descriptor, bytes }: Document): Promise<void> {
  const empty = utf8('{}');
  await repository.push(describeContent(mediaTypes.empty, empty), empty);
  await repository.push(descriptor, bytes);
}

/** The requests of a route. */
export function on(registry: EmbeddedRegistry, route: RecordedRequest['route'], method?: string): RecordedRequest[] {
  return registry.requests.filter((one) => one.route === route && (method === undefined || one.method === method));
}
