import type { ConnectionOptions } from './options.js';

/** What nobody may read of how an endpoint connects: the key of its client certificate, the passwords of its proxies. */
export function secretsOfConnection({ key, proxy }: ConnectionOptions): readonly string[] {
  const { env } = process;
  const proxies =
    proxy === 'env' ? [env['http_proxy'], env['HTTP_PROXY'], env['https_proxy'], env['HTTPS_PROXY']] : [proxy];
  return [...(key === undefined ? [] : [Buffer.from(key).toString('latin1')]), ...proxies.flatMap(passwordsOf)];
}

/** As it is written and as it is sent, also out of a text that is no URL. */
function passwordsOf(proxy = ''): readonly string[] {
  const [, password = ''] = /^(?:[^/]*:\/\/)?[^:@/]*:(.*)@/s.exec(proxy) ?? [];
  const sent = password.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return [password, sent, Buffer.from(sent, 'latin1').toString()];
}
