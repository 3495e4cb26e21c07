// What `notation verify --verbose` says, in the words of the kit.

/** Which validation decided, by the lines that notation writes; what none of them names is left open. */
const signs = [
  [/no signature is associated with|unable to retrieve digital signature|failed to resolve|: not found/i, 'signature'],
  [
    /no applicable trust policy|trust policy (document|statement|is not present)|malformed trust policy|Error: trust policy|registry scope/i,
    'policy',
  ],
  [/unable to find specified metadata/, 'metadata'],
  [/content descriptor mismatch|failed to unmarshal the payload/, 'integrity'],
  [/verification plugin|plugin executable|plugin/i, 'extended'],
];
const five = /level=error msg=(integrity|authenticity|authenticTimestamp|expiry|revocation) validation failed/g;

/** The verdict of a run: its exit code and what it printed. */
export function verdictOf({ status, stdout, stderr }) {
  if (status !== 0) return refusal(stderr);
  if (stdout.includes('Trust policy is configured to skip')) return { verdict: 'skipped' };
  const warnings = [...`${stdout}\n${stderr}`.matchAll(/^Warning: (\w+) was set to "log"/gm)].map(([, name]) => name);
  return { verdict: 'trusted', logged: [...new Set(warnings)] };
}

function refusal(stderr) {
  const named = [...stderr.matchAll(five)].at(-1)?.[1];
  // The verbose lines quote the policy, too: only what failed is looked at.
  const failures = stderr
    .split('\n')
    .filter((line) => /^Error:|failed verification with error|level=error/.test(line))
    .join('\n');
  const decidingValidation = named ?? signs.find(([sign]) => sign.test(failures))?.[1];
  return {
    verdict: 'refused',
    ...(decidingValidation === undefined ? {} : { decidingValidation }),
    message: failures.slice(-500),
  };
}
