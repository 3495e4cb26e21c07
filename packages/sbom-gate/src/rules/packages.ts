import type { EvidenceDocument, PlatformEvidence } from '../evidence/evidence.js';
import type { PackageRule, SbomPolicy } from '../policy/document.js';
import type { Component, SbomDocument } from '../sbom/document.js';
import type { DecisionContext } from './context.js';
import { DoubtfulNames, reportOddPurls } from './doubtful.js';
import type { ExceptionTable } from './exceptions.js';
import { describePackage, identify } from './identity.js';
import type { InventoryItem } from './inventory.js';
import { blockMatch, type CompiledRule, compileRule, RuleIndex, requireMatch } from './match.js';

/** The inventory of a platform: everything that its trusted SBOMs list. */
export function buildInventory(documents: readonly EvidenceDocument[]): readonly InventoryItem[] {
  return documents.flatMap((document) =>
    (document.content as SbomDocument).components.map((component) => ({
      component,
      document,
      identity: identify(component),
    })),
  );
}

/** Package rules over the inventory of one platform. */
export function checkPackages(
  context: DecisionContext,
  policy: SbomPolicy,
  platform: PlatformEvidence,
  inventory: readonly InventoryItem[],
  exceptions: ExceptionTable,
): void {
  if (policy.blockPackages.length > 0) checkBlocked(context, policy, platform, inventory, exceptions);
  if (policy.blockPackages.length > 0 || policy.requirePackages.length > 0)
    reportOddPurls(context, platform, inventory);
  for (const [i, rule] of policy.requirePackages.entries())
    checkRequired(context, rule, `sbom.requirePackages[${i}]`, platform, inventory);
}

function checkBlocked(
  context: DecisionContext,
  policy: SbomPolicy,
  platform: PlatformEvidence,
  inventory: readonly InventoryItem[],
  exceptions: ExceptionTable,
): void {
  const index = new RuleIndex(policy.blockPackages);
  const names = new DoubtfulNames(context, platform, index.rules);
  for (const item of inventory) {
    names.report(item);
    for (const compiled of index.candidates(item.identity)) {
      const match = blockMatch(compiled, item.identity);
      if (match !== 'no') reportBlocked(context, compiled, match, item, platform, exceptions);
    }
  }
}

function reportBlocked(
  context: DecisionContext,
  compiled: CompiledRule,
  match: 'yes' | 'version-unknown',
  item: InventoryItem,
  platform: PlatformEvidence,
  exceptions: ExceptionTable,
): void {
  const { rule } = compiled;
  const { component, document, identity } = item;
  const named = describePackage(component, identity);
  const about = { platform: platform.platform, document, pointer: component.pointer, package: named };
  const ids = [rule.id, ...namesOf(item, named)];
  const exception = exceptions.find('package', ids, identity, { platform: platform.platform, package: named });
  if (exception !== undefined) {
    context.counts.excepted++;
    context.add('sbom.blockPackages', 'info', 'EXCEPTION_USED', `${named} is let through: ${exception.reason}`, about);
    return;
  }
  const what = `blocked by rule "${rule.id}"${rule.versions === undefined ? '' : ` (${rule.versions.text})`}`;
  const why = rule.reason === undefined ? '' : `: ${rule.reason}`;
  if (match === 'yes') context.add('sbom.blockPackages', 'deny', 'PACKAGE_BLOCKED', `${named} is ${what}${why}`, about);
  else {
    const message = `${named} may be ${what}: its version is missing or cannot be compared${why}`;
    context.add('sbom.blockPackages', 'deny', 'PACKAGE_VERSION_UNKNOWN', message, about);
  }
  if (component.scope === 'excluded' || component.scope === 'external')
    context.add('sbom.blockPackages', 'warn', 'PACKAGE_EXTERNAL', `${named} is listed as ${component.scope}`, about);
}

/** The names by which an exception may name a package: none where they contradict each other. */
function namesOf({ component, identity }: InventoryItem, named: string): readonly string[] {
  if (identity.conflict || identity.ambiguous || identity.unreadable.length > 0) return [];
  return identity.purl === undefined ? [component.name] : [named, component.name];
}

function checkRequired(
  context: DecisionContext,
  rule: PackageRule,
  at: string,
  platform: PlatformEvidence,
  inventory: readonly InventoryItem[],
): void {
  const compiled = compileRule(rule);
  let near: { readonly item: InventoryItem; readonly why: string } | undefined;
  let conflict: InventoryItem | undefined;
  for (const item of inventory) {
    const { component, identity } = item;
    const match = requireMatch(compiled, identity);
    if (match === 'no') {
      if (near === undefined && requireMatch({ ...compiled, rule: withoutVersions(rule) }, identity) === 'yes')
        near = { item, why: `version ${component.version ?? 'missing'} is not in ${rule.versions?.text}` };
      continue;
    }
    const why = obstacle(component, compiled, match);
    if (why === undefined && !identity.conflict) return;
    if (why === undefined) conflict = item;
    else near = { item, why };
  }
  if (conflict !== undefined) {
    const message = `${rule.id} is required, and the component that looks like it has a name that contradicts its package URL`;
    context.add(at, 'deny', 'COMPONENT_IDENTITY_CONFLICT', message, aboutItem(platform, conflict, rule));
    return;
  }
  const range = rule.versions === undefined ? '' : ` ${rule.versions.text}`;
  const reason = near === undefined ? 'no trusted SBOM lists it' : near.why;
  const message = `required package ${rule.purl ?? rule.name}${range} is missing: ${reason}`;
  context.add(at, 'deny', 'PACKAGE_REQUIRED_MISSING', message, aboutItem(platform, near?.item, rule));
}

function withoutVersions(rule: PackageRule): PackageRule {
  return { id: rule.id, includeUpstream: false, pointer: rule.pointer };
}

/** Why a component that matches by name does not satisfy a rule that requires it. */
function obstacle(component: Component, compiled: CompiledRule, match: 'yes' | 'version-unknown'): string | undefined {
  if (match === 'version-unknown') return 'its version is missing or cannot be compared';
  if (component.scope === 'excluded' || component.scope === 'external')
    return `it is listed as ${component.scope}, so it is not in the image`;
  if (component.root === true && compiled.type !== 'oci') return 'it is the name of the image itself';
  return undefined;
}

function aboutItem(
  platform: PlatformEvidence,
  item: InventoryItem | undefined,
  rule: PackageRule,
): { platform: string; document?: EvidenceDocument; pointer?: string; package: string } {
  return {
    platform: platform.platform,
    package: rule.purl ?? rule.name ?? rule.id,
    ...(item === undefined ? {} : { document: item.document, pointer: item.component.pointer }),
  };
}
