import { coseCodec } from './cose/codec.js';
import type { EnvelopeFormat } from './envelope.js';
import type { EnvelopeCodec } from './envelope-codec.js';
import { unexpected } from './failures.js';
import { jwsCodec } from './jws/codec.js';

const codecs: readonly EnvelopeCodec[] = [jwsCodec, coseCodec];

export function codecOf(format: EnvelopeFormat): EnvelopeCodec {
  const codec = codecs.find((candidate) => candidate.format === format);
  if (codec === undefined) throw unexpected('format', '"jws" or "cose"', format);
  return codec;
}
