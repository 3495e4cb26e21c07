import type { AddressKind } from './addresses.js';

/** Which networks a URL that a stranger chose may lead into: it makes this machine send a request. */
export interface AddressRules {
  /** 127.0.0.0/8, ::1, localhost. Default false. */
  readonly loopback?: boolean;
  /** 169.254.0.0/16, fe80::/10 and cloud metadata services. Default false. */
  readonly linkLocal?: boolean;
  /** Private networks: internal authorities live there. Default true. */
  readonly private?: boolean;
}

/** Whether the rules allow an address of this kind; names are judged when they are resolved. */
export function isAllowedAddress(kind: AddressKind | undefined, rules: AddressRules = {}): boolean {
  if (kind === 'loopback') return rules.loopback === true;
  if (kind === 'linkLocal') return rules.linkLocal === true;
  if (kind === 'private') return rules.private !== false;
  return kind !== 'reserved';
}
