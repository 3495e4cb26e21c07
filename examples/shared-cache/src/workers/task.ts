/** What a worker gets. */
export interface Task {
  readonly redis: string;
  /** Through Keyv, or through the client of Redis. */
  readonly adapter: 'keyv' | 'redis';
  /** Base64; shared by the workers, not by everyone who reaches Redis. */
  readonly secret: string;
  readonly registry: string;
  readonly repository: string;
  readonly tags: readonly string[];
  /** PEM or base64 DER of the root. */
  readonly root: string;
  readonly policy: object;
  /** The date as of which is verified: that of all workers, so that their work is equal. */
  readonly now: string;
}

/** What a worker did. */
export interface Done {
  readonly verified: number;
  readonly remembered: number;
  readonly verdicts: Readonly<Record<string, string>>;
}
