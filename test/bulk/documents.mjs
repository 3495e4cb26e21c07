// SBOMs, scan reports and VEX documents.
import { openAsBlob } from 'node:fs';
import { parsePurl, readDocument } from '@notarykit/sbom-gate';
import { typeProblem } from '@notarykit/sbom-gate/internal';

const limits = { documentBytes: 128 * 1024 * 1024, depth: 256, items: 500_000 };

/** Reads a file as evidence, as the gate would: what it is and how much is in it, or the coded reason why not. */
export async function readEvidence(path) {
  const outcome = await readDocument((await openAsBlob(path)).stream(), { limits });
  if ('problem' in outcome) return { refused: outcome.problem };
  const { content } = outcome;
  const kind = `${content.class} ${content.format} ${content.formatVersion}`.trim();
  return { kind, counts: countsOf(content), notes: notesOf(content) };
}

function countsOf(content) {
  switch (content.class) {
    case 'sbom':
      return { components: content.components.length, ...countPurls(content.components) };
    case 'scan':
      return { findings: content.findings.length, 'left out by the scanner': content.suppressed.length };
    default:
      return { statements: content.statements.length };
  }
}

function countPurls(components) {
  const counts = { 'package URLs': 0, 'that break a rule of their type': 0, 'that cannot be read': 0 };
  for (const purl of components.flatMap(({ purl, morePurls = [] }) => [purl, ...morePurls])) {
    if (purl === undefined) continue;
    counts['package URLs']++;
    const verdict = judge(purl);
    if (verdict !== undefined) counts[verdict]++;
  }
  return counts;
}

function judge(purl) {
  try {
    const read = parsePurl(purl, { keys: 'any', typeRules: 'leave' });
    return typeProblem(read) === undefined ? undefined : 'that break a rule of their type';
  } catch (error) {
    if (error.code !== 'ERR_GATE_SYNTAX') throw error;
    return 'that cannot be read';
  }
}

function notesOf({ warnings, failed }) {
  return [...warnings, ...(failed === undefined ? [] : [failed])];
}
