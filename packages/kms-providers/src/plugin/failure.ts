import { defined } from '@notarykit/common/internal';
import { PluginError, type PluginFailureCode } from '@notarykit/common/internal/node';
import {
  isSignerErrorReason,
  SignerError,
  type SignerErrorCode,
  type SignerErrorReason,
} from '@notarykit/signature-envelope/internal';

const reasons: Readonly<Record<PluginFailureCode, SignerErrorReason>> = {
  VALIDATION_ERROR: 'invalid-request',
  UNSUPPORTED_CONTRACT_VERSION: 'plugin',
  ACCESS_DENIED: 'access-denied',
  TIMEOUT: 'timeout',
  THROTTLED: 'throttled',
  ERROR: 'unknown',
};

const failureCodes: Readonly<Record<SignerErrorCode, PluginFailureCode>> = {
  ERR_SIGNER_VALIDATION: 'VALIDATION_ERROR',
  ERR_SIGNER_ACCESS_DENIED: 'ACCESS_DENIED',
  ERR_SIGNER_THROTTLED: 'THROTTLED',
  ERR_SIGNER_TIMEOUT: 'TIMEOUT',
  ERR_SIGNER_PLUGIN: 'ERROR',
  ERR_SIGNER: 'ERROR',
};

/** The code of the plugin contract for a failure of a signer. */
export function failureCodeOf({ code }: SignerError): PluginFailureCode {
  return failureCodes[code];
}

/** A failure of the plugin as one of the signer; anything else, such as the reason of an abort, stays what it is. */
export function signerErrorOf(error: unknown, provider: string, keyId: string): unknown {
  if (!(error instanceof PluginError)) return error;
  const requestId = error.detail?.errorMetadata?.['requestId'];
  return new SignerError(
    error.message,
    { reason: reasonOf(error), provider, keyId, ...defined({ requestId }) },
    { cause: error },
  );
}

function reasonOf({ code, detail }: PluginError): SignerErrorReason {
  if (code !== 'ERR_PLUGIN_FAILED') return 'plugin';
  // A program that ends without a word has crashed or was ended: it may do better next time.
  if (detail?.errorCode === undefined) return 'unavailable';
  const usual = isFailureCode(detail.errorCode) ? reasons[detail.errorCode] : 'unknown';
  return exactReason(detail.errorMetadata?.['reason'], usual) ?? usual;
}

function isFailureCode(code: string): code is PluginFailureCode {
  return Object.hasOwn(reasons, code);
}

/** A plugin of this SDK names the exact reason, which is believed where it does not contradict the code of the contract. */
function exactReason(named: string | undefined, usual: SignerErrorReason): SignerErrorReason | undefined {
  if (named === undefined || !isSignerErrorReason(named)) return undefined;
  const code = (reason: SignerErrorReason): SignerErrorCode => new SignerError('', { reason }).code;
  return code(named) === code(usual) ? named : undefined;
}
