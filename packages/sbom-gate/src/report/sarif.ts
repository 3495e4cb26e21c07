import type { GateDecision } from '../decision.js';
import type { GateOutcome } from '../outcome.js';
import { remedyOf } from './remedies.js';

const levels: Readonly<Record<GateOutcome['level'], 'error' | 'warning' | 'note'>> = {
  deny: 'error',
  rescan: 'error',
  warn: 'warning',
  info: 'note',
};

/** A decision as a SARIF 2.1.0 log, for the places that show code scanning results. One rule for each code. */
export function formatSarif(decision: GateDecision): string {
  const { image, policy, outcomes } = decision;
  const codes = [...new Set(outcomes.map(({ code }) => code))].sort();
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'NotaryKit gate',
            informationUri: 'https://notaryproject.dev/',
            rules: codes.map((code) => ({
              id: code,
              ...(remedyOf(code) === undefined ? {} : { help: { text: remedyOf(code) } }),
            })),
          },
        },
        invocations: [{ executionSuccessful: true, endTimeUtc: decision.evaluatedAt.toISOString() }],
        properties: {
          verdict: decision.verdict,
          image: image.digest,
          policy: policy.name,
          policyDigest: policy.digest,
        },
        results: outcomes.map((outcome) => resultOf(outcome, codes, image.reference ?? image.digest)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function resultOf(outcome: GateOutcome, codes: readonly string[], image: string): object {
  const { evidence, code } = outcome;
  const facts = [outcome.platform, outcome.package, outcome.finding].filter((text) => text !== undefined);
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: levels[outcome.level],
    message: { text: outcome.message },
    locations: [
      {
        logicalLocations: [
          { name: image, kind: 'resource' },
          ...facts.map((name) => ({ name, kind: 'object' })),
          ...(evidence === undefined
            ? []
            : [
                {
                  name: evidence.manifest,
                  fullyQualifiedName: `${evidence.manifest}${evidence.pointer ?? ''}`,
                  kind: 'object',
                },
              ]),
        ],
      },
    ],
    properties: { rule: outcome.rule },
  };
}
