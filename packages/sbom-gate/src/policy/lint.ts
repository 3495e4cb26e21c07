import { parsePurl, typeProblem } from '../purl/parse.js';
import type { GatePolicy, GatePolicyWarning, PackageRule, ProvenancePolicy } from './document.js';

/**
 * What is valid in a policy and probably not meant: a class that is not checked, an exception that has expired, rules that
 * no document of an accepted format can satisfy, a production signer that may vouch for its own evidence.
 */
export function lintGatePolicy(policy: GatePolicy, now: Date): readonly GatePolicyWarning[] {
  return [...lintClasses(policy), ...lintSigners(policy), ...lintExceptions(policy, now), ...lintRules(policy)];
}

function lintClasses(policy: GatePolicy): GatePolicyWarning[] {
  const warnings: GatePolicyWarning[] = [];
  if (policy.sbom === undefined)
    warnings.push({ pointer: '/sbom', message: 'no block "sbom": packages are not checked' });
  if (policy.scan === undefined)
    warnings.push({ pointer: '/scan', message: 'no block "scan": vulnerabilities are not checked' });
  const block = policy.scan?.block;
  if (block !== undefined && block.severityAtOrAbove === undefined && !block.knownExploited && block.ids.length === 0)
    warnings.push({ pointer: '/scan/block', message: 'nothing is listed: no finding can block' });
  if (policy.sbom?.formats.includes('origin-simple') && hasPackageRules(policy))
    warnings.push({
      pointer: '/sbom/formats',
      message: '"origin-simple" has no inventory: package rules will deny it',
    });
  const { provenance } = policy;
  if (provenance !== undefined && asksNothing(provenance))
    warnings.push({ pointer: '/provenance', message: 'no rule is set: every builder and every source is accepted' });
  return warnings;
}

function asksNothing({ builders, buildTypes, sources, materials, baseImages }: ProvenancePolicy): boolean {
  return [builders, buildTypes, sources, materials].every((rule) => rule === undefined) && baseImages === 'any';
}

function hasPackageRules({ sbom }: GatePolicy): boolean {
  return (
    sbom !== undefined &&
    (sbom.requirePackages.length > 0 || sbom.blockPackages.length > 0 || sbom.licenses !== undefined)
  );
}

function lintSigners(policy: GatePolicy): GatePolicyWarning[] {
  const used = [policy.image, policy.sbom, policy.scan, policy.vex, policy.provenance].flatMap(
    (block) => block?.signedBy ?? [],
  );
  const warnings: GatePolicyWarning[] = [];
  const production = policy.output.promote?.signWith;
  for (const alias of policy.signers.keys())
    if (!used.includes(alias) && alias !== production && policy.summary?.signedBy.includes(alias) !== true)
      warnings.push({ pointer: `/signers/${alias}`, message: 'no class is signed by this signer' });
  if (production !== undefined && used.includes(production))
    warnings.push({
      pointer: '/output/promote/signWith',
      message: `signer "${production}" signs promoted images and also vouches for the evidence that promotes them`,
    });
  for (const alias of policy.summary?.signedBy ?? [])
    if (used.includes(alias))
      warnings.push({
        pointer: '/summary/signedBy',
        message: `signer "${alias}" signs summaries and also the evidence that a summary replaces`,
      });
  return warnings;
}

function lintExceptions(policy: GatePolicy, now: Date): GatePolicyWarning[] {
  return policy.exceptions.flatMap((exception, i) =>
    exception.expires.getTime() < now.getTime()
      ? [{ pointer: `/exceptions/${i}/expires`, message: `the exception for "${exception.id}" has expired already` }]
      : [],
  );
}

function lintRules(policy: GatePolicy): GatePolicyWarning[] {
  return [...lintVersions(policy), ...lintPurls(policy)];
}

/** Package URLs that break a rule of their type are taken as they are: what they then mean should be known. */
function lintPurls({ sbom, exceptions }: GatePolicy): GatePolicyWarning[] {
  const blocked = oddPurls(sbom?.blockPackages ?? []).map(({ pointer, expected }) => ({
    pointer,
    message: `expected ${expected}; a rule that blocks meets packages of every namespace then`,
  }));
  const named = [sbom?.requirePackages, sbom?.licenses?.exceptPackages, ...exceptions.map(({ packages }) => packages)];
  const others = oddPurls(named.flatMap((rules) => rules ?? [])).map(({ pointer, expected }) => ({
    pointer,
    message: `expected ${expected}; only packages that are written in the same way are met`,
  }));
  return [...blocked, ...others];
}

/** Rules have no version; what lacks a namespace or a qualifier, or has one too many, is odd. */
function oddPurls(rules: readonly PackageRule[]): { pointer: string; expected: string }[] {
  return rules.flatMap(({ purl, pointer }) => {
    if (purl === undefined) return [];
    const problem = typeProblem(parsePurl(purl, { typeRules: 'leave' }));
    return problem?.part === 'namespace' ? [{ pointer: `${pointer}/purl`, expected: problem.expected }] : [];
  });
}

function lintVersions({ sbom }: GatePolicy): GatePolicyWarning[] {
  if (sbom === undefined) return [];
  const unversioned = (rule: PackageRule): boolean =>
    rule.versions !== undefined && rule.purl === undefined && rule.type === undefined;
  return [...sbom.blockPackages, ...sbom.requirePackages].filter(unversioned).map((rule) => ({
    pointer: rule.pointer,
    message: 'a version range without "purl" or "type" is compared with packages of every kind',
  }));
}
