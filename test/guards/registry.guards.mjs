const client = 'packages/registry-client/src';
const faults = 'test/integration/registry-client/faults.test.ts';

export const guards = [
  {
    id: 'P2',
    what: 'form of a digest',
    test: 'packages/oci/src/manifest.test.ts',
    file: 'packages/oci/src/descriptor.ts',
    find: 'checkDigest(digest);',
    replace: '',
  },
  {
    id: 'P5',
    what: 'one media type',
    test: 'packages/oci/src/manifest.test.ts',
    file: 'packages/oci/src/manifest.ts',
    find: "checkOwnType(document['mediaType'], mediaType, options);",
    replace: '',
  },
  {
    id: 'P10',
    what: 'one bad signature does not end the search',
    test: 'test/integration/trust-policy/listing.test.ts',
    file: 'packages/trust-policy/src/signature-search.ts',
    find: 'this.#note(referrer, errorFact(error));',
    replace: 'throw error;',
  },
  {
    id: 'P14',
    what: 'encoded answers',
    test: faults,
    file: `${client}/http/exchange.ts`,
    find: "if (encoding === null || encoding === '' || encoding.toLowerCase() === 'identity') return;",
    replace: 'return;',
  },
  {
    id: 'P9',
    what: 'pages stay on their origin',
    test: 'test/integration/registry-client/origins.test.ts',
    file: `${client}/http/origin.ts`,
    find: "if (!verdict.sameOrigin) return refuse('leads to another origin');",
    replace: '',
  },
  {
    id: 'P9',
    what: 'pages come to an end',
    test: faults,
    file: `${client}/endpoints/pages.ts`,
    find: 'if (seen.has(verdict.url))',
    replace: 'if (false)',
  },
];
