import type { Finding } from '../scan/report.js';
import type { DecisionContext } from './context.js';
import type { FindingRules } from './finding-rules.js';
import type { PackageIdentity } from './identity.js';

/** Names of exactly one vulnerability each; a database or a vendor may group several of them under another name. */
const single: readonly RegExp[] = [/^cve-/i, /^ghsa-/i];

/**
 * The vulnerabilities that a finding is about, each with the names under which it may be let through. An advisory of a distribution may
 * be about several: to let one of them through says nothing about the others. The name of the advisory covers all of them.
 */
function vulnerabilitiesOf({ id, aliases }: Finding): readonly (readonly string[])[] {
  const all = [id, ...aliases];
  for (const pattern of single) {
    const found = all.filter((name) => pattern.test(name));
    const distinct = new Map(found.map((name) => [name.toLowerCase(), name]));
    if (distinct.size > 1) return [...distinct.values()].map((name) => [id, name]);
    if (distinct.size === 1) break;
  }
  return [all];
}

type About = NonNullable<Parameters<DecisionContext['add']>[4]> & { readonly what: string };

/** Looks for what lets a finding through, for each vulnerability that it is about. */
export function settleEach(
  rules: FindingRules,
  finding: Finding,
  identity: PackageIdentity | undefined,
  about: About,
): readonly Settled[] {
  return vulnerabilitiesOf(finding).map((ids) => settle(rules, ids, identity, about));
}

/** What lets a vulnerability through, if anything; otherwise why nothing does. */
interface Settled {
  readonly by?: 'vex' | 'exception';
  readonly notes: readonly string[];
}

function settle(
  { context, platform, exceptions, vex }: FindingRules,
  ids: readonly string[],
  identity: PackageIdentity | undefined,
  { what, ...about }: About,
): Settled {
  const statement = vex.find(ids, identity, platform);
  if (statement !== undefined)
    context.add(
      'vex',
      'info',
      statement.accepted ? 'VEX_ACCEPTED' : 'VEX_REJECTED',
      `${what}: ${statement.message}`,
      about,
    );
  if (statement?.accepted === true) return { by: 'vex', notes: [] };
  const exception = exceptions.find('vulnerability', ids, identity, {
    platform: platform.platform,
    ...(about.finding === undefined ? {} : { finding: about.finding }),
    ...(about.package === undefined ? {} : { package: about.package }),
  });
  if (exception === undefined)
    return { notes: statement === undefined ? vex.whyUnmet(ids, identity) : [statement.message] };
  const until = exception.expires.toISOString();
  const message = `${what} is let through until ${until}: ${exception.reason}`;
  context.add('exceptions', 'info', 'EXCEPTION_USED', message, about);
  return { by: 'exception', notes: [] };
}
