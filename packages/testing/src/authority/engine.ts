import { Null } from 'asn1js';
import { CryptoEngine, type CryptoEngineSignatureParams } from 'pkijs';

const pkcs1 = 'RSASSA-PKCS1-v1_5';

/** pkijs over WebCrypto. It leaves out the NULL that RFC 4055, 5 demands beside the OIDs of PKCS#1 signatures. */
class Engine extends CryptoEngine {
  override async getSignatureParameters(key: CryptoKey, hash?: string): Promise<CryptoEngineSignatureParams> {
    const found = await super.getSignatureParameters(key, hash);
    if (key.algorithm.name === pkcs1) found.signatureAlgorithm.algorithmParams = new Null();
    return found;
  }
}

/** Given to pkijs with each call, so that an engine which a user has set stays as it is. */
export const engine: CryptoEngine = new Engine({ name: 'notarykit', crypto: globalThis.crypto });
