/** What a user of one cloud gets: installed with npm, from the tarballs, into an empty project. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const clients = /^(@aws-sdk|@azure|@azure-rest|@google-cloud|google-gax|google-auth-library|pkcs11js)(\/|$)/;

/** Writes down what a program asks for, whether it is there or not. */
const recorder = `
import { register } from 'node:module';
const hook = \`
  import { writeSync } from 'node:fs';
  export function resolve(specifier, context, next) {
    writeSync(2, 'asks for ' + specifier + '\\\\n');
    return next(specifier, context);
  }\`;
register('data:text/javascript,' + encodeURIComponent(hook));
`;

const compilerOptions = {
  target: 'ES2022',
  module: 'NodeNext',
  strict: true,
  skipLibCheck: true,
  noEmit: true,
  types: ['node'],
  typeRoots: [resolve('node_modules/@types')],
};

/** Packages below a `node_modules`, at any depth. */
function packagesIn(modules) {
  const names = readdirSync(modules).filter((name) => !name.startsWith('.'));
  const packages = names.flatMap((name) =>
    name.startsWith('@') ? readdirSync(join(modules, name)).map((below) => `${name}/${below}`) : [name],
  );
  return packages.flatMap((name) => {
    const nested = readdirSync(join(modules, name)).includes('node_modules');
    return [name, ...(nested ? packagesIn(join(modules, name, 'node_modules')) : [])];
  });
}

/** Clients of key services that an import of `entry` asks for. */
function clientsOf(entry, cwd) {
  const program = ['--import', './recorder.mjs', '--input-type=module', '-e', `await import('${entry}');`];
  const { stderr, status } = spawnSync(process.execPath, program, { cwd, encoding: 'utf8' });
  if (status !== 0 || !stderr.includes(`asks for ${entry}\n`)) return [`(nothing: ${stderr})`];
  return [...stderr.matchAll(/^asks for (.*)$/gm)].map(([, name]) => name).filter((name) => clients.test(name));
}

/** The first example of a README that makes a KMS client. */
function exampleOf(path) {
  const examples = [...readFileSync(path, 'utf8').matchAll(/```ts\n(.*?)```/gs)].map(([, text]) => text);
  return examples.find((text) => text.includes('new KMS(')) ?? 'no example with a KMS client';
}

/**
 * Problems of `npm i notarykit @notarykit/kms-providers @aws-sdk/client-kms`: other clients that come along, an example of the
 * README that does not type-check, an entry that loads a client.
 *
 * @param tarballs the folder below which the project is made
 * @param files the `file:` specifier of every package
 * @param entries what the packages export
 */
export function checkKmsConsumer({ tarballs, files, entries, run }) {
  const cwd = join(tarballs, 'kms-consumer');
  mkdirSync(cwd);
  const needed = ['notarykit', '@notarykit/kms-providers'];
  const version = readFileSync('pnpm-workspace.yaml', 'utf8').match(/"@aws-sdk\/client-kms": (.*)/)[1];
  const dependencies = { ...Object.fromEntries(needed.map((name) => [name, files[name]])) };
  const project = {
    private: true,
    type: 'module',
    dependencies: { ...dependencies, '@aws-sdk/client-kms': version },
    // The other packages are tarballs too: npm must not look for them in its registry.
    overrides: Object.fromEntries(Object.entries(files).filter(([name]) => !needed.includes(name))),
  };
  writeFileSync(join(cwd, 'package.json'), JSON.stringify(project));
  run('kms consumer: install', 'npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], { cwd });
  writeFileSync(join(cwd, 'example.ts'), exampleOf('packages/kms-providers/README.md'));
  writeFileSync(join(cwd, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['example.ts'] }));
  const tsc = resolve('node_modules/typescript/bin/tsc');
  run('kms consumer: types of the README example', process.execPath, [tsc, '-p', 'tsconfig.json'], { cwd });
  writeFileSync(join(cwd, 'recorder.mjs'), recorder);
  const installed = packagesIn(join(cwd, 'node_modules'));
  const strangers = installed.filter((name) => clients.test(name) && !name.startsWith('@aws-sdk/'));
  return [
    ...strangers.map((name) => `kms consumer: ${name} is installed`),
    ...(installed.includes('@aws-sdk/client-kms') ? [] : ['kms consumer: the client of AWS is not installed']),
    ...(clientsOf('@aws-sdk/client-kms', cwd).length > 0 ? [] : ['kms consumer: loading of clients goes unnoticed']),
    ...entries.flatMap((entry) => clientsOf(entry, cwd).map((name) => `kms consumer: ${entry} loads ${name}`)),
  ];
}
