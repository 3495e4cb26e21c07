// The transport that registries, key services, timestamping authorities, OCSP and CRLs share.
const source = 'packages/transport/src';
const addresses = 'test/integration/transport/addresses.test.ts';
const proxies = 'test/integration/transport/proxies.test.ts';

export const guards = [
  {
    id: 'X2',
    what: 'a request that was aborted while it waited is not sent',
    test: 'test/integration/transport/parallel.test.ts',
    file: `${source}/transport.node.ts`,
    find: 'await afterArrivals();\n      init.signal?.throwIfAborted();',
    replace: 'await afterArrivals();',
  },
  {
    id: 'proxied-addresses',
    what: 'an address is checked before a proxy is asked for it',
    test: addresses,
    file: `${source}/transport.node.ts`,
    find: 'check.url(url, route.throughProxy);',
    replace: '',
  },
  {
    id: 'proxied-addresses',
    what: 'a name that says where it leads is checked before a proxy resolves it',
    test: addresses,
    file: `${source}/address-check.node.ts`,
    find: '(proxied ? kindOfName(url.hostname) : undefined)',
    replace: 'undefined',
  },
  {
    id: 'bypassed-addresses',
    what: 'what goes past a proxy is checked when it is connected to',
    test: addresses,
    file: `${source}/agents.node.ts`,
    find: 'check.lookup(fixedLookup(options, (lookup ?? systemLookup) as LookupFunction))',
    replace: 'fixedLookup(options, (lookup ?? systemLookup) as LookupFunction)',
  },
  {
    id: 'only-hosts',
    what: 'hosts that the caller did not list are not asked',
    test: addresses,
    file: `${source}/address-check.node.ts`,
    find: 'if (onlyHosts !== undefined && ',
    replace: 'if (false && onlyHosts !== undefined && ',
  },
  {
    id: 'revocation-proxy',
    what: 'certificates choose no name that leads into the proxy itself',
    test: 'test/integration/pki/revocation-proxy.test.ts',
    file: 'packages/pki/src/node/revocation-fetch.ts',
    find: 'createTransport({ ...options, addresses })',
    replace: 'createTransport(options)',
  },
  ...[
    [
      'a timestamping authority',
      'packages/pki/src/timestamp/http-timestamper.ts',
      'secretsOfFetch(options.fetch);',
      '[];',
    ],
    ['Vault', 'packages/kms-providers/src/vault/http.ts', ', ...secretsOfFetch(server.fetch)', ''],
    ['a registry', 'packages/registry-client/src/registry.ts', '...secretsOfFetch(options.fetch),', ''],
  ].map(([service, file, find, replace]) => ({
    id: 'proxy-secrets',
    only: `proxy-secrets no error of ${service}`,
    what: `what a proxy repeats of its account, by way of ${service}`,
    test: proxies,
    file,
    find,
    replace,
  })),
];
