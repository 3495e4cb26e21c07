import {
  cookiesAreSessions,
  expiredIsForbidden,
  lastScopeOnly,
  listedByConfig,
  pullLimit,
  referrersAreWebPage,
  tagPages,
} from './list-twists.js';
import { dashIsDigest, immutableTag, knownConfigsOnly, noDockerInIndex, subjectMustExist } from './manifest-twists.js';
import { type Personality, personalities, type Quirk, type QuirkSource } from './quirk.js';
import { chunkSentAgainEndsUpload, rangeStandsStill } from './upload-twists.js';

const github = 'https://github.com';
const source = (path: string, date: string): QuirkSource => ({ url: `${github}/${path}`, date });

/** One source for several. */
const all = (
  of: readonly Personality[],
  path: string,
  date: string,
): Readonly<Partial<Record<Personality, QuirkSource>>> =>
  Object.fromEntries(of.map((name) => [name, source(path, date)]));

const harbors = personalities.filter((name) => name.startsWith('harbor-'));
const earlyHarbors = ['harbor-2.8', 'harbor-2.9', 'harbor-2.10'] as const;

/** Every quirk, in the order in which clients meet them; the first stands nearest to the client. */
export const registryQuirks: readonly Quirk[] = [
  {
    name: 'expired-is-forbidden',
    does: 'credentials that have ended are answered with 403 DENIED, not with 401 and a challenge',
    seen: all(['ecr'], 'CircleCI-Public/aws-ecr-orb/pull/277', '2023-06-23'),
    twist: expiredIsForbidden,
  },
  {
    name: 'cookies-are-sessions',
    does: 'each answer sets a cookie, and a change that comes with it is refused with 403 (CSRF)',
    seen: all(harbors, 'dotnet/sdk/pull/37221', '2023-11-29'),
    twist: cookiesAreSessions,
  },
  {
    name: 'last-scope-only',
    does: 'of several scopes the last alone is in the token, so that no blob is mounted from another repository',
    seen: all(['gitlab'], 'estesp/manifest-tool/issues/53', '2017-12-12'),
    twist: lastScopeOnly,
  },
  {
    name: 'pull-limit',
    does: 'the 101st manifest that is read is answered with 429; HEAD does not count, and headers tell what is left',
    seen: all(['docker-hub'], 'docker/docs/pull/11648', '2020-10-28'),
    twist: pullLimit(100),
  },
  {
    name: 'no-referrers-api',
    does: 'there is no referrers API: 404',
    seen: {
      ...all(['distribution-2', 'distribution-3'], 'distribution/distribution/issues/3859', '2023-05-05'),
      'docker-hub': source('docker/roadmap/issues/724', '2024-09-30'),
      gitlab: source('oras-project/oras-go/issues/1396', '2026-09-05'),
      ghcr: source('rtvkiz/minimal/issues/7', '2026-02-01'),
      quay: source('quay/quay/pull/1706', '2023-01-13'),
      artifactory: source('oras-project/oras-www/pull/394', '2024-09-17'),
    },
    abilities: { referrers: 'tag-schema' },
  },
  {
    name: 'referrers-are-a-web-page',
    does: 'the referrers path is answered with 303 to a page of the web site, which answers 429',
    seen: all(['ghcr'], 'artifacthub/hub/issues/4785', '2026-04-24'),
    twist: referrersAreWebPage,
  },
  {
    name: 'subject-header-without-api',
    does: 'OCI-Subject is answered, and there is no referrers API',
    seen: all(['docker-hub'], 'docker/hub-feedback/issues/2372', '2024-03-06'),
    abilities: { subjectHeader: true },
  },
  {
    name: 'subject-must-exist',
    does: 'a manifest whose subject is not there is refused with 404',
    seen: all(['docker-hub'], 'docker/hub-feedback/issues/2372', '2024-03-06'),
    twist: subjectMustExist,
  },
  {
    name: 'dash-is-digest',
    does: 'sha256-<hex> is answered with the manifest sha256:<hex> where there is no such tag',
    seen: all(['gitlab'], 'oras-project/oras-go/issues/1396', '2026-09-05'),
    twist: dashIsDigest,
  },
  {
    name: 'listed-by-config',
    does: 'referrers are listed with the type of their config, not with their own artifact type',
    seen: all(earlyHarbors, 'goharbor/harbor/issues/19867', '2024-01-19'),
    twist: listedByConfig,
  },
  {
    name: 'known-configs-only',
    does: 'a manifest whose config has a type that is not on a list is refused with 400 MANIFEST_INVALID',
    seen: all(['quay'], 'oras-project/oras/issues/738', '2023-01-09'),
    twist: knownConfigsOnly,
  },
  {
    name: 'no-docker-in-index',
    does: 'an OCI index with manifests of Docker types is refused with 400 MANIFEST_INVALID',
    seen: all(['quay'], 'openshift/oc-mirror/issues/253', '2022-01-12'),
    twist: noDockerInIndex,
  },
  {
    name: 'pages-of-100-tags',
    does: 'n over 100 is refused with 413 TAG_LIMIT_EXCEEDED, and the next page has a token in place of last',
    seen: { quay: { url: 'https://issues.redhat.com/browse/PROJQUAY-6931', date: '2024' } },
    twist: tagPages(100),
  },
  {
    name: 'immutable-is-400',
    does: 'a tag that is immutable is refused with 400 TAG_INVALID (where immutableTags is on)',
    seen: all(['ecr'], 'moby/buildkit/issues/3776', '2023-04-04'),
    twist: immutableTag(
      400,
      'TAG_INVALID',
      'The image tag already exists and cannot be overwritten because the repository is immutable.',
    ),
  },
  {
    name: 'immutable-is-412',
    does: 'a tag that is immutable is refused with 412 PRECONDITION (where immutableTags is on)',
    seen: all(harbors, 'goharbor/harbor/issues/17332', '2022-08-05'),
    twist: immutableTag(412, 'PRECONDITION', 'Failed to process request due to a tag configured as immutable.'),
  },
  {
    name: 'patch-is-created',
    does: 'a chunk is answered with 201, not with 202',
    seen: all(['ecr'], 'openai/tart/issues/273', '2022-10-13'),
    abilities: { patchStatus: 201 },
  },
  {
    name: 'range-stands-still',
    does: 'the Range of an upload does not go on after the first chunk',
    seen: all(['ecr'], 'aws/containers-roadmap/issues/2831', '2026-06-24'),
    twist: rangeStandsStill,
  },
  {
    name: 'chunk-again-ends-upload',
    does: 'a chunk that is sent again ends the upload: 404 BLOB_UPLOAD_INVALID',
    seen: all(['acr'], 'Azure/azure-sdk-for-js/issues/25448', '2023-04-03'),
    twist: chunkSentAgainEndsUpload,
  },
  {
    name: 'patch-only',
    does: 'a blob is taken by PATCH alone: one whole in a PUT is refused with 405',
    seen: all(['artifactory', 'jfrog'], 'containerd/containerd/issues/3533', '2019-08-14'),
    abilities: { monolithicPut: false, postUpload: false },
  },
  {
    name: 'mount-needs-from',
    does: 'a blob is mounted from a repository that is named, and from no other',
    seen: {
      ...all(harbors, 'goharbor/harbor/issues/17097', '2024-04-19'),
      quay: source('quay/quay/pull/899', '2021-09-21'),
    },
    abilities: { mount: 'named' },
  },
  {
    name: 'no-deletion',
    does: 'nothing can be deleted: 405 UNSUPPORTED',
    seen: {
      ...all(['distribution-2', 'distribution-3'], 'distribution/distribution/issues/1222', '2015-11-30'),
      'docker-hub': source('distribution/distribution/issues/1831', '2016-10-14'),
    },
    abilities: { deletion: false },
  },
  {
    name: 'no-tag-deletion',
    does: 'a tag cannot be deleted alone: 405 UNSUPPORTED (where deletion is on)',
    seen: all(['distribution-2'], 'distribution/distribution/pull/3174', '2020-06-02'),
    abilities: { tagDeletion: false },
  },
  {
    name: 'listed-manifests-stay',
    does: 'a manifest that an index names cannot be deleted: 405',
    seen: all(
      ['zot'],
      'project-zot/zot/blob/80e37ff4db5ece96c5982b63b9d9cad54fd0d437/pkg/storage/imagestore/imagestore.go',
      '2026-11-30',
    ),
    abilities: { deletionOfListed: false },
  },
  {
    name: 'no-tag-parameters',
    does: 'tags in the query of a push by digest are not taken notice of: they are newer than distribution-spec 1.1',
    seen: all(
      personalities.filter((name) => name !== 'zot'),
      'opencontainers/distribution-spec/pull/600',
      '2026-02-24',
    ),
    abilities: { tagParameters: false },
  },
];
