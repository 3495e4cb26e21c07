import { defined } from '@notarykit/common/internal';
import { describeFact } from './describe/fact.js';
import type { Fact } from './facts.js';
import type { TrustReport, ValidationReport } from './report/report.js';

/** A SARIF 2.1.0 log, as far as reports fill it. */
export interface SarifLog {
  readonly $schema: string;
  readonly version: '2.1.0';
  readonly runs: readonly [SarifRun];
}

/** The one run of a log. */
export interface SarifRun {
  readonly tool: {
    readonly driver: { readonly name: string; readonly informationUri: string; readonly rules: readonly SarifRule[] };
  };
  readonly results: readonly SarifResult[];
}

/** A rule: the name of a fact. */
export interface SarifRule {
  readonly id: string;
  readonly shortDescription: { readonly text: string };
}

/** One finding. */
export interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: 'error' | 'warning' | 'note';
  readonly message: { readonly text: string };
  readonly locations: readonly [
    {
      readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } };
      readonly logicalLocations: readonly [{ readonly fullyQualifiedName: string; readonly kind: 'resource' }];
    },
  ];
  readonly partialFingerprints: { readonly trust: string };
  /** The fact itself. */
  readonly properties: Fact;
}

type Level = SarifResult['level'];

/**
 * Reports as a SARIF log, for code scanning: an error for each refusal that made an artifact not trusted, a warning for what was
 * only logged, a note for what was passed over or did not matter since another signature is trusted.
 */
export function toSarif(reports: readonly TrustReport[]): SarifLog {
  const found = reports.flatMap(findings);
  const ids = [...new Set(found.map(({ fact }) => fact.fact))].sort();
  const results = found.map((finding): SarifResult => toResult(finding, ids.indexOf(finding.fact.fact)));
  const driver = {
    name: 'NotaryKit',
    informationUri: 'https://notaryproject.dev/',
    rules: ids.map((id) => ({ id, shortDescription: { text: sentence(id) } })),
  };
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, results }],
  };
}

interface Finding {
  readonly report: TrustReport;
  readonly fact: Fact;
  readonly level: Level;
  readonly signature?: string;
}

function findings(report: TrustReport): readonly Finding[] {
  const trusted = report.verdict === 'trusted';
  const levelOf = ({ result }: ValidationReport): Level =>
    result === 'logged' ? 'warning' : trusted ? 'note' : 'error';
  const signatures = report.signatures.flatMap(({ validations, manifest }) =>
    validations.flatMap((validation): readonly Finding[] => {
      if (validation.fact === undefined) return [];
      const signature = defined({ signature: manifest });
      return [{ report, fact: validation.fact, level: levelOf(validation), ...signature }];
    }),
  );
  const ignored = report.ignored.map(
    ({ digest, fact }): Finding => ({ report, fact, level: 'note', signature: digest }),
  );
  const own: readonly Finding[] =
    report.fact === undefined ? [] : [{ report, fact: report.fact, level: trusted ? 'note' : 'error' }];
  return [...own, ...signatures, ...ignored];
}

function toResult({ report, fact, level, signature }: Finding, ruleIndex: number): SarifResult {
  const { message, remedy } = describeFact(fact);
  const name = nameOf(report);
  const uri = `oci://${encodeURI(name)}`;
  return {
    ruleId: fact.fact,
    ruleIndex,
    level,
    message: { text: `${message}. To do: ${remedy}.` },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri } },
        logicalLocations: [
          { fullyQualifiedName: signature === undefined ? name : `${name}#${signature}`, kind: 'resource' },
        ],
      },
    ],
    partialFingerprints: { trust: `${name} ${fact.fact} ${signature ?? ''}`.trim() },
    properties: fact,
  };
}

function nameOf({ subject }: TrustReport): string {
  return subject.kind === 'artifact' ? `${subject.repository}@${subject.digest}` : `blob/${subject.digest ?? 'unread'}`;
}

/** `certificateRevoked` as `Certificate revoked`. */
function sentence(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
