import { expect, it } from 'vitest';
import { reports, staleReports } from './api-report.mjs';

it('api/ has the public surface as it is: run node scripts/api-report.mjs after a change', () => {
  expect(staleReports()).toEqual([]);
});

it('names what an entry exports, what that uses, and what comes from elsewhere', () => {
  const main = reports().get('notarykit.txt') ?? '';
  expect(main).toContain('# auditTargets\nfunction auditTargets(repository: AuditableRepository, ');
  expect(main).toContain('?: AuditTargetsOptions): Promise<readonly AuditTarget[]>;\n');
  expect(main).toContain("# openGraph\nfrom '@notarykit/artifact-graph'\n");
  expect(main.split('## Not exported, but used above')[1]).toContain('# EvidenceEntry\ninterface EvidenceEntry');
});
