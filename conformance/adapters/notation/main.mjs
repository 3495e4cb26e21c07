// The `notation` program, 1.3.x, under the protocol of the kit: node main.mjs verify <request.json>
// NOTATION names the program; default `notation` of the path.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const program = process.env.NOTATION ?? 'notation';
const [, file] = process.argv.slice(2);
const request = JSON.parse(readFileSync(file, 'utf8'));
const missing = request.requires.find((feature) => ['blob', 'clock'].includes(feature));

function notation(args, home) {
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    NOTATION_CONFIG: request.config,
    NOTATION_LIBEXEC: request.config,
    NOTATION_CACHE: join(home, 'cache'),
    DOCKER_CONFIG: home,
    // Hosts of the cases are reached by the proxy alone.
    HTTP_PROXY: request.proxy,
    http_proxy: request.proxy,
  };
  return spawnSync(program, args, { env, cwd: home, encoding: 'utf8' });
}

function verify(home) {
  const metadata = Object.entries(request.metadata ?? {}).flatMap(([key, value]) => [
    '--user-metadata',
    `${key}=${value}`,
  ]);
  const { status, stdout, stderr, error } = notation(
    ['verify', '--insecure-registry', ...metadata, request.artifact.reference],
    home,
  );
  if (error !== undefined) throw error;
  if (status === 0 && stdout.includes('Trust policy is configured to skip')) return { verdict: 'skipped' };
  if (status === 0) return { verdict: 'trusted', message: stdout + stderr };
  return { verdict: 'refused', message: stderr };
}

const exits = { trusted: 0, refused: 1, skipped: 2 };
if (missing !== undefined) {
  console.log(JSON.stringify({ unsupported: missing }));
  process.exitCode = 3;
} else {
  const home = mkdtempSync(join(tmpdir(), 'notation-adapter-'));
  try {
    const answer = verify(home);
    console.log(JSON.stringify(answer));
    process.exitCode = exits[answer.verdict];
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
