import { encodeBase64 } from '@notarykit/common/internal';

/** One PEM block (RFC 7468). */
export function pemBlock(label: string, der: Uint8Array): string {
  const lines = encodeBase64(der).match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
