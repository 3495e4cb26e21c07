import { type Bytes, RecentMap } from '@notarykit/common/internal';
import type { Digest, Manifest } from '@notarykit/oci/internal';

/** Bytes that were hashed, and what they were parsed to. */
export interface KeptContent {
  readonly bytes: Bytes;
  /** By media type and reading: the same bytes may be read as different kinds of document (CVE-2021-41190). */
  readonly parsed: Map<string, Manifest>;
}

/** Content by its digest, within a number of bytes; what was not asked for longest goes first. */
export class ContentStore {
  readonly #kept = new RecentMap<Digest, KeptContent>();
  readonly #limit: number;
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  find(digest: Digest): KeptContent | undefined {
    return this.#kept.get(digest);
  }

  add(digest: Digest, bytes: Bytes): KeptContent {
    const known = this.find(digest);
    if (known !== undefined) return known;
    const content = { bytes, parsed: new Map<string, Manifest>() };
    this.#kept.set(digest, content);
    this.#size += bytes.length;
    this.#shrink();
    return content;
  }

  #shrink(): void {
    while (this.#size > this.#limit) this.#size -= this.#kept.deleteOldest()?.bytes.length ?? this.#size;
  }
}
