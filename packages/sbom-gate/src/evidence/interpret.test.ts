import { utf8 } from '@notarykit/common';
import { streamOf } from '@notarykit/common/internal';
import { afterEach, describe, expect, it, vi } from 'vitest';

const limits = { documentBytes: 1 << 20, depth: 64, items: 1000 };
const xml = '<bom xmlns="http://cyclonedx.org/schema/bom/1.5"/>';

describe('a program without the XML parser', () => {
  afterEach(() => {
    vi.doUnmock('../sbom/cyclonedx-xml.js');
    vi.resetModules();
  });

  it('fails with an error, not with a verdict on the document', async () => {
    vi.resetModules();
    vi.doMock('../sbom/cyclonedx-xml.js', () => {
      throw new Error('not in this program');
    });
    const { readDocument } = await import('./read-document.js');
    const read = (text: string) => readDocument(streamOf(utf8(text)), { limits });
    await expect(read(xml)).rejects.toMatchObject({ code: 'ERR_GATE_EVIDENCE' });
    expect(await read('{')).toMatchObject({ problem: { code: 'EVIDENCE_MALFORMED' } });
  });
});
