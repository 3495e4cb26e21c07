import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
// The command is a program, no entry of the package: its source is run as it is.
import { type CommandProcess, runRegistry } from '../../../packages/testing/src/cli/run-registry.ts';
import { bundle } from '../../support/bundle.js';

/** A process whose output is kept and whose signals come from the test. */
function processOf() {
  const output = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  let reported: (text: string) => void = () => undefined;
  const printed = new Promise<string>((resolve) => {
    reported = resolve;
  });
  const host: CommandProcess = {
    stdout: {
      write: (text) => {
        output.stdout += text;
        reported(text);
      },
    },
    stderr: { write: (text) => (output.stderr += text) },
    once: (_, listener) => listeners.add(listener),
    off: (_, listener) => listeners.delete(listener),
  };
  const signal = (): void => {
    for (const listener of [...listeners]) listener();
  };
  return { host, output, printed, signal };
}

const addressIn = (text: string): string => /http:\/\/\S+/.exec(text)?.[0] ?? '';

describe('notarykit-registry', () => {
  it('prints its address, serves, and ends with 0 on a signal', async () => {
    const { host, output, printed, signal } = processOf();
    const ended = runRegistry(['--port', '0'], host);
    const url = addressIn(await printed);
    expect((await fetch(`${url}/v2/`)).status).toBe(200);
    signal();
    expect(await ended).toBe(0);
    expect(output.stdout).toContain('stopped');
    // Not asked over the network: somebody else may have the port by now.
    await expect.poll(() => process.getActiveResourcesInfo(), { timeout: 30_000 }).not.toContain('TCPServerWrap');
  });

  it('asks for the account it was given', async () => {
    const { host, printed, signal } = processOf();
    const ended = runRegistry(['--port', '0', '--user', 'dev:secret'], host);
    const url = addressIn(await printed);
    expect((await fetch(`${url}/v2/`)).status).toBe(401);
    const headers = { authorization: `Basic ${btoa('dev:secret')}` };
    expect((await fetch(`${url}/v2/`, { headers })).status).toBe(200);
    signal();
    expect(await ended).toBe(0);
  });

  it('supports --realm, --page-size and --read-only', async () => {
    const { host, printed, signal } = processOf();
    const accounts = ['--auth', 'token', '--user', 'dev:secret', '--realm', 'https://auth.test/token?a=b'];
    const ended = runRegistry(['--port', '0', '--page-size', '2', '--read-only', ...accounts], host);
    const answer = await fetch(`${addressIn(await printed)}/v2/`);
    expect(answer.headers.get('www-authenticate')).toContain('realm="https://auth.test/token?a=b"');
    signal();
    expect(await ended).toBe(0);
  });

  it.each([
    [['--port', 'abc'], '--port'],
    [['--referrers', 'maybe'], '--referrers'],
    [['--unknown'], '--unknown'],
    [['--user', 'secret-without-colon'], '--user'],
    [['--user', 'dev:'], '--user'],
    [['--user', 'dev:one', '--user', 'dev:two'], '--user'],
    [['--auth', 'token'], '--auth'],
    [['--auth', 'basic'], '--auth'],
    [['--auth', 'nonsense'], '--auth'],
    [['--dir', ''], '--dir'],
    [['--page-size', '0'], '--page-size'],
    [['--realm', 'https://auth.test/token'], '--realm'],
    [['--realm', 'https://auth.test/"x', '--auth', 'token', '--user', 'a:b'], '--realm'],
    [['--address', ''], '--address'],
  ])('%j ends with 2 and says why', async (args, why) => {
    const { host, output } = processOf();
    expect(await runRegistry(args, host)).toBe(2);
    expect(output.stderr).toContain(why);
    expect(output.stderr).not.toContain('secret-without-colon');
  });

  it('goes on, and ends with 0, when whoever read the address has closed the pipe', async () => {
    const program = await bundle('packages/testing/src/registry-cli.ts');
    const child = spawn(process.execPath, [program.path, '--port', '0'], { stdio: ['ignore', 'pipe', 'pipe'] });
    let log = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const url = addressIn(await new Promise<string>((resolve) => child.stdout.once('data', (d) => resolve(String(d)))));
    child.stdout.destroy();
    expect((await fetch(`${url}/v2/`)).status).toBe(200);
    child.kill('SIGTERM');
    expect([await ended, log]).toEqual([0, '']);
    await program.remove();
  });

  it('ends with 1 when the port is taken', async () => {
    const first = processOf();
    const ended = runRegistry(['--port', '0'], first.host);
    const { port } = new URL(addressIn(await first.printed));
    const second = processOf();
    expect(await runRegistry(['--port', port], second.host)).toBe(1);
    first.signal();
    expect(await ended).toBe(0);
  });
});
