/** `docs/runtimes.md`: what is tested where, from the lists that the tests run by. */
import { runtimes } from '../test/runtimes/list.mjs';
import { compilers, libraries, managers, tools } from './consumers/table.mjs';
import { pinnedVersion } from './peers.mjs';

const often = { interop: 'each run of CI', nightly: '`pnpm nightly:runtimes`' };
const has = {
  program: 'main entries and `/node` entries',
  worker: 'main entries',
  page: 'main entries',
};

/** Aligned, as the formatter would write it. */
function table(head, rows) {
  const widths = head.map((_, i) => Math.max(3, ...[head, ...rows].map((cells) => cells[i].length)));
  const line = (cells, fill) => `| ${cells.map((cell, i) => cell.padEnd(widths[i], fill)).join(' | ')} |`;
  return [
    line(head, ' '),
    line(
      head.map(() => ''),
      '-',
    ),
    ...rows.map((cells) => line(cells, ' ')),
  ].join('\n');
}

function runtimeTable() {
  const rows = runtimes.map(({ name, peer, kind, stage }) => [
    name,
    pinnedVersion(peer) ?? 'of the Debian release',
    has[kind],
    often[stage],
  ]);
  return table(['runtime', 'version', 'tested', 'how often'], rows);
}

function consumerTable() {
  const tool = (name) => [name, tools[name]];
  const rows = [
    ...managers.map(({ name, version }) => [
      name,
      version,
      'installs the packages; a program publishes, verifies, refuses',
    ]),
    [
      'TypeScript',
      compilers.join(', '),
      '`skipLibCheck: false`, `NodeNext` and `Bundler`, with each of the libraries below',
    ],
    [...tool('jest'), 'a test in CommonJS with the default configuration, and one as an ES module'],
    [...tool('vitest'), 'a test'],
    ['node:test', 'of the Node that runs the tests', 'a test'],
    ...['esbuild', 'vite', 'rollup', 'webpack'].map((name) => [
      ...tool(name),
      'a bundle for Node that runs, and one for pages without a module of Node',
    ]),
    ['`require()`', 'each runtime with files above', 'every entry is the same module by `require` and by `import`'],
  ];
  return table(['consumer', 'version', 'tried'], rows);
}

/** The whole page; `scripts/runtimes-page.test.ts` holds the file to it. */
export function runtimesPage() {
  return `# Runtimes

This page is made from the lists that the tests run by; \`pnpm vitest run --project unit scripts/runtimes-page.test.ts -u\` writes it anew.

## Where the same suite gives the same results

\`test/runtimes/portable.ts\` signs and verifies in JWS and COSE with every kind of key, asks for timestamps and revocation, publishes, copies and verifies
against a registry on this machine, makes and verifies a bundle, streams blobs, hashes, reads policies and redacts secrets.
\`test/runtimes/files.ts\` packs directories (their digests must be equal everywhere), unpacks them, writes a layout to disk and serves TLS. Each step must
have the same outcome, also where it must be refused. \`pnpm nightly:runtimes\` runs all rows and prints \`<runtime>: ok\` for each;
\`pnpm interop\` runs those of each day.

${runtimeTable()}

All other tests run in the Node that runs \`pnpm test\`. Each program is pinned in \`scripts/peers/table.mjs\`.

## What users have

\`pnpm nightly:consumers\` packs the packages, installs them into empty projects and prints \`<consumer>: ok\` for each; \`pnpm pack:check\` tries a part of it in each
run of CI.

${consumerTable()}

Libraries of types: ${libraries.map(({ name }) => name).join('; ')}. With neither the DOM or WebWorker library nor \`@types/node\` there are no types for
\`AbortSignal\` and \`ReadableStream\`: that is not supported. TypeScript that emits CommonJS needs version 5.8 or later and \`module: nodenext\`; older versions
import from ES modules.

In Jest's default the packages are loaded from a CommonJS copy ([decision 259](decisions/0259-commonjs-for-jest-alone.md)); everywhere else \`require\` gives the ES module.

## What differs

- Bun: \`node:https\` has no \`setSecureContext\`. \`serveAdmission\` keeps its certificate until it is started again, and \`reload()\` rejects with
  \`ERR_ADMISSION_CONFIG\`.
- Deno: \`fetch\`, files and sockets need the permissions of Deno (\`--allow-net\`, \`--allow-read\` …). Policies, signatures and verdicts over
  what is in memory need none.
- Chromium: registries must allow the origin of the page (CORS) and expose their headers; keys need a secure context (\`https:\` or localhost).
- workerd: its WebCrypto takes RSA keys with the public exponent 3 or 65537 only.
- In browsers and workers, \`@notarykit/testing\` cannot listen, since it has no sockets there.

## Operating systems

Tested: Linux (Debian) on x64. Not tested: macOS, Windows, other processors, Firefox, Safari, React Native.
`;
}
