import { randomUUID } from 'node:crypto';
import { createLimiter, type Limiter } from '@notarykit/common';
import { Refusal } from '../http/answers.js';
import type { StagedBlob } from './blob-store.js';
import type { StoredRepository } from './repository.js';

/** An upload under way. */
export interface UploadSession {
  readonly id: string;
  readonly repository: string;
  readonly staged: StagedBlob;
  /** One request at a time: chunks have an order. */
  readonly exclusive: Limiter;
  /** Chunks stored so far. */
  chunks: number;
  /** Bytes of the last chunk: only the very last may be shorter than the minimum. */
  lastChunk: number;
  usedAt: number;
}

/** The uploads under way; an old one gives its place to a new one. */
export interface UploadSessions {
  count(): number;
  begin(repository: StoredRepository): Promise<UploadSession>;
  /** @throws Refusal 404 BLOB_UPLOAD_UNKNOWN */
  find(repository: string, id: string): UploadSession;
  end(session: UploadSession): void;
  discardAll(): Promise<void>;
}

const maxSessions = 1000;
const lifeMs = 60 * 60 * 1000;

/** The sessions of a registry: an hour of life without use, at most 1,000 at a time. */
export function uploadSessions(now: () => number): UploadSessions {
  const sessions = new Map<string, UploadSession>();

  const expire = async (): Promise<void> => {
    const byUse = [...sessions.values()].sort((a, b) => a.usedAt - b.usedAt);
    const old = byUse.filter((session, i) => session.usedAt + lifeMs < now() || i < byUse.length - maxSessions + 1);
    for (const session of old) {
      sessions.delete(session.id);
      await session.staged.discard();
    }
  };

  return {
    count: () => sessions.size,
    async begin(repository) {
      await expire();
      const session: UploadSession = {
        id: randomUUID(),
        repository: repository.name,
        staged: await repository.blobs.stage(),
        exclusive: createLimiter(1),
        chunks: 0,
        lastChunk: 0,
        usedAt: now(),
      };
      sessions.set(session.id, session);
      return session;
    },
    find(repository, id) {
      const session = sessions.get(id);
      if (session === undefined || session.repository !== repository)
        throw new Refusal(404, 'BLOB_UPLOAD_UNKNOWN', 'there is no such upload; begin a new one');
      session.usedAt = now();
      return session;
    },
    end(session) {
      sessions.delete(session.id);
    },
    async discardAll() {
      for (const session of sessions.values()) await session.staged.discard();
      sessions.clear();
    },
  };
}
