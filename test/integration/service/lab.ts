import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VerificationAnswer } from '@notarykit/admission';
import { type AdmissionServer, type ServeVerificationOptions, serveVerification } from '@notarykit/admission/node';
import { type Authority, createAuthority } from '@notarykit/testing';
import { writeKeyPair } from '../admission/lab.js';
import { type ClientRequest, type ClientTls, type ServerAnswer, send, trusting } from '../admission/webhook-client.js';

export const token = 'a-token-of-the-tests-0001';
export const bearer = { authorization: `Bearer ${token}` } as const;

/** A folder with a key pair and a token, and the servers that were started with them. */
export interface ServiceLab {
  readonly folder: string;
  readonly authority: Authority;
  readonly tls: { readonly certFile: string; readonly keyFile: string };
  readonly tokenFile: string;
  readonly client: ClientTls;
  /** Over TLS and with the token, unless the options say otherwise. */
  serve(
    options: Partial<ServeVerificationOptions> & Pick<ServeVerificationOptions, 'routes'>,
  ): Promise<AdmissionServer>;
  /** Asks with the token. */
  ask(server: Pick<AdmissionServer, 'port'>, path: string, images: readonly string[]): Promise<Answered>;
  close(): Promise<void>;
}

export interface Answered {
  readonly status: number;
  readonly answer: VerificationAnswer;
}

export async function createServiceLab(): Promise<ServiceLab> {
  const folder = mkdtempSync(join(tmpdir(), 'notarykit-service-'));
  const authority = await createAuthority({ name: 'Cluster' });
  const caFile = join(folder, 'ca.crt');
  writeFileSync(caFile, authority.root.pem);
  const tls = await writeKeyPair(authority, folder);
  const tokenFile = join(folder, 'tokens');
  writeFileSync(tokenFile, `${token}\n`);
  const client = trusting(caFile);
  const open: AdmissionServer[] = [];
  return {
    folder,
    authority,
    tls,
    tokenFile,
    client,
    async serve(options) {
      const server = await serveVerification({
        host: '127.0.0.1',
        port: 0,
        tls,
        tokenFile,
        timeoutMs: 60_000,
        ...options,
      });
      open.push(server);
      return server;
    },
    async ask(server, path, images) {
      const request: ClientRequest = { method: 'POST', path, headers: bearer, body: JSON.stringify({ images }) };
      const { status, body } = await send(server, client, request);
      return { status, answer: JSON.parse(body) as VerificationAnswer };
    },
    async close() {
      await Promise.all(open.splice(0).map((server) => server.close()));
      rmSync(folder, { recursive: true });
    },
  };
}

/** The code of an answer that is a failure. */
export function codeOf({ body }: ServerAnswer): string {
  return (JSON.parse(body) as { error: { code: string } }).error.code;
}
