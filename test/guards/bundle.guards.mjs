const bundle = 'packages/notarykit/src/bundle';
const hostile = 'test/integration/notarykit/bundle-hostile.test.ts';
const graph = 'test/integration/notarykit/bundle-graph.test.ts';
const archive = 'test/integration/notarykit/bundle-archive.test.ts';
const revocation = 'test/integration/pki/revocation.test.ts';
const recorded = 'packages/pki/src/revocation/recorded.ts';
const layout = 'packages/oci/src/layout/read-layout-tar.ts';

export const guards = [
  {
    id: 'L14',
    what: 'a referrer whose signature is missed is not left out',
    test: graph,
    file: `${bundle}/create.ts`,
    find: ' || isMissed(error)',
    replace: '',
  },
  {
    id: 'R19',
    what: 'evidence of a later date is none',
    test: revocation,
    file: recorded,
    find: 'there.at(-1) ?? dated[0]',
    replace: 'dated.at(-1)',
  },
  {
    id: 'R19',
    what: 'the newest evidence counts',
    test: revocation,
    file: recorded,
    find: 'there.at(-1) ?? dated[0]',
    replace: 'there[0] ?? dated[0]',
  },
  {
    id: 'R19',
    what: 'evidence that cannot be read hides no other',
    test: revocation,
    file: recorded,
    find: 'return Number.NEGATIVE_INFINITY;',
    replace: 'throw error;',
  },
  {
    id: 'L6',
    what: 'content of an archive in memory fits its name',
    test: archive,
    file: layout,
    find: 'if (digest !== undefined) checkContent(',
    replace: 'if (false) checkContent(',
  },
  {
    id: 'L7',
    what: 'an archive in memory holds the files of a layout alone',
    test: archive,
    file: layout,
    find: "if (type === 'file' && digest !== name && isDigest(digest)) return digest;",
    replace: 'if (name !== "") return isDigest(digest) ? digest : undefined;',
  },
  {
    id: 'P8',
    what: 'an archive in memory is bounded',
    test: archive,
    file: layout,
    find: 'if (left < 0) throw tooLarge(maxBytes);',
    replace: 'if (left < 0) return { documents, blobs };',
  },
  {
    id: 'P6',
    what: 'a referrer in a bundle is about its artifact',
    test: hostile,
    file: `${bundle}/complete.ts`,
    find: 'if (subject === undefined || !sameContent(subject, descriptor))',
    replace: 'if (false)',
  },
  {
    id: 'I3',
    what: 'nothing but what is expected is in a bundle',
    test: hostile,
    file: `${bundle}/expected.ts`,
    find: 'if (extra === undefined) return;',
    replace: 'if (extra !== null) return;',
  },
  {
    id: 'I3',
    what: 'the tag of what is expected counts',
    test: hostile,
    file: `${bundle}/expected.ts`,
    find: 'return tag === undefined ? keyOf(name) : keyOf(name, { tag });',
    replace: 'return keyOf(name);',
  },
  {
    id: 'I4',
    what: 'a skipped artifact in a bundle is not trusted',
    test: hostile,
    file: `${bundle}/verify.ts`,
    find: "if (verdict.verdict === 'trusted' || allowSkipped) return verdict;",
    replace: 'if (verdict.verdict !== undefined) return verdict;',
  },
  {
    id: 'I4',
    what: 'a skipped artifact does not go into a bundle unasked',
    test: graph,
    file: `${bundle}/create.ts`,
    find: "if (verdict.verdict === 'skipped' && !making.allowSkipped)",
    replace: 'if (false)',
  },
  {
    id: 'L12',
    what: 'an empty bundle does not verify',
    test: graph,
    file: `${bundle}/verify.ts`,
    find: 'if (bundle.artifacts.length === 0)',
    replace: 'if (false)',
  },
  {
    id: 'L12',
    what: 'what a bundle does not name is not listed',
    test: graph,
    file: `${bundle}/named.ts`,
    find: 'if (named.has(referrer.digest) || referrer.artifactType === signatureArtifactType) yield referrer;',
    replace: 'yield referrer;',
  },
];
