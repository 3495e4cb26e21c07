/** The import table: what each package may import from the workspace. One place, checked by check-imports.mjs. */
export const layers = {
  common: [],
  transport: ['common'],
  oci: ['common'],
  pki: ['common', 'transport'],
  'registry-client': ['common', 'oci', 'transport'],
  'artifact-graph': ['common', 'oci'],
  'signature-envelope': ['common', 'oci', 'pki'],
  'kms-providers': ['common', 'pki', 'signature-envelope'],
  'trust-policy': ['common', 'oci', 'pki', 'signature-envelope'],
  'sbom-gate': ['common', 'oci'],
  notarykit: ['common', 'oci', 'pki', 'artifact-graph', 'signature-envelope', 'trust-policy', 'sbom-gate'],
  admission: ['common', 'oci', 'notarykit'],
  cli: [
    'common',
    'transport',
    'oci',
    'pki',
    'registry-client',
    'artifact-graph',
    'signature-envelope',
    'kms-providers',
    'trust-policy',
    'sbom-gate',
    'notarykit',
    'admission',
  ],
  'containerd-verifier': ['common', 'oci', 'pki', 'registry-client', 'trust-policy', 'notarykit'],
  testing: ['common', 'oci', 'pki', 'signature-envelope'],
};

/** Packages whose main entries run everywhere: no `node:` import, no `Buffer`, no `process` outside `/node`. */
export const portable = [
  'common',
  'transport',
  'oci',
  'pki',
  'signature-envelope',
  'trust-policy',
  'sbom-gate',
  'artifact-graph',
  'notarykit',
  'admission',
  'registry-client',
];

/** Adapters are made by the caller; nothing but tools, examples and tests imports them. */
export const adapters = ['registry-client', 'kms-providers', 'testing'];

export const packageName = (folder) => (folder === 'notarykit' ? 'notarykit' : `@notarykit/${folder}`);

/** They judge what they are given, and see no repository: a judge that fetches reads the graph a second time, with its own bounds. */
export const judges = ['trust-policy', 'sbom-gate'];

/** They read the graph of a repository; everyone else asks a view of `artifact-graph`. */
export const graphReaders = ['oci', 'registry-client', 'artifact-graph', 'testing'];

/** What no judge imports from `oci`. */
export const repositoryNames = [
  'Repository',
  'ContentReader',
  'ContentWriter',
  'TagResolver',
  'ReferrerLister',
  'fetchBytes',
  'fetchManifest',
];

/** What only a graph reader may import from `oci`. */
export const readingNames = ['fetchBytes', 'fetchManifest'];
