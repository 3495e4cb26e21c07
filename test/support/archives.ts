import { crc32, gzipSync } from 'node:zlib';

/** A member of an archive, as honest or odd as a test needs it. */
export interface Member {
  readonly name: string;
  readonly content?: string | Uint8Array;
  /** Default 0o644. */
  readonly mode?: number;
  /** Where a symbolic link leads, which the member then is. */
  readonly link?: string;
}

/** A tar (ustar) in gzip. */
export function tarGz(members: readonly Member[]): Uint8Array {
  const blocks = members.flatMap(({ name, content = '', mode = 0o644, link }) => {
    const bytes = Buffer.from(content);
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write(`${octal(mode, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0`, 100);
    header.write(`${octal(bytes.length, 11)}\0${octal(0, 11)}\0`, 124);
    header.write('        ', 148);
    header.write(link === undefined ? '0' : '2', 156);
    header.write(link ?? '', 157);
    header.write('ustar\x0000', 257);
    header.write(
      `${octal(
        header.reduce((sum, byte) => sum + byte, 0),
        6,
      )}\0 `,
      148,
    );
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');

/** A zip (APPNOTE.TXT) of stored files, made on Unix unless told otherwise. */
export function zip(members: readonly Member[], { unix = true } = {}): Uint8Array {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, content = '', mode = 0o644, link } of members) {
    const bytes = Buffer.from(link ?? content);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(33, 8);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(bytes.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), bytes]);
    const end = Buffer.alloc(14);
    end.writeUInt32LE((((link === undefined ? 0o100000 : 0o120000) | mode) << 16) >>> 0, 6);
    end.writeUInt32LE(offset, 10);
    const made = Buffer.from([20, unix ? 3 : 0]);
    central.push(Buffer.concat([Buffer.from('PK\x01\x02'), made, common, end, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const tail = Buffer.alloc(18);
  tail.writeUInt16LE(members.length, 4);
  tail.writeUInt16LE(members.length, 6);
  tail.writeUInt32LE(directory.length, 8);
  tail.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, directory, Buffer.from('PK\x05\x06'), tail]);
}
