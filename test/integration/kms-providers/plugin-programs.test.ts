import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type PluginSignerOptions, pluginSigner } from '@notarykit/kms-providers/plugin';
import { SignerError } from '@notarykit/signature-envelope';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHostileLab, expectRefused, failureOf, type HostileLab } from '../../support/plugin/hostile-lab.js';

let lab: HostileLab;
beforeAll(async () => {
  lab = await createHostileLab();
});
afterAll(async () => {
  await lab.close();
  rmSync('pwned', { force: true });
});

describe('where a plugin is', () => {
  it.each(['', '.', '..', '../p', 'p/q', '/bin/p', 'p\\q', 'p\0', 'nul', 'a'.repeat(300)])(
    'K5 %j is not a valid plugin name',
    (name) => expectRefused(async () => pluginSigner(lab.optionsOf({ name })), /not a valid plugin name/),
  );

  it('K5 a path is absolute and that of an executable called notation-{name}', async () => {
    const path = await lab.install();
    const at = (given: string): PluginSignerOptions => ({ path: given, keyId: 'key-1' });
    await pluginSigner(at(path)).describe();
    await expectRefused(() => pluginSigner(at('plugins/p/notation-p')).describe(), /absolute path/);
    await expectRefused(async () => pluginSigner(at('/bin/sh')), /called notation-\{name\}/);
  });

  it('K5 nothing is looked for on the PATH or in the current folder', async () => {
    await lab.install('', 'elsewhere');
    const [path, directory] = [process.env['PATH'], process.cwd()];
    try {
      process.env['PATH'] = `${join(lab.directory, 'elsewhere')}:${path}`;
      process.chdir(join(lab.directory, 'elsewhere'));
      const empty = join(lab.directory, 'empty');
      mkdirSync(empty);
      await expectRefused(() => lab.signRaw({ name: 'elsewhere', directory: empty }), /does not exist/);
    } finally {
      process.env['PATH'] = path;
      process.chdir(directory);
    }
  });

  it.each<[string, RegExp, (path: string) => void]>([
    ['others can write', /users other than its owner can write/, (path) => chmodSync(path, 0o757)],
    [
      'in a folder that others can write',
      /users other than its owner can write/,
      (path) => chmodSync(dirname(path), 0o777),
    ],
    ['that is not executable', /not executable/, (path) => chmodSync(path, 0o644)],
    [
      'that is a symbolic link',
      /not a regular file/,
      (path) => {
        renameSync(path, `${path}.real`);
        symlinkSync(`${path}.real`, path);
      },
    ],
    [
      'behind a symbolic link',
      /users other than its owner can write/,
      (path) => {
        renameSync(dirname(path), `${dirname(path)}.real`);
        symlinkSync(`${dirname(path)}.real`, dirname(path));
      },
    ],
  ])('K5 an executable %s is not started', async (what, why, spoil) => {
    const name = `spoilt-${what.length}`;
    const started = join(lab.directory, `${name}.started`);
    spoil(await lab.install(`fs.writeFileSync(${JSON.stringify(started)}, '');`, name));
    await expectRefused(() => lab.signRaw({ name }), why);
    expect(existsSync(started)).toBe(false);
  });

  it.each([
    ['no header', 'touch HERE'],
    ['nothing in it', ''],
    ['another header', '\x7fELF and touch HERE'],
    ['the header of another system', `MZ${'\0'.repeat(70)}`],
  ])('K5 an executable with %s is not handed to a shell', async (what, content) => {
    const path = await lab.install('', `header-${what.length}`);
    const started = `${path}.started`;
    writeFileSync(path, content.replace('HERE', started));
    await expectRefused(() => lab.signRaw({ name: `header-${what.length}` }), /not a program of this system/);
    expect(existsSync(started)).toBe(false);
  });

  it('K5 a program of this system is one that may be started', async () => {
    const path = await lab.install('', 'native');
    copyFileSync(process.execPath, path);
    await expectRefused(
      () => lab.signRaw({ name: 'native', timeoutMs: 60_000 }).catch(asPlugin),
      /program was started/,
    );
    function asPlugin({ message }: Error): never {
      throw new SignerError(/failed|JSON/.test(message) ? 'the program was started' : message, { reason: 'plugin' });
    }
  });

  it('K5 refuses the answer of a program that was replaced while it ran', async () => {
    await lab.install(
      `if (command === 'generate-signature') { fs.copyFileSync(__filename, __filename + '.new'); fs.chmodSync(__filename + '.new', 0o755); fs.renameSync(__filename + '.new', __filename); }`,
      'replaced',
    );
    await expectRefused(() => lab.signRaw({ name: 'replaced' }), /replaced while it ran/);
  });

  it('K5 no shell reads its path or what it is given', async () => {
    const directory = join(lab.directory, '$(touch pwned); x');
    mkdirSync(directory);
    const path = await lab.install();
    mkdirSync(join(directory, 'p'));
    renameSync(path, join(directory, 'p', 'notation-p'));
    await lab.signRaw({ directory, keyId: '$(touch pwned)', pluginConfig: { x: '`touch pwned`' } });
    expect(existsSync('pwned')).toBe(false);
  });

  it('K5 its environment is a list; secrets are handed on by name only', async () => {
    const seen = join(lab.directory, 'seen.json');
    await lab.install(`fs.writeFileSync(${JSON.stringify(seen)}, JSON.stringify(process.env));`);
    const env = (): Record<string, string> => JSON.parse(readFileSync(seen, 'utf8')) as Record<string, string>;
    process.env['NOTARYKIT_TEST_SECRET'] = 'hush';
    try {
      await lab.signRaw();
      expect(env()).toMatchObject({ PATH: process.env['PATH'] });
      expect(env()).not.toHaveProperty('NOTARYKIT_TEST_SECRET');
      await lab.signRaw({ inheritEnv: ['NOTARYKIT_TEST_SECRET'] });
      expect(env()).toMatchObject({ PATH: process.env['PATH'], NOTARYKIT_TEST_SECRET: 'hush' });
      await lab.signRaw({ env: { ONLY: 'this' } });
      expect(Object.keys(env())).toEqual(['ONLY']);
    } finally {
      delete process.env['NOTARYKIT_TEST_SECRET'];
    }
  });
});

describe('what a plugin does', () => {
  it.each<[string, RegExp, string, Partial<PluginSignerOptions>?]>([
    [
      'never ends',
      /more than 1000 ms/,
      'setInterval(() => {}, 1000); process.stdout.write = () => {};',
      { timeoutMs: 1000 },
    ],
    [
      'leaves a child that holds its output',
      /more than 1000 ms/,
      `child.spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' }).unref();`,
      { timeoutMs: 1000 },
    ],
    [
      'writes without end',
      /more than 100000 bytes/,
      `for (;;) fs.writeSync(1, 'x'.repeat(65536));`,
      { maxOutput: 100_000 },
    ],
    ['complains without end', /bytes of errors/, `for (;;) fs.writeSync(2, 'x'.repeat(65536));`],
    ['answers nothing', /not answer in JSON/, 'process.exit(0);'],
    ['answers no JSON', /not answer in JSON/, `console.log('Signing …');`],
    ['answers two documents', /not answer in JSON/, `console.log('{}');`],
    ['answers a list', /not answer with an object/, `answers[command] = () => [];`],
    ['has another name', /names it "q"/, `change('get-plugin-metadata', () => ({ name: 'q' }));`],
    [
      'speaks another contract',
      /supports versions .*1\.1.* of the contract, expected 1\.0/,
      `change('get-plugin-metadata', () => ({ supportedContractVersions: ['1.1', '2.0'] }));`,
    ],
    [
      'names no contract',
      /no supportedContractVersions/,
      `change('get-plugin-metadata', () => ({ supportedContractVersions: [] }));`,
    ],
    ['has no version', /no version/, `change('get-plugin-metadata', () => ({ version: undefined }));`],
    ['has no capabilities', /no capabilities/, `change('get-plugin-metadata', () => ({ capabilities: [1] }));`],
    [
      'does not sign',
      /SIGNATURE_GENERATOR\.RAW/,
      `change('get-plugin-metadata', () => ({ capabilities: ['SIGNATURE_VERIFIER.TRUSTED_IDENTITY'] }));`,
    ],
  ])('K6 it %s', async (_, why, change, more = {}) => {
    await lab.install(change);
    await expectRefused(() => lab.signRaw(more), why);
  });

  it('K6 what it writes to its errors is repeated up to 1 KiB, without what it was configured with', async () => {
    const secrets = { pin: 'very-secret-pin', token: 'very-secret-pin-and-more' };
    process.env['NOTARYKIT_TEST_TOKEN'] = 'secret-of-the-environment';
    const leak = `const all = process.env.NOTARYKIT_TEST_TOKEN + ' ' + Object.values(asked.pluginConfig).join(' ') + '\\n\\u001b[31m' + 'x'.repeat(5000);`;
    const words = `fs.writeSync(2, all); process.exit(1);`;
    const document = `fs.writeSync(2, JSON.stringify({ errorCode: 'ACCESS_DENIED', errorMessage: all, errorMetadata: { a: all } })); process.exit(1);`;
    for (const [end, reason] of [
      [words, 'unavailable'],
      [document, 'access-denied'],
      [`fs.writeSync(2, asked.pluginConfig.pin.repeat(1000)); process.exit(1);`, 'unavailable'],
    ] as const) {
      await lab.install(leak + end);
      const error = await failureOf(() => lab.signRaw({ pluginConfig: secrets, inheritEnv: ['NOTARYKIT_TEST_TOKEN'] }));
      expect(error.reason).toBe(reason);
      const reported = JSON.stringify([error.message, error.detail, (error.cause as SignerError).detail]);
      expect(error.message.length).toBeLessThan(1200);
      expect(reported).not.toMatch(/secret|very/);
      expect(error.message).not.toMatch(/[\n\u001b]/);
    }
    delete process.env['NOTARYKIT_TEST_TOKEN'];
  });

  it('K6 its errors are classed by the codes of the contract', async () => {
    const failing = async (text: string): Promise<string[]> => {
      await lab.install(`fs.writeSync(2, ${JSON.stringify(text)}); process.exit(1);`);
      const { code, reason, retryable, cause } = await failureOf(() => lab.signRaw());
      // Classed here, not by whoever wraps what has no code.
      expect(cause).toMatchObject({ name: 'PluginError' });
      return [code, reason, `${retryable}`];
    };
    const document = (errorCode: unknown, reason?: string): string =>
      JSON.stringify({ errorCode, errorMessage: 'm', ...(reason === undefined ? {} : { errorMetadata: { reason } }) });
    expect(await failing(document('VALIDATION_ERROR'))).toEqual(['ERR_SIGNER_VALIDATION', 'invalid-request', 'false']);
    expect(await failing(document('VALIDATION_ERROR', 'key-not-found'))).toEqual([
      'ERR_SIGNER_VALIDATION',
      'key-not-found',
      'false',
    ]);
    expect(await failing(document('VALIDATION_ERROR', 'throttled'))).toEqual([
      'ERR_SIGNER_VALIDATION',
      'invalid-request',
      'false',
    ]);
    expect(await failing(document('VALIDATION_ERROR', 'toString'))).toEqual([
      'ERR_SIGNER_VALIDATION',
      'invalid-request',
      'false',
    ]);
    expect(await failing(document('UNSUPPORTED_CONTRACT_VERSION'))).toEqual(['ERR_SIGNER_PLUGIN', 'plugin', 'false']);
    expect(await failing(document('ACCESS_DENIED'))).toEqual(['ERR_SIGNER_ACCESS_DENIED', 'access-denied', 'false']);
    expect(await failing(document('ACCESS_DENIED', 'unauthenticated'))).toEqual([
      'ERR_SIGNER_ACCESS_DENIED',
      'unauthenticated',
      'false',
    ]);
    expect(await failing(document('TIMEOUT'))).toEqual(['ERR_SIGNER_TIMEOUT', 'timeout', 'false']);
    expect(await failing(document('THROTTLED'))).toEqual(['ERR_SIGNER_THROTTLED', 'throttled', 'true']);
    expect(await failing(document('ERROR'))).toEqual(['ERR_SIGNER', 'unknown', 'false']);
    expect(await failing(document('ERROR', 'unavailable'))).toEqual(['ERR_SIGNER', 'unavailable', 'true']);
    expect(await failing(document('constructor'))).toEqual(['ERR_SIGNER', 'unknown', 'false']);
    expect(await failing(document(7))).toEqual(['ERR_SIGNER', 'unavailable', 'true']);
    expect(await failing('panic: it broke')).toEqual(['ERR_SIGNER', 'unavailable', 'true']);
    expect(await failing('')).toEqual(['ERR_SIGNER', 'unavailable', 'true']);
  });

  it.each([
    { concurrency: 0 },
    { concurrency: Number.NaN },
    { concurrency: 0.5 },
    { timeoutMs: Number.NaN },
    { timeoutMs: 0 },
    { maxOutput: -1 },
  ])('K6 %j is refused', (options) => expectRefused(async () => pluginSigner(lab.optionsOf(options)), /above 0/));

  it.each([{ timeoutMs: Number.POSITIVE_INFINITY }, { timeoutMs: 2 ** 31 }, { concurrency: Number.POSITIVE_INFINITY }])(
    'K6 %j is not a limit',
    async (options) => {
      await lab.install();
      await pluginSigner(lab.optionsOf(options)).describe();
    },
  );

  it('K6 a program that the system cannot start is a coded error', async () => {
    await lab.install();
    for (const value of ['hvs.hush\0', 'hvs.hush'.repeat(500_000)]) {
      const error = await failureOf(() => lab.signRaw({ env: { TOKEN: value } }));
      expect(error.reason).toBe('plugin');
      expect(error.message).not.toContain('hush');
    }
  });

  it('K4 an abort ends it and rejects with its reason, also while it waits for its turn', async () => {
    await lab.install('setInterval(() => {}, 1000); process.stdout.write = () => {};');
    const [first, second] = [new AbortController(), new AbortController()];
    const signer = pluginSigner(lab.optionsOf({ concurrency: 1 }));
    const running = signer.describe({ signal: first.signal });
    const waiting = signer.describe({ signal: second.signal });
    const [one, other] = [new Error('enough'), new Error('enough of waiting')];
    second.abort(other);
    await expect(waiting).rejects.toBe(other);
    first.abort(one);
    await expect(running).rejects.toBe(one);
  });
});
