import { parsePem } from '@notarykit/pki';
import type { Issued } from '@notarykit/testing';

/** A plugin of one EC-256 key in plain JavaScript, honest but for the statements of `change`, which may replace any answer. */
export function pluginScript(name: string, leaf: Pick<Issued, 'pem' | 'privateKeyPem'>, change = ''): string {
  const chain = parsePem(leaf.pem).map(({ der }) => Buffer.from(der).toString('base64'));
  return `
const fs = require('node:fs'), crypto = require('node:crypto'), child = require('node:child_process');
const asked = JSON.parse(fs.readFileSync(0, 'utf8')), command = process.argv[2];
const key = ${JSON.stringify(leaf.privateKeyPem)}, chain = ${JSON.stringify(chain)};
const sign = (data) => crypto.sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' });
const url = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const header = {
  alg: 'ES256', crit: ['io.cncf.notary.signingScheme'], cty: asked.payloadType,
  'io.cncf.notary.signingScheme': 'notary.x509',
  'io.cncf.notary.signingTime': new Date().toISOString().replace(/\\.\\d+/, ''),
};
const jws = (payload, more = {}) => {
  const input = url({ ...header, ...more }) + '.' + url(payload);
  const envelope = {
    payload: url(payload), protected: input.split('.')[0], header: { x5c: chain }, signature: sign(Buffer.from(input)).toString('base64url'),
  };
  return { signatureEnvelope: Buffer.from(JSON.stringify(envelope)).toString('base64'), signatureEnvelopeType: asked.signatureEnvelopeType };
};
const payload = () => Buffer.from(asked.payload, 'base64');
const answers = {
  'get-plugin-metadata': () => ({
    name: ${JSON.stringify(name)}, description: 'd', version: '1.0.0', url: 'u', supportedContractVersions: ['1.0'],
    capabilities: ['SIGNATURE_GENERATOR.RAW', 'SIGNATURE_GENERATOR.ENVELOPE'],
  }),
  'describe-key': () => ({ keyId: asked.keyId, keySpec: 'EC-256' }),
  'generate-signature': () => ({
    keyId: asked.keyId, signature: sign(payload()).toString('base64'), signingAlgorithm: 'ECDSA-SHA-256', certificateChain: chain,
  }),
  'generate-envelope': () => jws(payload().toString()),
};
const change = (name, edit) => { const honest = answers[name]; answers[name] = () => ({ ...honest(), ...edit(honest()) }); };
${change}
process.stdout.write(JSON.stringify(answers[command]()));
`;
}
