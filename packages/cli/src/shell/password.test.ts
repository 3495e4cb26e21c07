import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { UsageError } from './command.js';
import { promptSecret } from './password.js';

it('a password is asked for and not shown', async () => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const asked = promptSecret('Password of key.p12: ', input, output);
  input.write('correct horse\r');
  expect(await asked).toBe('correct horse');
  output.end();
  expect(await text(output)).toBe('Password of key.p12: \n');
});

it.each([['\u0003'], ['\u0004']])('%j ends it', async (key) => {
  const input = new PassThrough();
  const asked = promptSecret('Password: ', input, new PassThrough());
  input.write(key);
  await expect(asked).rejects.toBeInstanceOf(UsageError);
});

it('the end of the input ends it', async () => {
  const input = new PassThrough();
  const asked = promptSecret('Password: ', input, new PassThrough());
  input.end();
  await expect(asked).rejects.toBeInstanceOf(UsageError);
});
