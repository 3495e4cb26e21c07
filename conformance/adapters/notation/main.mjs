// The `notation` program, 1.3.x, under the protocol of the kit: node main.mjs verify|sign <request.json>
// NOTATION names the program; default `notation` of the path.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verdictOf } from './verdict.mjs';

const program = process.env.NOTATION ?? 'notation';
const [verb, file] = process.argv.slice(2);
const request = JSON.parse(readFileSync(file, 'utf8'));
const missing = request.requires.find((feature) => ['blob', 'clock'].includes(feature));

function notation(args, home, config) {
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    NOTATION_CONFIG: config,
    NOTATION_LIBEXEC: config,
    NOTATION_CACHE: join(home, 'cache'),
    NOTATION_EXPERIMENTAL: '1',
    DOCKER_CONFIG: home,
    // Hosts of the cases are reached by the proxy alone.
    HTTP_PROXY: request.proxy ?? '',
    http_proxy: request.proxy ?? '',
  };
  const ended = spawnSync(program, args, { env, cwd: home, encoding: 'utf8' });
  if (ended.error !== undefined) throw ended.error;
  return ended;
}

const metadataOf = (metadata = {}) =>
  Object.entries(metadata).flatMap(([key, value]) => ['--user-metadata', `${key}=${value}`]);

function verify(home) {
  const args = ['verify', '--verbose', '--insecure-registry', ...metadataOf(request.metadata)];
  return verdictOf(notation([...args, request.artifact.reference], home, request.config));
}

function sign(home) {
  const { privateKey, certificateChain, format, expirySeconds, metadata } = request.signing;
  const config = join(home, 'config');
  mkdirSync(config);
  const keys = [{ name: 'kit', keyPath: privateKey, certPath: certificateChain }];
  writeFileSync(join(config, 'signingkeys.json'), JSON.stringify({ keys }));
  const expiry = expirySeconds === undefined ? [] : ['--expiry', `${expirySeconds}s`];
  const args = [
    'sign',
    '--key',
    'kit',
    '--signature-format',
    format,
    ...expiry,
    ...metadataOf(metadata),
    '--oci-layout',
  ];
  const digest = request.artifact.reference.split('@')[1];
  const { status, stderr } = notation([...args, `${request.artifact.layout}@${digest}`], home, config);
  if (status !== 0) throw new Error(stderr);
  return { signed: true };
}

const exits = { trusted: 0, refused: 1, skipped: 2 };
if (missing !== undefined) {
  console.log(JSON.stringify({ unsupported: missing }));
  process.exitCode = 3;
} else {
  const home = mkdtempSync(join(tmpdir(), 'notation-adapter-'));
  try {
    const answer = verb === 'sign' ? sign(home) : verify(home);
    console.log(JSON.stringify(answer));
    process.exitCode = verb === 'sign' ? 0 : exits[answer.verdict];
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
