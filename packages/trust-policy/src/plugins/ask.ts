import { defined } from '@notarykit/common/internal';
import type { ExtendedAttribute } from '@notarykit/signature-envelope/internal';
import { errorFact } from '../report/error-fact.js';
import type { Context } from '../validations/check.js';
import { type Check, failed } from '../validations/check.js';
import type { ChosenPlugin } from './lookup.js';
import type { PluginCapability, PluginResponse } from './plugin.js';

/** The checks that a plugin's answer stands for. */
export interface PluginChecks {
  /** Always enforced: the plugin answered, for every capability and every attribute. */
  readonly plugin: Check;
  /** In place of the rules for identities. */
  readonly identity?: Check;
  readonly revocation?: Check;
}

/** The capabilities that are asked for: those of the plugin, without revocation where the level skips it. */
export function wantedCapabilities(
  { description }: ChosenPlugin,
  revocationSkipped: boolean,
): readonly PluginCapability[] {
  return description.capabilities.filter(
    (capability) => !(revocationSkipped && capability === 'SIGNATURE_VERIFIER.REVOCATION_CHECK'),
  );
}

/** Without a plugin, no critical attribute is understood. */
export function checkNoCritical({ envelope }: Context): Check {
  return unprocessed(envelope.signedAttributes.extended.filter(({ critical }) => critical));
}

function unprocessed(extended: readonly ExtendedAttribute[]): Check {
  if (extended.length === 0) return {};
  return failed({ fact: 'criticalAttributesUnprocessed', attributes: extended.map(({ key }) => String(key)) });
}

/**
 * What a plugin has left undone: of the attributes that it was sent any, and of the others (a label that is a number cannot be
 * told to a plugin) the critical ones. A label counts as what it is: the text "33" does not stand for the number 33.
 */
function checkProcessed({ envelope }: Context, processed: ReadonlySet<unknown>): Check {
  const { extended } = envelope.signedAttributes;
  return unprocessed(
    extended.filter(({ key, critical }) => (critical || typeof key === 'string') && !processed.has(key)),
  );
}

/** Asks a plugin and checks that it answered whole. */
export async function askPlugin(
  context: Context,
  chosen: ChosenPlugin,
  capabilities: readonly PluginCapability[],
  config: Readonly<Record<string, string>>,
): Promise<PluginChecks> {
  const { name } = chosen.plugin;
  const { version } = chosen.description;
  const refused = (problem: 'failed' | 'noResult', message: string): PluginChecks => ({
    plugin: failed({ fact: 'pluginRefused', plugin: name, problem, version, message }),
  });
  let response: PluginResponse;
  try {
    response = await chosen.plugin.verify({
      envelope: context.envelope,
      capabilities,
      unprocessedAttributes: sentAttributes(context),
      trustedIdentities: context.statement.trustedIdentities.map((identity) => identity.text),
      config,
      ...defined({ signal: context.signal }),
    });
  } catch (error) {
    context.signal?.throwIfAborted();
    return refused('failed', errorFact(error).message);
  }
  const left = checkProcessed(context, new Set<unknown>(response.processedAttributes));
  if (left.fact !== undefined) return { plugin: left };
  const silent = capabilities.find((capability) => response.results[capability] === undefined);
  if (silent !== undefined) return refused('noResult', `it returned no result for ${silent}`);
  return judged(chosen, response, capabilities);
}

/** The extended attributes with text keys, which are all that a plugin can be sent. */
function sentAttributes({ envelope }: Context): readonly string[] {
  return envelope.signedAttributes.extended
    .map(({ key }) => key)
    .filter((key): key is string => typeof key === 'string')
    .sort();
}

function judged(
  { plugin, description }: ChosenPlugin,
  { results }: PluginResponse,
  capabilities: readonly PluginCapability[],
): PluginChecks {
  const check = (capability: PluginCapability): Check | undefined => {
    const result = results[capability];
    if (result === undefined || !capabilities.includes(capability)) return undefined;
    const message = `plugin ${plugin.name} ${description.version} confirms ${capability}`;
    if (result.success === true) return { message };
    return failed({
      fact: 'pluginRejected',
      plugin: plugin.name,
      capability,
      reason: result.reason ?? 'no reason given',
    });
  };
  const identity = check('SIGNATURE_VERIFIER.TRUSTED_IDENTITY');
  const revocation = check('SIGNATURE_VERIFIER.REVOCATION_CHECK');
  return {
    plugin: {
      message: `plugin ${plugin.name} ${description.version} answered`,
      evidence: [{ kind: 'plugin', plugin: plugin.name, version: description.version, capabilities }],
    },
    ...defined({ identity, revocation }),
  };
}
