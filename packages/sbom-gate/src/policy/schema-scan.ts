import type { Schema } from './check-schema.js';
import { block, definition, flag, list, oneOf } from './schema-members.js';

const formats = ['trivy', 'grype', 'snyk', 'cyclonedx', 'in-toto-vulns', 'cosign-vuln'];
const again = ['deny', 'rescan'];

const blocked: Schema = block('Which findings refuse.', {
  severityAtOrAbove: oneOf(
    ['critical', 'high', 'medium', 'low', 'negligible'],
    'Findings of this severity or a worse one.',
  ),
  knownExploited: flag('Findings that the report says are exploited.'),
  onlyFixable: flag('Only findings where there may be a fix; those of `ids` always.'),
  ids: list({ type: 'string' }, 'These vulnerabilities, whatever their severity.', { default: [] }),
  unknownSeverity: definition('action', 'A finding whose severity is not known.', 'warn'),
});

/** Schema of the `scan` block. */
export const scanSchema: Schema = block(
  'Rules about scan reports. Each platform must have one that is trusted and fresh.',
  {
    signedBy: definition('signerList', 'Who may sign scan reports.'),
    formats: list(
      { enum: [...formats, 'scout', 'sarif'] },
      'Formats that count; documents in others are set aside. SARIF is read of Trivy, Grype and Snyk.',
      { minItems: 1, uniqueItems: true, default: formats },
    ),
    scanners: list(
      { type: 'string' },
      'Scanners that count. With `newest-per-scanner` each of them must have reported. Without it all.',
      { minItems: 1 },
    ),
    combine: oneOf(
      ['newest-per-scanner', 'newest', 'any'],
      'Which reports are judged: the newest of each scanner, the newest of all, or one that passes.',
      'newest-per-scanner',
    ),
    binding: oneOf(
      ['subject', 'subject-and-document'],
      'Whether the report itself must name the image by digest, too.',
      'subject',
    ),
    maxAge: definition('duration', 'How old a report may be.'),
    dbMaxAge: definition('duration', "How old the scanner's database may be. Without it any age."),
    clockSkew: definition('duration', 'How far in the future a time may be.', '5m'),
    timeEvidence: oneOf(
      ['authentic', 'signed-content'],
      'Whether the time of a report must be proven by a trusted timestamp, or may be what it says.',
      'signed-content',
    ),
    block: blocked,
    severitySource: oneOf(
      ['reported', 'max', 'cvss'],
      'Whose severity counts: the scanner’s choice, the worst that the report gives, or that of the CVSS score.',
      'reported',
    ),
    requireCoverage: list({ enum: ['os', 'language'] }, 'What the report must show to have looked at.', {
      default: ['os'],
    }),
    endOfLifeOs: definition('action', 'An operating system that gets no updates any more.', 'deny'),
    suppressedByScanner: definition('action', 'A finding that would refuse and that the scanner left out.', 'warn'),
    onMissing: oneOf(again, 'A report is missing: refuse, or ask for a scan.', 'deny'),
    onStale: oneOf(again, 'A report is too old: refuse, or ask for a scan.', 'deny'),
  },
  ['signedBy', 'maxAge', 'block'],
);
