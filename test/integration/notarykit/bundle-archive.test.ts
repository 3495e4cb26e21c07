import { utf8 } from '@notarykit/common';
import { describe as describeBytes } from '@notarykit/oci';
import { buildTarEntry, readLayoutTar } from '@notarykit/oci/internal';
import { readBundle, verifyBundle } from 'notarykit';
import { beforeAll, describe, expect, it } from 'vitest';
import { openFiles, sealFiles } from '../../support/bundle/forge.js';
import { type BundleCase, type BundleLab, createBundleCase } from '../../support/bundle/lab.js';

let lab: BundleLab;
let trust: BundleCase['trust'];
let bundle: Uint8Array;
let codeOf: BundleCase['codeOf'];
beforeAll(async () => {
  ({ lab, trust, bundle, codeOf } = await createBundleCase());
});

describe('the archive of a bundle', () => {
  it('L6 content that does not fit its name is refused', async () => {
    const files = await openFiles(bundle);
    for (const [name, bytes] of files) {
      if (!name.startsWith('blobs/') || bytes.length === 0) continue;
      const changed = new Uint8Array(bytes);
      changed[0] = (changed[0] ?? 0) ^ 1;
      expect(await codeOf(sealFiles(new Map(files).set(name, changed)))).toBe('ERR_OCI_DIGEST_MISMATCH');
    }
  });

  it.each([
    ['a path out of it', '../evil', '0'],
    ['an absolute path', '/etc/passwd', '0'],
    ['a path with a backslash', 'blobs\\sha256\\x', '0'],
    ['a symbolic link', 'blobs/sha256/link', '2'],
    ['a hard link', `blobs/sha256/${'a'.repeat(64)}`, '1'],
    ['a device', 'blobs/sha256/device', '3'],
    ['a file of something else', 'manifest.json', '0'],
    ['a blob of an unknown algorithm', 'blobs/md5/d41d8cd98f00b204e9800998ecf8427e', '0'],
    ['index.json twice', 'index.json', '0'],
    ['index.json by another path', './index.json', '0'],
  ])('L7 with %s is refused', async (_, name, flag) => {
    const files = await openFiles(bundle);
    expect(await codeOf(sealFiles(files, [{ name, bytes: new Uint8Array(0), flag }]))).toBe('ERR_OCI_PATH');
  });

  it.each([
    ['nothing', () => new Uint8Array(0)],
    ['text', () => utf8('a bundle, really '.repeat(100))],
    ['half of it', () => bundle.subarray(0, bundle.length >> 1)],
    [
      'a member that announces more than there is',
      () => buildTarEntry({ name: 'index.json', type: 'file', mode: 0o644, size: 1_000_000 }),
    ],
  ])('that is %s is refused', async (_, archive) => {
    expect(await codeOf(archive())).toBe('ERR_OCI_INVALID');
  });

  it('without one of its documents is not a layout', async () => {
    for (const name of ['oci-layout', 'index.json']) {
      const files = await openFiles(bundle);
      files.delete(name);
      expect(await codeOf(sealFiles(files))).toBe('ERR_OCI_INVALID');
    }
  });

  it('P8 above the limit is not read to its end', async () => {
    expect(await codeOf(bundle, { maxBytes: 1000 })).toBe('ERR_OCI_TOO_LARGE');
    let given = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        const header = buildTarEntry({
          name: `blobs/sha256/${'0'.repeat(64)}`,
          type: 'file',
          mode: 0o444,
          size: 2 ** 40,
        });
        controller.enqueue(given === 0 ? header : new Uint8Array(65_536));
        given += 65_536;
      },
    });
    await expect(verifyBundle(endless, trust)).rejects.toMatchObject({ code: 'ERR_OCI_TOO_LARGE' });
    expect(given).toBeLessThan(1_000_000);
  });

  it('answers an abort', async () => {
    const signal = AbortSignal.abort();
    await expect(verifyBundle(bundle, { ...trust, signal })).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('changed anywhere is refused with a code, or gives the same verdict', { timeout: 120_000 }, async () => {
    const codes = new Map<string, number>();
    for (let at = 0; at < bundle.length; at += 257) {
      const changed = new Uint8Array(bundle);
      changed[at] = (changed[at] ?? 0) ^ 0x20;
      const code = await verifyBundle(changed, trust).then(
        ({ artifacts }) => artifacts.map(({ verdict }) => verdict.digest).join(),
        (error: { code?: unknown }) => String(error.code),
      );
      codes.set(code, (codes.get(code) ?? 0) + 1);
      expect(code).toMatch(new RegExp(`^ERR_(OCI|NOTARYKIT|TRUST|CODEC)_[A-Z_]+$|^${lab.artifact.digest}$`));
    }
    expect(codes.size).toBeGreaterThan(1);
  });

  it('in memory it cannot be written to', async () => {
    const layout = await readLayoutTar(bundle, { name: 'a.test/b' });
    const { repository } = await readBundle(bundle);
    const bytes = utf8('something new');
    const blob = describeBytes('text/plain', bytes);
    await expect(layout.push(blob, bytes)).rejects.toMatchObject({ code: 'ERR_OCI_UNSUPPORTED' });
    await expect(layout.untag('v1')).rejects.toMatchObject({ code: 'ERR_OCI_UNSUPPORTED' });
    await expect(repository('a.test/b').tag(blob, 'v1')).rejects.toMatchObject({ code: 'ERR_NOTARYKIT_BUNDLE' });
  });
});
