import type { Fetch } from '@notarykit/common';
import type { RegistryRepository } from '@notarykit/registry-client';
import { copy, createBundle, type Trust } from 'notarykit';
import { verifyBundleFile, writeBundle } from 'notarykit/node';

const day = 24 * 60 * 60 * 1000;

/** Outside, in one call: verified with the network, and written with the evidence and the content into one tar. */
export async function packBundle(
  repository: RegistryRepository,
  reference: string,
  path: string,
  { policy, trustStore }: Omit<Trust, 'revocation'>,
  fetch: Fetch,
): Promise<void> {
  const bundle = await createBundle(
    { repository, reference },
    { policy, trustStore, revocation: { fetch }, content: true },
  );
  await writeBundle(path, bundle);
}

/** Inside: verified by what is in it, as of a date if one is given, and copied into the registry. */
export async function unpackBundle(
  path: string,
  repository: RegistryRepository,
  reference: string,
  trust: Omit<Trust, 'revocation'>,
  at?: Date,
) {
  const bundle = await verifyBundleFile(path, {
    ...trust,
    expect: [reference],
    maxAgeMs: 30 * day,
    ...(at === undefined ? {} : { at }),
  });
  for (const { repository: name, tag, verdict } of bundle.artifacts)
    await copy(bundle.repository(name), repository, {
      reference: verdict.digest,
      ...(tag === undefined ? {} : { tag }),
    });
  return bundle.artifacts;
}
