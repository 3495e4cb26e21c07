import type { TransportOptions } from './options.js';

/** The secrets of a transport: the key of its client certificate, the passwords of its proxies. */
export function secretsOfTransport({ clientCertificate, proxy }: TransportOptions): readonly string[] {
  const { env } = process;
  const key = clientCertificate?.key;
  const proxies =
    proxy === 'env' ? [env['http_proxy'], env['HTTP_PROXY'], env['https_proxy'], env['HTTPS_PROXY']] : [proxy];
  return [...(key === undefined ? [] : [Buffer.from(key).toString('latin1')]), ...proxies.flatMap(passwordsOf)];
}

/** As it is written and as it is sent, also out of a text that is not a URL. */
function passwordsOf(proxy = ''): readonly string[] {
  const [, password = ''] = /^(?:[^/]*:\/\/)?[^:@/]*:(.*)@/s.exec(proxy) ?? [];
  const sent = password.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return [password, sent, Buffer.from(sent, 'latin1').toString()];
}
