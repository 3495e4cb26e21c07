// Runs in Bun: a webhook that demands client certificates, in the folder of the first argument, and who gets in.
import { writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import process from 'node:process';
import { createAdmissionHandler } from '@notarykit/admission';
import { serveAdmission } from '@notarykit/admission/node';
import { createAuthority } from '@notarykit/testing';
import { issueTlsCertificate } from '../../support/tls-certificate.js';

const [folder = ''] = process.argv.slice(2);
const authority = await createAuthority({ name: 'Cluster' });
const others = await createAuthority({ name: 'Others' });
const issueClient = (by = authority) => issueTlsCertificate(by, ['localhost'], 'clientAuth');
const server = await issueTlsCertificate(authority, ['localhost']);
const put = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const tls = {
  certFile: put('tls.crt', server.pem),
  keyFile: put('tls.key', server.privateKeyPem),
  clientCaFile: put('clients.pem', authority.root.pem),
};
const verify = async () => ({ verdict: 'refused' as const, code: 'NO', message: 'no' });
const handler = createAdmissionHandler({ review: { verify } });
const webhook = await serveAdmission(handler, { host: '127.0.0.1', port: 0, tls });

const ask = (more: object): Promise<string> =>
  new Promise((resolve) => {
    const place = { host: '127.0.0.1', servername: 'localhost', port: webhook.port, path: '/healthz' };
    const sent = request({ ...place, ca: authority.root.pem, agent: false, ...more }, ({ statusCode }) =>
      resolve(String(statusCode)),
    );
    sent.once('error', () => resolve('refused'));
    sent.end();
  });
const of = ({ pem: cert, privateKeyPem: key }: { pem: string; privateKeyPem: string }) => ({ cert, key });
const client = await issueClient();
const outcomes = {
  'the right client certificate': await ask(of(client)),
  'no client certificate': await ask({}),
  'one of another authority': await ask(of(await issueClient(others))),
  'TLS 1.2': await ask({ ...of(client), maxVersion: 'TLSv1.2' }),
  reload: await webhook.reload().then(
    () => 'done',
    ({ code }: { code: string }) => code,
  ),
};
console.log(JSON.stringify(outcomes));
process.exit(0);
