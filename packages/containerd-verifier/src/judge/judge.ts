import { type CallOptions, defined, type Logger } from '@notarykit/common/internal';
import { decideTrusted, type KeptVerdict, keptOf, openGraph, verdictRequest } from 'notarykit/internal';
import type { PullRequest } from '../request/pull-request.js';
import type { Settings } from '../settings/settings.js';
import { credentialsFor } from './credentials.js';
import { networkOf, openPulled } from './repository.js';
import { notationIn, trustOf } from './trust.js';
import { verdictsOf } from './verdicts.js';

/** The verdict on an image. */
export interface Judgement extends KeptVerdict {
  readonly cached: boolean;
}

/** Judges the digest that is pulled, under the statement that the trust policy has for its repository. */
export async function judge(
  { repository, descriptor }: PullRequest,
  settings: Settings,
  { logger, ...call }: CallOptions & { readonly logger: Logger },
): Promise<Judgement> {
  const notation = notationIn(settings.folder, logger);
  const [network, { insecureRegistries }] = await Promise.all([networkOf(settings.network), notation.settings()]);
  const credentials = (place: Parameters<typeof credentialsFor>[0]) =>
    credentialsFor(place, settings.credentials, logger);
  const [opened, trust] = await Promise.all([
    openPulled(repository, settings.network, { network, insecureRegistries, credentials }),
    trustOf(notation, settings, { network, logger }),
  ]);
  const view = openGraph(opened);
  const { platforms, identity: tenant } = settings;
  const request = await verdictRequest(view, { descriptor }, { trust, platforms, tenant, ...call });
  const work = async (signal: AbortSignal): Promise<KeptVerdict> => {
    const verdict = await decideTrusted(view, request, { signal });
    const refused = verdict.refusedBy?.report;
    return { ...keptOf(verdict), ...defined({ report: refused }) };
  };
  const verdicts = await verdictsOf(settings, logger);
  return await verdicts.ask(request, work, call);
}
