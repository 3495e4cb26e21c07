/** What a package URL type says beyond the general rules (purl-spec, `types/*-definition.json`). */
export interface PurlTypeRules {
  readonly namespace?: 'required' | 'prohibited';
  readonly lowerNamespace?: boolean;
  readonly lowerName?: boolean;
  readonly lowerVersion?: boolean;
  /** `_` in names is `-`. */
  readonly dashName?: boolean;
  readonly version?: 'required';
  /** Qualifier that must be there. */
  readonly qualifier?: string;
}

const lower: PurlTypeRules = { lowerNamespace: true, lowerName: true };

/** Rules by type; a type without an entry follows only the general rules. */
export const purlTypes: ReadonlyMap<string, PurlTypeRules> = new Map<string, PurlTypeRules>([
  ['alpm', lower],
  ['apk', lower],
  ['bitbucket', lower],
  ['bitnami', { namespace: 'prohibited', lowerName: true }],
  ['cargo', { namespace: 'prohibited' }],
  ['composer', { ...lower, namespace: 'required' }],
  ['cpan', { namespace: 'required' }],
  ['cran', { namespace: 'prohibited', version: 'required' }],
  ['deb', { ...lower, namespace: 'required' }],
  ['gem', { namespace: 'prohibited' }],
  ['github', { ...lower, namespace: 'required' }],
  ['golang', { ...lower, namespace: 'required' }],
  ['hackage', { namespace: 'prohibited', version: 'required' }],
  ['hex', lower],
  ['huggingface', { lowerVersion: true }],
  ['luarocks', { lowerVersion: true }],
  ['maven', { namespace: 'required' }],
  ['npm', { lowerNamespace: true, lowerName: true }],
  ['nuget', { namespace: 'prohibited' }],
  ['oci', { namespace: 'prohibited', lowerName: true }],
  ['pub', { namespace: 'prohibited', lowerName: true }],
  ['pypi', { namespace: 'prohibited', lowerName: true, dashName: true }],
  ['qpkg', { lowerNamespace: true, namespace: 'required' }],
  ['rpm', { lowerNamespace: true }],
  ['swift', { namespace: 'required', version: 'required' }],
  ['swid', { qualifier: 'tag_id' }],
]);
