import { addressKind } from '@notarykit/common/internal';

/**
 * Whether a host is an address or name of this machine or a private network: loopback, private, link-local (cloud metadata),
 * shared, unspecified, multicast and reserved addresses, in every form, also inside IPv6; and what looks like an IPv6 address but is not valid.
 */
export function isPrivateHost(hostname: string): boolean {
  const kind = addressKind(hostname);
  return kind === undefined ? hostname.includes(':') : kind !== 'public';
}

/** Whether a host is this machine itself: what plain http is allowed for without asking. */
export function isLoopbackHost(hostname: string): boolean {
  const host = hostname.toLowerCase();
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);
}
