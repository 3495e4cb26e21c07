import { open } from 'node:fs/promises';
import { quote } from '@notarykit/common/internal';
import type { AuditRecord } from '../audit/record/entry.js';
import { parseAuditRecord } from '../audit/record/read.js';
import { type AuditRecordWriter, createAuditRecord } from '../audit/record/write.js';
import { fileError } from './file-error.js';

/** A record in a file. */
export interface AuditRecordFile extends AuditRecordWriter {
  /** Closes the file as it is: without its last line it cannot be read. Call it when the audit fails; after `end` it does nothing. */
  close(): Promise<void>;
}

/**
 * Records an audit in a new file, which `end` completes. An existing file is never overwritten. The file holds signatures and the names
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
  const written = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => Promise.reject(fileError(`cannot write the record ${quote(path)}`, error)));
  const file = await written(open(path, 'wx', 0o644));
  const record = createAuditRecord((line) => written(file.appendFile(line)));
  const close = (): Promise<void> => written(file.close());
  return {
    ...record,
    close,
    async end() {
      try {
        await record.end();
        await written(file.sync());
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
  try {
    const file = await open(path);
    try {
      return await parseAuditRecord(file.readLines());
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileError(`cannot read the record ${quote(path)}`, error);
  }
}
