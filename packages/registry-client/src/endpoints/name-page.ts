import { defined } from '@notarykit/common/internal';
import { RegistryError } from '../errors.js';

/** Which page of a list of names. */
export interface NamePage {
  /** Most names on it; as many as the registry gives where there is none. */
  readonly size?: number | undefined;
  /** The name before its first. */
  readonly after?: string | undefined;
}

/** The query of a page (distribution-spec, "Listing Tags"). */
export function pageQuery({ size, after }: NamePage): URLSearchParams {
  return new URLSearchParams({
    ...(size === undefined ? {} : { n: String(size) }),
    ...defined({ last: after }),
  });
}

/** The same page, its size left to the registry. */
export function withoutSize(url: string): string {
  const plain = new URL(url);
  plain.searchParams.delete('n');
  return plain.href;
}

/**
 * Whether a registry gives no page of that size: Quay answers 413 (PROJQUAY-6931), distribution and others 400 with the code of
 * distribution-spec, "Error Codes".
 */
export function asksForTooMany(error: unknown): boolean {
  if (!(error instanceof RegistryError)) return false;
  const { status, errors = [] } = error.detail ?? {};
  return status === 413 || errors.some(({ code }) => code === 'PAGINATION_NUMBER_INVALID');
}
