import { concatBytes, utf8 } from '@notarykit/common';
import { streamOf } from '@notarykit/common/internal';
import { describe, expect, it } from 'vitest';
import {
  buildTarEntry,
  readTarMembers,
  type TarEntry,
  type TarMember,
  tarEnd,
  tarPadding,
  tarStream,
} from '../internal.js';

function archive(entries: readonly (TarEntry & { content?: Uint8Array })[]): Uint8Array {
  const parts = entries.flatMap((entry) => [
    buildTarEntry(entry),
    entry.content ?? new Uint8Array(0),
    tarPadding(entry.size),
  ]);
  return concatBytes([...parts, tarEnd()]);
}

async function members(bytes: Uint8Array): Promise<TarMember[]> {
  const found: TarMember[] = [];
  for await (const member of readTarMembers(tarStream(streamOf(bytes)))) found.push(member);
  return found;
}

const file = (name: string, text = ''): TarEntry & { content: Uint8Array } => {
  const content = utf8(text);
  return { name, type: 'file', mode: 0o644, size: content.length, content };
};

describe('tar', () => {
  it('reads what it wrote, long and foreign names too', async () => {
    const names = ['a', 'dir/b', `${'long/'.repeat(40)}name`, 'blobs/sha512/'.padEnd(141, 'f'), 'ünïcode'];
    const found = await members(archive(names.map((name) => file(name, name))));
    expect(found.map(({ name, type, size }) => ({ name, type, size }))).toEqual(
      names.map((name) => ({ name, type: 'file', size: utf8(name).length })),
    );
  });

  it('reads content at the offset of a member', async () => {
    const bytes = archive([file('a', 'first'), file('b'.repeat(150), 'second')]);
    const [a, b] = await members(bytes);
    expect(bytes.subarray(a!.offset, a!.offset + 5)).toEqual(utf8('first'));
    expect(bytes.subarray(b!.offset, b!.offset + 6)).toEqual(utf8('second'));
  });

  it.each(['../a', '/a', 'a/../../b', 'C:a', 'a\\b', 'a\u0000b', 'a//b', 'a/./b', '..'])(
    'L7 refuses the name %j',
    async (name) => {
      const long = name.includes('\u0000') ? `${'x'.repeat(120)}${name}` : name;
      await expect(members(archive([file(long)]))).rejects.toMatchObject({ code: 'ERR_OCI_PATH' });
    },
  );

  it('L7 refuses a duplicate member', async () => {
    await expect(members(archive([file('a'), file('./a')]))).rejects.toMatchObject({ code: 'ERR_OCI_PATH' });
  });

  it('L7 refuses an archive truncated at any length', async () => {
    const bytes = archive([file('a', 'x'.repeat(600)), file('y'.repeat(120))]);
    for (let length = 0; length < bytes.length - 512; length += 128)
      await expect(members(bytes.subarray(0, length))).rejects.toMatchObject({ code: 'ERR_OCI_INVALID' });
  });

  it.each([
    ['a checksum', 148, 0x39],
    ['a negative size', 124, 0xff],
    ['a size that is not a number', 124, 0x78],
  ])('L7 refuses %s', async (_, offset, byte) => {
    const bytes = archive([file('a')]).slice();
    const sum = bytes.subarray(0, 512).reduce((total, value, i) => total + (i >= 148 && i < 156 ? 32 : value), 0);
    const changed = sum - bytes[offset]! + byte;
    if (offset !== 148) bytes.set(utf8(`${changed.toString(8).padStart(6, '0')}\u0000 `), 148);
    bytes[offset] = byte;
    await expect(members(bytes)).rejects.toMatchObject({ code: 'ERR_OCI_INVALID' });
  });

  it('names links and devices without following them', async () => {
    const bytes = archive([file('a')]).slice();
    bytes[156] = 0x32;
    bytes.set(
      utf8(
        `${bytes
          .subarray(0, 512)
          .reduce((t, v, i) => t + (i >= 148 && i < 156 ? 32 : v), 0)
          .toString(8)
          .padStart(6, '0')}\u0000 `,
      ),
      148,
    );
    expect(await members(bytes)).toMatchObject([{ name: 'a', type: 'other' }]);
  });
});
