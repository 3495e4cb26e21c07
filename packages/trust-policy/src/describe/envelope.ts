import { quote } from '@notarykit/common/internal';
import type { FactTable } from './fact-table.js';

/** Words for facts about an envelope and what it signs. */
export const envelopeFacts: FactTable<
  | 'envelopeRefused'
  | 'signatureUnavailable'
  | 'targetMismatch'
  | 'metadataMismatch'
  | 'pluginRefused'
  | 'pluginRejected'
  | 'criticalAttributesUnprocessed'
> = {
  envelopeRefused: ({ code, message }) => ({
    message: `the envelope is not valid: ${message} (${code})`,
    remedy: 'sign the artifact again; an envelope that fails its integrity check is never accepted, at no level',
  }),
  signatureUnavailable: ({ code, message }) => ({
    message: `the signature could not be read: ${message} (${code})`,
    remedy: 'check that the registry still has the signature manifest and its envelope, or sign the artifact again',
  }),
  targetMismatch: ({ member, expected, found }) => ({
    message: `the signature is about another artifact: its ${member} is ${quote(found)}, expected ${quote(expected)}`,
    remedy: 'this signature was made for another artifact: sign this one',
  }),
  metadataMismatch: ({ key, expected, found }) => ({
    message: `the signed metadata ${quote(key)} is ${found === undefined ? 'missing' : quote(found)}, but ${quote(expected)} is required`,
    remedy: `sign with the metadata ${quote(`${key}=${expected}`)}, or do not require it`,
  }),
  pluginRefused: ({ plugin, message, problem }) => ({
    message: `the signature demands the verification plugin ${quote(plugin)}: ${message}`,
    remedy:
      problem === 'notRegistered'
        ? `register a plugin of that name with the verifier if you trust it, or have the artifact signed without one`
        : problem === 'tooOld'
          ? 'update the plugin'
          : 'repair or replace the plugin, or have the artifact signed without one',
  }),
  pluginRejected: ({ plugin, capability, reason }) => ({
    message: `plugin ${quote(plugin)} did not confirm ${capability}: ${quote(reason)}`,
    remedy: 'follow the reason that the plugin gives',
  }),
  criticalAttributesUnprocessed: ({ attributes }) => ({
    message: `critical attributes that neither this library nor a plugin processes: ${attributes.map(quote).join(', ')}`,
    remedy: 'register a verification plugin that declares these attributes, or have the artifact signed without them',
  }),
};
