import type { EvidenceDocument, PlatformEvidence } from '../evidence/evidence.js';
import type { SbomPolicy } from '../policy/document.js';
import type { SbomDocument } from '../sbom/document.js';
import { selectDocuments } from './binding.js';
import type { DecisionContext } from './context.js';
import type { ExceptionTable } from './exceptions.js';
import { checkLicenses } from './licenses.js';
import { newestSboms } from './newest-sbom.js';
import { buildInventory, checkPackages } from './packages.js';
import { timeOf } from './time.js';

/** Rules about inventories, for one platform. */
export function checkSbom(
  context: DecisionContext,
  policy: SbomPolicy,
  platform: PlatformEvidence,
  exceptions: ExceptionTable,
): void {
  const bound = selectDocuments(context, 'sbom', platform);
  const accepted = bound.filter((document) => acceptFormat(context, policy, document, platform));
  const chosen = policy.select === 'newest' ? newestSboms(accepted) : accepted;
  if (chosen.length === 0) return;
  for (const document of chosen) {
    context.use(platform, 'sbom', document);
    checkDocument(context, policy, document, platform);
  }
  const inventory = buildInventory(chosen);
  context.counts.components += inventory.length;
  if (chosen.every((document) => isSimple(document))) reportNoInventory(context, policy, chosen, platform);
  else checkPackages(context, policy, platform, inventory, exceptions);
  if (policy.licenses !== undefined) checkLicenses(context, policy.licenses, platform, inventory, exceptions);
}

function acceptFormat(
  context: DecisionContext,
  policy: SbomPolicy,
  document: EvidenceDocument,
  platform: PlatformEvidence,
): boolean {
  const { format } = document.content as SbomDocument;
  if (policy.formats.includes(format)) return true;
  const message = `format ${format} is not in sbom.formats (${policy.formats.join(', ')})`;
  context.setAside(document, platform, 'sbom.formats', 'FORMAT_NOT_ACCEPTED', message);
  return false;
}

function isSimple(document: EvidenceDocument): boolean {
  return (document.content as SbomDocument).format === 'origin-simple';
}

function checkDocument(
  context: DecisionContext,
  policy: SbomPolicy,
  document: EvidenceDocument,
  platform: PlatformEvidence,
): void {
  const content = document.content as SbomDocument;
  const about = { platform: platform.platform, document };
  if (content.format === 'origin-simple') checkSimple(context, content, about);
  else if (content.components.filter(({ root }) => root !== true).length === 0 && !policy.allowEmpty)
    context.add('sbom.allowEmpty', 'deny', 'SBOM_EMPTY', 'the SBOM lists no package', about);
  if (content.complete === 'no')
    context.add('sbom', 'warn', 'SBOM_INCOMPLETE', 'the SBOM says of itself that it is not complete', about);
  checkAge(context, policy, content, about);
}

type About = { readonly platform: string; readonly document: EvidenceDocument };

function checkSimple(context: DecisionContext, content: SbomDocument, about: About): void {
  if (content.contents !== 'good')
    context.add('sbom', 'deny', 'SBOM_NOT_GOOD', 'the simple SBOM does not say that its contents are "good"', about);
}

/** Rules about packages need a list of them: a simple SBOM has none, and silence is not evidence of absence. */
function reportNoInventory(
  context: DecisionContext,
  policy: SbomPolicy,
  documents: readonly EvidenceDocument[],
  platform: PlatformEvidence,
): void {
  if (policy.requirePackages.length === 0 && policy.blockPackages.length === 0 && policy.licenses === undefined) return;
  const message = 'the simple SBOM lists no packages, so no rule can be checked';
  for (const document of documents)
    context.add('sbom', 'deny', 'SBOM_NO_INVENTORY', message, { platform: platform.platform, document });
}

function checkAge(context: DecisionContext, policy: SbomPolicy, content: SbomDocument, about: About): void {
  if (policy.maxAge === undefined) return;
  const created = content.created === undefined ? undefined : timeOf(content.created);
  if (created === undefined || context.now.getTime() - created.getTime() > policy.maxAge || created > context.now) {
    const message = `the SBOM is of ${content.created ?? 'an unknown time'}, and may be ${policy.maxAge / 1000} s old`;
    context.add('sbom.maxAge', 'deny', 'SBOM_STALE', message, about);
  }
}
