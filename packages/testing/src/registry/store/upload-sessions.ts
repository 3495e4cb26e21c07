import { randomUUID } from 'node:crypto';
import { createLimiter, type Limiter } from '@notarykit/common/internal';
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
  /** Requests that are at it now. */
  busy: number;
}

/** Bounds of uploads at which no request is. The one that was unused for longest goes first. */
export interface UploadLimits {
  /** Default 200. */
  readonly maxOpen?: number;
  /** Bytes of all together. Default 1 GiB. */
  readonly maxBytes?: number;
  /** Milliseconds without a request. Default 15 minutes. */
  readonly maxAgeMs?: number;
}

/** The uploads under way. */
export interface UploadSessions {
  count(): number;
  begin(repository: StoredRepository): Promise<UploadSession>;
  /** @throws Refusal 404 BLOB_UPLOAD_UNKNOWN */
  find(repository: string, id: string): UploadSession;
  /** Works on an upload, alone. No file of it is open afterwards. */
  use<T>(session: UploadSession, work: () => Promise<T>): Promise<T>;
  /** Forgets an upload; its bytes belong to their new owner. */
  end(session: UploadSession): void;
  /** Forgets an upload and throws its bytes away. */
  discard(session: UploadSession): Promise<void>;
  discardAll(): Promise<void>;
}

/** The sessions of a registry, by a clock that does not step. */
export function uploadSessions(limits: UploadLimits, now: () => number): UploadSessions {
  const { maxOpen = 200, maxBytes = 1024 ** 3, maxAgeMs = 15 * 60 * 1000 } = limits;
  const sessions = new Map<string, UploadSession>();
  let timer: ReturnType<typeof setInterval> | undefined;

  const discard = async (session: UploadSession): Promise<void> => {
    sessions.delete(session.id);
    await session.staged.discard();
  };
  const trim = async (coming = 0): Promise<void> => {
    const idle = [...sessions.values()].filter(({ busy }) => busy === 0).sort((a, b) => a.usedAt - b.usedAt);
    let bytes = idle.reduce((sum, { staged }) => sum + staged.size, 0);
    for (const session of idle) {
      const kept = session.usedAt + maxAgeMs >= now() && bytes <= maxBytes && sessions.size + coming <= maxOpen;
      if (kept) break;
      bytes -= session.staged.size;
      await discard(session).catch(() => undefined);
    }
    if (sessions.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };

  return {
    count: () => sessions.size,
    async begin(repository) {
      await trim(1);
      const staged = await repository.blobs.stage();
      const exclusive = createLimiter(1);
      const id = randomUUID();
      const session = {
        id,
        repository: repository.name,
        staged,
        exclusive,
        chunks: 0,
        lastChunk: 0,
        usedAt: now(),
        busy: 0,
      };
      sessions.set(id, session);
      timer ??= setInterval(() => void trim(), maxAgeMs / 3).unref();
      await staged.pause();
      return session;
    },
    find(repository, id) {
      const session = sessions.get(id);
      if (session === undefined || session.repository !== repository)
        throw new Refusal(404, 'BLOB_UPLOAD_UNKNOWN', 'there is no such upload; begin a new one');
      return session;
    },
    async use(session, work) {
      session.busy++;
      try {
        return await session.exclusive(work);
      } finally {
        session.busy--;
        session.usedAt = now();
        await session.staged.pause();
        await trim();
      }
    },
    end(session) {
      sessions.delete(session.id);
    },
    discard,
    async discardAll() {
      clearInterval(timer);
      timer = undefined;
      for (const session of [...sessions.values()]) await discard(session);
    },
  };
}
