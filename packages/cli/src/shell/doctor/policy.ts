import { lintTrustPolicy } from '@notarykit/trust-policy/internal';
import { notationConfiguration } from '@notarykit/trust-policy/node';
import { blobPolicy, findPolicy, policyPath, readPolicyFile } from '../policy-file.js';
import { examine, type Finding, fine } from './finding.js';

const states = { error: 'error', warning: 'warning', note: 'fine' } as const;

/** Whether there is a trust policy, what is unwise in it, and whether the stores that it names hold what is valid now. */
export async function examinePolicies(): Promise<readonly Finding[]> {
  return [...(await examinePolicy()), ...(await examineBlobPolicy())];
}

function examinePolicy(): Promise<readonly Finding[]> {
  return examine('policy', 'write one with "notarykit policy init", or correct it', async () => {
    const path = await policyPath();
    const policy = await readPolicyFile(path);
    const findings = await lintTrustPolicy(policy, { trustStore: notationConfiguration().trustStore });
    const said = findings.map(
      ({ severity, statement = 'document', member, message, remedy }): Finding => ({
        area: 'policy',
        state: states[severity],
        message: `${path}: ${statement}, ${member}: ${message}`,
        remedy,
      }),
    );
    return [fine('policy', `${path} has ${policy.statements.length} statement(s)`), ...said];
  });
}

/** Few sign files: no policy for them is fine. */
async function examineBlobPolicy(): Promise<readonly Finding[]> {
  const path = await findPolicy(blobPolicy);
  if (path === undefined) return [];
  return await examine('policy', 'correct it', async () => {
    const { statements } = await notationConfiguration().blobTrustPolicy();
    return [fine('policy', `${path} has ${statements.length} statement(s)`)];
  });
}
