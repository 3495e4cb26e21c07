import { defined, type JsonObject } from '@notarykit/common/internal';
import { GateError } from '../errors.js';
import { digestSetOf, flagOf, objectIf, objectOf, objectsOf, textOf } from '../json/members.js';
import { carriedBy, subjectOf } from '../sbom/subject.js';
import type { BuildMaterial, BuildSource, ProvenanceDocument } from './document.js';
import { isGit, placeOf, revisionsIn, sourceOf } from './source.js';

const buildKitCompleteness = 'https://mobyproject.org/buildkit@v1#completeness';

/**
 * Reads the predicate of SLSA provenance, version 0.2 (`https://slsa.dev/provenance/v0.2`) or 1 (`https://slsa.dev/provenance/v1`), as
 * BuildKit, GitHub and Tekton write it.
 *
 * @param subjects - digests of the statement's subjects
 * @throws {GateError} `ERR_GATE_EVIDENCE` for another version, or for members of another type than the version says
 */
export function readProvenance(type: string, predicate: JsonObject, subjects: readonly string[]): ProvenanceDocument {
  const version = /\/provenance\/v(0\.2|1)(?:\.[0-9]+)?$/.exec(type)?.[1];
  if (version === undefined)
    throw new GateError('ERR_GATE_EVIDENCE', 'expected SLSA provenance v0.2 or v1: other versions are not read');
  const read = version === '1' ? readV1(predicate) : readV02(predicate);
  return {
    class: 'provenance',
    format: version === '1' ? 'slsa-1' : 'slsa-0.2',
    formatVersion: version,
    ...read,
    subject: carriedBy(subjectOf({}), subjects),
    warnings: [],
  };
}

type Read = Omit<ProvenanceDocument, 'class' | 'format' | 'formatVersion' | 'subject' | 'warnings'>;

/** SLSA v1: `buildDefinition` and `runDetails`. */
function readV1(predicate: JsonObject): Read {
  const definition = objectOf(predicate, 'buildDefinition');
  const details = objectOf(predicate, 'runDetails');
  const materials = materialsOf(definition, 'resolvedDependencies', '/predicate/buildDefinition');
  const buildType = textOf(definition, 'buildType');
  const external = objectOf(definition, 'externalParameters');
  const metadata = objectOf(details, 'metadata');
  const completeness = objectOf(metadata, 'buildkit_completeness') ?? objectOf(metadata, buildKitCompleteness);
  return {
    ...stated(textOf(objectOf(details, 'builder'), 'id'), buildType),
    sources: sourcesOf(buildType, configV1(external, materials), materials),
    materials,
    complete: completeOf(flagOf(completeness, 'resolvedDependencies') ?? flagOf(completeness, 'materials')),
  };
}

/** SLSA v0.2: `builder`, `invocation` and `materials`. */
function readV02(predicate: JsonObject): Read {
  const materials = materialsOf(predicate, 'materials', '/predicate');
  const buildType = textOf(predicate, 'buildType');
  const config = objectOf(objectOf(predicate, 'invocation'), 'configSource');
  return {
    ...stated(textOf(objectOf(predicate, 'builder'), 'id'), buildType),
    sources: sourcesOf(buildType, configOf(config, '/predicate/invocation/configSource', materials), materials),
    materials,
    complete: completeOf(flagOf(objectOf(objectOf(predicate, 'metadata'), 'completeness'), 'materials')),
  };
}

function stated(builder: string | undefined, buildType: string | undefined): Pick<Read, 'builder' | 'buildType'> {
  return { ...defined({ builder, buildType }) };
}

function completeOf(flag: boolean | undefined): Read['complete'] {
  return flag === undefined ? 'unknown' : flag ? 'yes' : 'no';
}

function materialsOf(object: JsonObject | undefined, name: string, pointer: string): readonly BuildMaterial[] {
  return objectsOf(object, name).map((item, i) => ({
    uri: textOf(item, 'uri') ?? textOf(item, 'name') ?? '',
    digests: digestSetOf(item, 'digest'),
    pointer: `${pointer}/${name}/${i}`,
  }));
}

/** What the build was started from: `configSource` of BuildKit, `source` of container builds, `workflow` of GitHub. */
function configV1(external: JsonObject | undefined, materials: readonly BuildMaterial[]): readonly BuildSource[] {
  const at = '/predicate/buildDefinition/externalParameters';
  const config = ['configSource', 'source'].flatMap((name) =>
    configOf(objectIf(external, name), `${at}/${name}`, materials),
  );
  const workflow = objectIf(external, 'workflow');
  const repository = textOf(workflow, 'repository');
  if (repository === undefined) return config;
  const ref = textOf(workflow, 'ref');
  const place = { ...placeOf(repository), ...defined({ ref }) };
  return [...config, { ...place, revisions: resolved(place, materials), pointer: `${at}/workflow` }];
}

function configOf(
  config: JsonObject | undefined,
  pointer: string,
  materials: readonly BuildMaterial[],
): readonly BuildSource[] {
  const uri = textOf(config, 'uri');
  if (config === undefined || uri === undefined) return [];
  const place = placeOf(uri);
  const own = revisionsIn(digestSetOf(config, 'digest'));
  return [{ ...place, revisions: own.length > 0 ? own : resolved(place, materials), pointer }];
}

/** The commit under which the materials list a repository and ref. */
function resolved({ repository, ref }: Pick<BuildSource, 'repository' | 'ref'>, materials: readonly BuildMaterial[]) {
  const same = materials.map(sourceOf).filter((one) => one.repository === repository && one.ref === ref);
  return [...new Set(same.flatMap(({ revisions }) => revisions))];
}

/** Tekton's config is that of the pipeline, and a local build has none: then the repositories among the materials are the sources. */
function sourcesOf(
  buildType: string | undefined,
  config: readonly BuildSource[],
  materials: readonly BuildMaterial[],
): readonly BuildSource[] {
  const tekton = /^(?:https:\/\/)?tekton\.dev\//.test(buildType ?? '');
  return config.length > 0 && !tekton ? config : [...config, ...materials.filter(isGit).map(sourceOf)];
}
