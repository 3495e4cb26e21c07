import { explainDecision } from '@notarykit/sbom-gate/internal/core';
import { explain } from '@notarykit/trust-policy/internal';
import type { KeptVerdict } from './stored.js';

/** A verdict as text for people: what the signatures say, then the gate; where neither was asked, why not. */
export function explainVerdict({ report, decision, code, message }: KeptVerdict): string {
  const parts = [
    ...(report === undefined ? [] : [explain(report)]),
    ...(decision === undefined ? [] : [explainDecision(decision)]),
  ];
  if (parts.length === 0) return [code, message].filter((part) => part !== undefined).join(': ');
  return parts.map((part) => part.trimEnd()).join('\n\n');
}
