import { type CallOptions, defined } from '@notarykit/common/internal';
import type { SignedAttributes } from '@notarykit/signature-envelope/internal';
import type { Fact } from '../facts.js';
import { errorFact } from '../report/error-fact.js';
import { isTrustStoreName } from '../trust-store.js';
import type { PluginDescription, VerificationPlugin } from './plugin.js';
import { isAtLeast, isVersion } from './version.js';

/** A plugin that will be asked. */
export interface ChosenPlugin {
  readonly plugin: VerificationPlugin;
  readonly description: PluginDescription;
}

type Problem = Extract<Fact, { fact: 'pluginRefused' }>['problem'];

/**
 * The plugin that a signature names, or that declares its critical attributes; nothing when no plugin is needed. The name
 * comes from the signer: it is only ever compared with the names that the caller registered.
 */
export async function choosePlugin(
  attributes: SignedAttributes,
  plugins: readonly VerificationPlugin[],
  options: CallOptions,
): Promise<ChosenPlugin | Fact | undefined> {
  const { verificationPlugin: name, verificationPluginMinVersion: minVersion } = attributes;
  if (name === undefined) return declaring(attributes, plugins, options);
  const refused = (problem: Problem, message: string, version?: string): Fact => ({
    fact: 'pluginRefused',
    plugin: name,
    problem,
    message,
    ...defined({ minVersion, version }),
  });
  if (!isTrustStoreName(name)) return refused('name', 'it is not a valid plugin name');
  if (minVersion !== undefined && !isVersion(minVersion))
    return refused('minVersion', `its minimum version is not a version of SemVer 2.0`);
  const plugin = plugins.find((candidate) => candidate.name === name);
  if (plugin === undefined) return refused('notRegistered', 'no plugin of that name is registered');
  const description = await describePlugin(plugin, options);
  if ('problem' in description) return refused('failed', description.problem);
  const { version, capabilities } = description;
  if (minVersion !== undefined && !isAtLeast(version, minVersion))
    return refused('tooOld', `version ${version} is registered, at least ${minVersion} is needed`, version);
  if (capabilities.length === 0) return refused('noCapability', 'it has no verification capability', version);
  return { plugin, description };
}

async function declaring(
  { extended }: SignedAttributes,
  plugins: readonly VerificationPlugin[],
  options: CallOptions,
): Promise<ChosenPlugin | undefined> {
  const critical = extended.filter((attribute) => attribute.critical).map((attribute) => attribute.key);
  if (critical.length === 0) return undefined;
  for (const plugin of plugins) {
    const description = await describePlugin(plugin, options);
    if ('problem' in description) continue;
    const declared = description.criticalAttributes ?? [];
    if (critical.every((key) => declared.some((name) => name === key))) return { plugin, description };
  }
  return undefined;
}

async function describePlugin(
  plugin: VerificationPlugin,
  options: CallOptions,
): Promise<PluginDescription | { readonly problem: string }> {
  try {
    const description = await plugin.describe(options);
    return isVersion(description.version) ? description : { problem: 'its version is not a version of SemVer 2.0' };
  } catch (error) {
    options.signal?.throwIfAborted();
    return { problem: `it cannot be used: ${errorFact(error).message}` };
  }
}
