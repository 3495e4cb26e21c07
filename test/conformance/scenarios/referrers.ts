import { utf8 } from '@notarykit/common';
import { type Descriptor, mediaTypes } from '@notarykit/oci';
import { referrersTag } from '@notarykit/oci/internal';
import { type Action, faults } from '@notarykit/testing';
import { expect } from 'vitest';
import { listAll, type Served, seed, serve } from '../../integration/registry-client/support.ts';
import { answerOf, type Document, indexOf, on, type Players, pushDocument, put, referrerOf } from './setup.ts';

const sbom = 'application/vnd.test.sbom';
const digests = (list: readonly Descriptor[]): string[] => list.map((one) => one.digest);

interface Scene {
  readonly served: Served;
  readonly subject: Descriptor;
  readonly one: Document;
}

/** A registry whose referrers route does something, and a subject with a list under its referrers tag. */
async function scene(action?: (made: Scene) => Action, listed = true): Promise<Scene> {
  const served = await serve();
  const { manifest: subject } = await seed(served);
  const one = referrerOf(subject, sbom);
  await put(served.registry, [one]);
  if (listed) {
    const list = indexOf([one.descriptor]);
    await served.registry.seed('net-monitor', {
      manifests: [{ bytes: list.bytes, mediaType: mediaTypes.imageIndex, tags: [referrersTag(subject.digest)] }],
    });
  }
  const made = { served, subject, one };
  if (action !== undefined) served.registry.rule({ route: 'referrers', action: action(made) });
  return made;
}

/** The client reads the tag in place of the API that misbehaves. */
async function fallsBack(action: (made: Scene) => Action): Promise<Scene> {
  const made = await scene(action);
  const repository = made.served.client().repository('net-monitor');
  expect(digests(await listAll(repository.referrers(made.subject)))).toEqual([made.one.descriptor.digest]);
  return made;
}

const page = (manifests: readonly Descriptor[], link?: string, more = {}) =>
  answerOf(
    200,
    mediaTypes.imageIndex,
    indexOf(manifests, more).bytes,
    link === undefined ? link : `<${link}>; rel="next"`,
  );

/** What the client lists when the API answers so. */
async function lists(action: (made: Scene) => Action, artifactType?: string): Promise<[Scene, string[]]> {
  const made = await scene(action, false);
  const repository = made.served.client().repository('net-monitor');
  const options = artifactType === undefined ? {} : { artifactType };
  return [made, digests(await listAll(repository.referrers(made.subject, options)))];
}

async function refuses(action: (made: Scene) => Action, code: string): Promise<Scene> {
  const made = await scene(action, false);
  const repository = made.served.client().repository('net-monitor');
  await expect(listAll(repository.referrers(made.subject))).rejects.toMatchObject({ code });
  return made;
}

/** Answers with one of the descriptors that fits and one that does not. */
const mixed =
  (headers: Readonly<Record<string, string>>, more = {}) =>
  ({ subject, one }: Scene): Action =>
  () => {
    const answer = page([one.descriptor, referrerOf(subject, 'application/other').descriptor], undefined, more);
    return { ...answer, headers: [...answer.headers, ...Object.entries(headers)] };
  };

async function filters(action: (made: Scene) => Action): Promise<void> {
  const [made, found] = await lists(action, sbom);
  expect(found).toEqual([made.one.descriptor.digest]);
}

const applied = { 'OCI-Filters-Applied': 'artifactType' };

export const referrers: Players = {
  'referrers-404': async () => {
    for (const code of ['', 'UNSUPPORTED', 'NOT_FOUND']) await fallsBack(() => faults.status({ status: 404, code }));
    const { served, subject } = await scene(() => faults.status({ status: 404, code: '' }), false);
    const repository = served.client().repository('net-monitor');
    await pushDocument(repository, referrerOf(subject, sbom, 'pushed'));
    expect(await listAll(repository.referrers(subject))).toHaveLength(1);
    // Remembered: the API is asked once.
    expect(on(served.registry, 'referrers')).toHaveLength(1);
  },
  'referrers-404-name-unknown': async () => {
    const made = await refuses(() => faults.status({ status: 404, code: 'NAME_UNKNOWN' }), 'ERR_OCI_NOT_FOUND');
    made.served.registry.clearRules();
    const repository = made.served.client().repository('net-monitor');
    expect(await listAll(repository.referrers(made.subject))).toHaveLength(1);
  },
  'referrers-200-html': async () => {
    await fallsBack(() => () => answerOf(200, 'text/html', utf8('<html></html>')));
  },
  'referrers-303-off-site': async () => {
    const site = await serve();
    await fallsBack(() => faults.redirect(`${site.url}/login`, 303));
    expect(site.registry.requests).toEqual([]);
  },
  'referrers-200-plain-json': async () => {
    await fallsBack(() => () => answerOf(200, 'application/json', indexOf([]).bytes));
  },
  'referrers-self': async () => {
    const made = await scene();
    const own = indexOf([made.one.descriptor]);
    await put(made.served.registry, [own]);
    made.served.registry.rule({ route: 'referrers', action: () => answerOf(200, mediaTypes.imageIndex, own.bytes) });
    const repository = made.served.client().repository('net-monitor');
    expect(await listAll(repository.referrers(own.descriptor))).toEqual([]);
    made.served.registry.rule({
      route: 'referrers',
      action: () => answerOf(200, mediaTypes.imageManifest, made.one.bytes),
    });
    expect(await listAll(made.served.client().repository('net-monitor').referrers(own.descriptor))).toEqual([]);
  },
  'referrers-lie-header': async () => {
    const served = await serve({ referrers: 'tag-schema', subjectHeader: true });
    const { manifest } = await seed(served);
    const repository = served.client().repository('net-monitor');
    await pushDocument(repository, referrerOf(manifest, sbom));
    expect(on(served.registry, 'referrers')).toHaveLength(1);
    expect((await repository.resolve(referrersTag(manifest.digest))).mediaType).toBe(mediaTypes.imageIndex);
  },
  'referrers-no-subject-header': async () => {
    const served = await serve({ subjectHeader: false });
    const { manifest } = await seed(served);
    const repository = served.client().repository('net-monitor');
    await pushDocument(repository, referrerOf(manifest, sbom));
    await expect(repository.resolve(referrersTag(manifest.digest))).rejects.toMatchObject({
      code: 'ERR_OCI_NOT_FOUND',
    });
    expect(await listAll(repository.referrers(manifest))).toHaveLength(1);
  },
  'referrers-pages': async () => {
    const served = await serve();
    const { manifest } = await seed(served);
    const all = ['1', '2', '3'].map((mark) => referrerOf(manifest, sbom, mark).descriptor);
    const path = `/v2/net-monitor/referrers/${manifest.digest}`;
    const answers = [
      page([all[0] as Descriptor], `${path}?p=2`),
      page([all[1] as Descriptor], `${served.url}${path}?p=3`),
      page([all[2] as Descriptor]),
    ];
    served.registry.rule({ route: 'referrers', action: faults.inTurn(...answers.map((answer) => () => answer)) });
    const iterator = served.client().repository('net-monitor').referrers(manifest)[Symbol.asyncIterator]();
    for (const [i, descriptor] of all.entries()) {
      expect((await iterator.next()).value).toMatchObject({ digest: descriptor.digest });
      // Lazily: no page is asked for before its first entry is.
      expect(on(served.registry, 'referrers')).toHaveLength(i + 1);
    }
    expect((await iterator.next()).done).toBe(true);
  },
  'referrers-pages-duplicate': async () => {
    const [made, found] = await lists(({ one, subject }) =>
      faults.inTurn(
        () => page([one.descriptor], `/v2/net-monitor/referrers/${subject.digest}?p=2`),
        () => page([one.descriptor]),
      ),
    );
    expect(found).toEqual([made.one.descriptor.digest]);
  },
  'referrers-pages-endless': async () => {
    await refuses(
      ({ subject }) =>
        ({ hit }) =>
          page(
            [referrerOf(subject, sbom, String(hit)).descriptor],
            `/v2/net-monitor/referrers/${subject.digest}?p=${hit}`,
          ),
      'ERR_REGISTRY_TOO_MANY_PAGES',
    );
  },
  'referrers-pages-loop': async () => {
    const made = await refuses(
      ({ one, subject }) =>
        ({ hit }) =>
          page([one.descriptor], `/v2/net-monitor/referrers/${subject.digest}${hit % 2 === 1 ? '?p=2' : ''}`),
      'ERR_REGISTRY_TOO_MANY_PAGES',
    );
    expect(on(made.served.registry, 'referrers').length).toBeLessThanOrEqual(3);
  },
  'referrers-pages-foreign': async () => {
    const other = await serve();
    await refuses(
      ({ one }) =>
        () =>
          page([one.descriptor], `${other.url}/v2/x`),
      'ERR_REGISTRY_REDIRECT',
    );
    expect(other.registry.requests).toEqual([]);
  },
  'referrers-filter-ignored': () => filters(mixed({})),
  'referrers-filter-applied': () => filters(mixed(applied)),
  'referrers-filter-old-annotation': () =>
    filters(mixed({}, { annotations: { 'org.opencontainers.referrers.filtersApplied': 'artifactType' } })),
  'referrers-unfiltered-leak': async () => {
    const served = await serve({ referrersFilter: 'lying' });
    const { manifest } = await seed(served);
    const wanted = referrerOf(manifest, sbom);
    await put(served.registry, [wanted, referrerOf(manifest, 'application/other')]);
    const repository = served.client().repository('net-monitor');
    const found = await listAll(repository.referrers(manifest, { artifactType: sbom }));
    expect(digests(found)).toEqual([wanted.descriptor.digest]);
  },
  'referrers-huge': async () => {
    await refuses(
      ({ one }) =>
        () =>
          page([one.descriptor], undefined, { padding: 'x'.repeat(10 << 20) }),
      'ERR_REGISTRY_TOO_LARGE',
    );
  },
};
