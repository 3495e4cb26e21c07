import { rm } from 'node:fs/promises';
import { type AuditRecordFile, auditRecordFile } from 'notarykit/node';

/** A record that is being written. */
export interface OpenRecord {
  readonly writer: AuditRecordFile;
  /** Removes the file: without its end it cannot be read, and it would be in the way of the next record. */
  discard(): Promise<void>;
}

/** Opens the record of an audit, where one is asked for. */
export async function openRecord(path: string | undefined): Promise<OpenRecord | undefined> {
  if (path === undefined) return undefined;
  const writer = await auditRecordFile(path);
  return {
    writer,
    async discard() {
      await writer.close();
      await rm(path, { force: true });
    },
  };
}
