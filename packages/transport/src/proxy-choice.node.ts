import { TransportError } from './errors.js';
import { bypassesProxy, isLocal } from './no-proxy.js';
import type { TransportOptions } from './options.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for a URL, `undefined` for none. The environment is read as Go's `golang.org/x/net/http/httpproxy` reads it. Where Go
 * has a proxy that cannot be used here, or text that is not a URL, nothing is sent past it: that is an error.
 *
 * @throws {TransportError} `ERR_TRANSPORT_UNSUPPORTED`
 */
export function chooseProxy(url: URL, options: TransportOptions, env: Environment = process.env): URL | undefined {
  if (options.proxy !== 'env') {
    const past = bypassesProxy(url, options.noProxy ?? []);
    return options.proxy === undefined || options.proxy === '' || past ? undefined : parseProxy(options.proxy);
  }
  const text = fromEnvironment(url, env);
  const entries = options.noProxy ?? (variable('no_proxy', env) ?? '').split(',');
  return text === undefined || isLocal(url) || bypassesProxy(url, entries) ? undefined : parseProxy(text);
}

function fromEnvironment({ protocol }: URL, env: Environment): string | undefined {
  if (protocol === 'https:') return variable('https_proxy', env);
  const text = variable('http_proxy', env);
  // In CGI programs a header of the request sets HTTP_PROXY.
  if (text !== undefined && env['REQUEST_METHOD'] !== undefined && env['REQUEST_METHOD'] !== '')
    throw unusable('HTTP_PROXY is not used where REQUEST_METHOD is set: a header of a request could choose the proxy');
  return text;
}

/** The small letters first; an empty value counts as absent. */
function variable(name: string, env: Environment): string | undefined {
  return env[name] || env[name.toUpperCase()] || undefined;
}

const user = String.raw`(?:[\w.~!$&'()*+,;=:@-]|%[0-9a-f]{2})*@`;
const place = String.raw`(?:[\w.-]+|\[[0-9a-f:.]+\])(?::\d{0,5})?`;
const form = new RegExp(`^(?:http://|(?![^/]*://))(?:${user})?(${place})(?:[/?#][!-~]*)?$`, 'i');

/** Written in full or without its scheme. A host that the URL parser takes for another one than is written is refused. */
function parseProxy(text: string): URL {
  const [, host = ''] = form.exec(text) ?? [];
  const whole = /^http:\/\//i.test(text) ? text : `http://${text}`;
  const url = host !== '' && URL.canParse(whole) ? new URL(whole) : undefined;
  if (url?.hostname !== host.toLowerCase().replace(/:\d*$/, ''))
    throw unusable('expected a proxy URL such as "http://proxy.example:3128"');
  return url;
}

/** The header with the account that the URL of a proxy names. */
export function authorizationOf(proxy: URL): Record<string, string> {
  if (proxy.username === '' && proxy.password === '') return {};
  const user = Buffer.concat([unescaped(proxy.username), Buffer.from(':'), unescaped(proxy.password)]);
  return { 'proxy-authorization': `Basic ${user.toString('base64')}` };
}

/** The bytes of a percent-encoded text: passwords are not always UTF-8. */
const unescaped = (text: string): Buffer =>
  Buffer.from(
    text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );

function unusable(why: string): TransportError {
  return new TransportError('ERR_TRANSPORT_UNSUPPORTED', why);
}
