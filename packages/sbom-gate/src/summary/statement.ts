import { defined, isJsonObject, type JsonObject, parseJson } from '@notarykit/common/internal';
import { artifactTypeOf, type Descriptor, type Digest, type Manifest } from '@notarykit/oci/internal';
import { GateError } from '../errors.js';
import { listOf, objectOf, objectsOf, textOf, textsOf } from '../json/members.js';
import { timeOf } from '../rules/time.js';

/** Type of in-toto statements. */
export const statementType = 'https://in-toto.io/Statement/v1';

/** Predicate type of a verification summary (SLSA, "Verification Summary Attestation"). */
export const vsaPredicateType = 'https://slsa.dev/verification_summary/v1';

/** Media type, and artifact type, of an in-toto statement. */
export const statementMediaType = 'application/vnd.in-toto+json';

/** Annotation that states the predicate type of a layer. */
export const predicateTypeAnnotation = 'in-toto.io/predicate-type';

/** Our member of the predicate, named as "Extension fields" of SLSA asks for. */
export const summaryMember = 'notarykit_gate';

/** What lets another gate accept a summary in place of the work. */
export interface SummaryGrounds {
  /** Digest of what the decision depends on besides the image and its evidence: policies, anchors, rules, limits, code. */
  readonly request: string;
  /** Until when the decision holds if only time passes. */
  readonly validUntil: Date;
  /** Artifacts that are attached to the image or a platform and were judged: one that is not among them is new. */
  readonly attachments: readonly Digest[];
  /** The signers of image and evidence, each with its certificate chain: DER in base64, leaf first. */
  readonly signers: readonly SummarySigner[];
}

/** A signer that a summary rests on. */
export interface SummarySigner {
  /** Statement of the trust policy under which the signature is trusted. */
  readonly statement: string;
  readonly chain: readonly string[];
}

/** What a verification summary says. */
export interface VerificationSummary {
  readonly subjects: readonly Digest[];
  readonly verifier?: string;
  readonly resourceUri?: string;
  readonly policy?: Digest;
  /** Absent where it cannot be read. */
  readonly timeVerified?: Date;
  /** `PASSED`, with the level `SBOM_GATE_PASSED`. */
  readonly passed: boolean;
  /** Absent where the summary is for readers only. */
  readonly grounds?: SummaryGrounds & {
    readonly platforms: readonly { readonly platform: string; readonly digest: Digest }[];
  };
}

/** The layer of an artifact whose manifest says that it is a verification summary and nothing else. */
export function summaryLayer(manifest: Manifest): Descriptor | undefined {
  const layers = manifest.kind === 'image' ? manifest.layers : [];
  const [layer] = layers;
  if (layer === undefined || layers.length > 1 || artifactTypeOf(manifest) !== statementMediaType) return undefined;
  const type = layer.annotations?.[predicateTypeAnnotation] ?? manifest.annotations?.[predicateTypeAnnotation];
  return type === vsaPredicateType ? layer : undefined;
}

/** @throws {GateError} `ERR_GATE_EVIDENCE`, {CodecError} when the bytes are not such a statement */
export function readSummary(bytes: Uint8Array): VerificationSummary {
  const value = parseJson(bytes, { maxDepth: 32 });
  if (!isJsonObject(value) || value['_type'] !== statementType || value['predicateType'] !== vsaPredicateType)
    throw new GateError('ERR_GATE_EVIDENCE', 'expected an in-toto statement with a verification summary');
  const predicate = objectOf(value, 'predicate');
  const [verifier, resourceUri] = [textOf(objectOf(predicate, 'verifier'), 'id'), textOf(predicate, 'resourceUri')];
  const [policy] = digestsOf(objectOf(objectOf(predicate, 'policy'), 'digest'));
  const timeVerified = timeIn(predicate, 'timeVerified');
  const own = objectOf(predicate, summaryMember);
  const passed =
    textOf(predicate, 'verificationResult') === 'PASSED' &&
    listOf(predicate, 'verifiedLevels').includes('SBOM_GATE_PASSED');
  return {
    subjects: objectsOf(value, 'subject').flatMap((subject) => digestsOf(objectOf(subject, 'digest'))),
    ...defined({ verifier, resourceUri, policy, timeVerified }),
    passed,
    ...(own === undefined ? {} : { grounds: groundsOf(own) }),
  };
}

function groundsOf(own: JsonObject): NonNullable<VerificationSummary['grounds']> {
  const [request, validUntil] = [textOf(own, 'request'), timeIn(own, 'validUntil')];
  if (request === undefined || validUntil === undefined)
    throw new GateError('ERR_GATE_EVIDENCE', `member "${summaryMember}": expected "request" and "validUntil"`);
  return {
    request,
    validUntil,
    platforms: objectsOf(own, 'platforms').map((one) => ({
      platform: textOf(one, 'platform') ?? '',
      digest: (textOf(one, 'digest') ?? '') as Digest,
    })),
    attachments: textsOf(own, 'attachments') as Digest[],
    signers: objectsOf(own, 'signers').map((one) => ({
      statement: textOf(one, 'statement') ?? '',
      chain: textsOf(one, 'chain'),
    })),
  };
}

function digestsOf(set: JsonObject | undefined): readonly Digest[] {
  return Object.keys(set ?? {}).map((algorithm) => `${algorithm}:${textOf(set, algorithm) ?? ''}` as Digest);
}

function timeIn(object: JsonObject | undefined, name: string): Date | undefined {
  return timeOf(textOf(object, name) ?? '');
}
