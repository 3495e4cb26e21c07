import { open } from 'node:fs/promises';
import { quote } from '@notarykit/common';
import type { AuditRecord } from '../audit/record/entry.js';
import { parseAuditRecord } from '../audit/record/read.js';
import { type AuditRecordWriter, createAuditRecord } from '../audit/record/write.js';
import { NotaryKitError } from '../errors.js';

/** A record in a file. */
export interface AuditRecordFile extends AuditRecordWriter {
  /** Gives the file up, as it is: without its last line it cannot be read. To be called when the audit fails; after `end` it does nothing. */
  close(): Promise<void>;
}

/**
 * Records an audit in a new file, which `end` completes. One that is there is never written over. The file holds signatures and the names
 * of images, and nothing secret.
 *
 * @throws {NotaryKitError} `ERR_NOTARYKIT_FILE`
 *
 * @example
 * ```ts
 * const record = await auditRecordFile('2026-11.jsonl');
 * const revocation = createRevocationChecker({ fetch, onAnswer: record.answer });
 * for await (const result of audit(repository, { policy, trustStore, revocation, record })) show(result);
 * await record.end();
 * ```
 */
export async function auditRecordFile(path: string): Promise<AuditRecordFile> {
  const failed = (cause: unknown): NotaryKitError =>
    new NotaryKitError('ERR_NOTARYKIT_FILE', `cannot write the record ${quote(path)}: ${(cause as Error).message}`, {
      cause,
    });
  const file = await open(path, 'wx', 0o644).catch((cause: unknown) => Promise.reject(failed(cause)));
  const record = createAuditRecord(async (line) => {
    await file.appendFile(line).catch((cause: unknown) => Promise.reject(failed(cause)));
  });
  const close = (): Promise<void> => file.close();
  return {
    ...record,
    close,
    async end() {
      try {
        await record.end();
        await file.sync();
      } finally {
        await close();
      }
    },
  };
}

/**
 * Reads a record that is in a file.
 *
 * @throws {NotaryKitError} `ERR_NOTARYKIT_RECORD`; `ERR_NOTARYKIT_FILE` when the file cannot be read
 */
export async function readAuditRecord(path: string): Promise<AuditRecord> {
  const file = await open(path).catch((cause: unknown) => {
    const message = `cannot read the record ${quote(path)}: ${(cause as Error).message}`;
    throw new NotaryKitError('ERR_NOTARYKIT_FILE', message, { cause });
  });
  try {
    return await parseAuditRecord(file.readLines());
  } finally {
    await file.close();
  }
}
