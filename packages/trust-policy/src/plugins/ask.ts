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

const headers = ['io.cncf.notary.verificationPlugin', 'io.cncf.notary.verificationPluginMinVersion'];

/** The capabilities that are asked for: those of the plugin, without revocation where the level skips it. */
export function wantedCapabilities(
  { description }: ChosenPlugin,
  revocationSkipped: boolean,
): readonly PluginCapability[] {
  return description.capabilities.filter(
    (capability) => !(revocationSkipped && capability === 'SIGNATURE_VERIFIER.REVOCATION_CHECK'),
  );
}

/** Without a plugin, every critical attribute is one that nobody understands. */
export function checkNoCritical({ envelope }: Context): Check {
  const attributes = envelope.signedAttributes.extended
    .filter(({ critical, key }) => critical && !headers.includes(String(key)))
    .map(({ key }) => String(key));
  return attributes.length === 0 ? {} : failed({ fact: 'criticalAttributesUnprocessed', attributes });
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
  const attributes = sentAttributes(context);
  let response: PluginResponse;
  try {
    response = await chosen.plugin.verify({
      envelope: context.envelope,
      capabilities,
      unprocessedAttributes: attributes,
      trustedIdentities: context.statement.trustedIdentities.map((identity) => identity.text),
      config,
      ...(context.signal === undefined ? {} : { signal: context.signal }),
    });
  } catch (error) {
    context.signal?.throwIfAborted();
    return refused('failed', errorFact(error).message);
  }
  const processed = new Set(response.processedAttributes);
  const left = attributes.filter((attribute) => !processed.has(attribute));
  if (left.length > 0) return { plugin: failed({ fact: 'criticalAttributesUnprocessed', attributes: left }) };
  const silent = capabilities.find((capability) => response.results[capability] === undefined);
  if (silent !== undefined) return refused('noResult', `it gave no result for ${silent}`);
  return judged(chosen, response, capabilities);
}

/** The extended attributes with text keys, the two plugin headers excluded. */
function sentAttributes({ envelope }: Context): readonly string[] {
  return envelope.signedAttributes.extended
    .map(({ key }) => key)
    .filter((key): key is string => typeof key === 'string' && !headers.includes(key))
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
    ...(identity === undefined ? {} : { identity }),
    ...(revocation === undefined ? {} : { revocation }),
  };
}
