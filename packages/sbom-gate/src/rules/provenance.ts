import type { ProvenanceCode } from '../codes.js';
import type { EvidenceDocument, PlatformEvidence } from '../evidence/evidence.js';
import type { MaterialPolicy, ProvenancePolicy, SourceRule } from '../policy/document.js';
import type { BuildMaterial, BuildSource, ProvenanceDocument } from '../provenance/document.js';
import { isGit, repositoryPattern } from '../provenance/source.js';
import { digestIn } from '../sbom/subject.js';
import { selectDocuments } from './binding.js';
import { type DecisionContext, levelOf } from './context.js';
import { compileGlob } from './glob.js';

/** Rules about how an image was built, for one platform. Every document of a permitted signer is judged: none excuses another. */
export function checkProvenance(context: DecisionContext, policy: ProvenancePolicy, platform: PlatformEvidence): void {
  for (const document of selectDocuments(context, 'provenance', platform)) {
    const content = document.content as ProvenanceDocument;
    const { format } = content;
    if (!policy.formats.includes(format)) {
      const message = `format ${format} is not in provenance.formats (${policy.formats.join(', ')})`;
      context.setAside(document, platform, 'provenance.formats', 'FORMAT_NOT_ACCEPTED', message);
      continue;
    }
    context.use(platform, 'provenance', document);
    new ProvenanceCheck(context, policy, platform, document, content).run();
  }
}

class ProvenanceCheck {
  readonly #context: DecisionContext;
  readonly #policy: ProvenancePolicy;
  readonly #about: { readonly platform: string; readonly document: EvidenceDocument };
  readonly #content: ProvenanceDocument;

  constructor(
    context: DecisionContext,
    policy: ProvenancePolicy,
    { platform }: PlatformEvidence,
    document: EvidenceDocument,
    content: ProvenanceDocument,
  ) {
    this.#context = context;
    this.#policy = policy;
    this.#about = { platform, document };
    this.#content = content;
  }

  run(): void {
    const { builders, buildTypes, sources, materials, baseImages } = this.#policy;
    const { builder, buildType } = this.#content;
    this.#oneOf('builders', 'PROVENANCE_BUILDER', 'builder', builder, builders);
    this.#oneOf('buildTypes', 'PROVENANCE_BUILD_TYPE', 'build type', buildType, buildTypes);
    if (sources !== undefined) this.#sources(sources);
    if (materials !== undefined) this.#materials(materials);
    if (baseImages === 'verified') this.#baseImages();
  }

  #deny(rule: string, code: ProvenanceCode, message: string, at?: string): void {
    this.#context.add(`provenance.${rule}`, 'deny', code, message, { ...this.#about, pointer: at });
  }

  #oneOf(
    rule: 'builders' | 'buildTypes',
    code: 'PROVENANCE_BUILDER' | 'PROVENANCE_BUILD_TYPE',
    what: string,
    found: string | undefined,
    patterns: readonly string[] | undefined,
  ): void {
    if (patterns === undefined || (found !== undefined && matchesOne(patterns, found))) return;
    this.#deny(rule, code, `the ${what} is ${found ?? 'not stated'}, which is not in provenance.${rule}`);
  }

  /** Each source must be permitted: one that is does not excuse another. */
  #sources(rules: readonly SourceRule[]): void {
    const { sources } = this.#content;
    if (sources.length === 0) this.#deny('sources', 'PROVENANCE_SOURCE', 'the provenance states no source repository');
    for (const source of sources) {
      if (rules.some((rule) => isPermitted(source, rule))) continue;
      const { repository, ref, revisions, pointer } = source;
      const name = `${repository}${ref === undefined ? '' : ` at ${ref}`}, revision ${revisions.join(' and ') || 'not stated'}`;
      this.#deny('sources', 'PROVENANCE_SOURCE', `the source ${name} is not in provenance.sources`, pointer);
    }
  }

  #materials({ allow, block, unpinned, incomplete }: MaterialPolicy): void {
    const { materials, complete } = this.#content;
    if (materials.length === 0)
      this.#deny(
        'materials',
        'PROVENANCE_MATERIALS_MISSING',
        'the provenance lists no materials, so no rule can be checked',
      );
    for (const { uri, digests, pointer } of materials) {
      if (matchesOne(block, uri) || (allow !== undefined && !matchesOne(allow, uri)))
        this.#deny(
          'materials',
          'PROVENANCE_MATERIAL',
          `the material ${uri || 'without a name'} is not allowed`,
          pointer,
        );
      const level = levelOf(unpinned);
      if (digests.length === 0 && level !== undefined) {
        const message = `the material ${uri || 'without a name'} has no digest`;
        this.#context.add('provenance.materials.unpinned', level, 'PROVENANCE_MATERIAL_UNPINNED', message, {
          ...this.#about,
          pointer,
        });
      }
    }
    const level = levelOf(incomplete);
    if (complete === 'yes' || level === undefined) return;
    const message = 'the builder does not say that it lists every material';
    this.#context.add(
      'provenance.materials.incomplete',
      level,
      'PROVENANCE_MATERIALS_INCOMPLETE',
      message,
      this.#about,
    );
  }

  #baseImages(): void {
    const images = this.#content.materials.filter(isImage);
    if (images.length === 0)
      this.#deny('baseImages', 'PROVENANCE_BASE_IMAGE', 'the provenance lists no image that the build used');
    for (const image of images) {
      if (isVerified(image, this.#context.baseImages)) continue;
      const name = `${image.uri} (${image.digests.join(', ') || 'no digest'})`;
      this.#deny(
        'baseImages',
        'PROVENANCE_BASE_IMAGE',
        `the build used ${name}, which was not verified`,
        image.pointer,
      );
    }
  }
}

function matchesOne(patterns: readonly string[], text: string): boolean {
  return patterns.some((pattern) => compileGlob(pattern)(text));
}

/** A source without a revision cannot be looked up: no rule permits it. */
function isPermitted({ repository, ref, revisions }: BuildSource, rule: SourceRule): boolean {
  if (!compileGlob(repositoryPattern(rule.repository))(repository) || revisions.length === 0) return false;
  if (rule.refs !== undefined && (ref === undefined || !matchesOne(rule.refs, ref))) return false;
  return rule.revisions === undefined || revisions.every((one) => rule.revisions?.includes(one));
}

/**
 * Everything but repositories of sources and downloads: what is not understood must be a verified image, too. Of other schemes, such as
 * `oci:`, a name that ends in `.git` may be that of an image.
 */
function isImage(material: BuildMaterial): boolean {
  if (/^https?:\/\//i.test(material.uri)) return false;
  return !isGit(material) || !/^(?:git(?:\+[a-z]+)?|ssh|file):/i.test(material.uri);
}

/** All digests that are stated of an image must have been verified, and one that names its manifest must be stated. */
function isVerified({ uri, digests }: BuildMaterial, verified: ReadonlySet<string>): boolean {
  const named = digestIn(uri);
  const all = named === undefined ? digests : [...digests, named];
  const known = all.filter((digest) => /^sha(?:256|384|512):/.test(digest));
  return known.length > 0 && known.every((digest) => verified.has(digest));
}
