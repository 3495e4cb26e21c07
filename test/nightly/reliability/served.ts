import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import { join } from 'node:path';
import type { AdmissionHandler } from '@notarykit/admission';
import { serveAdmission } from '@notarykit/admission/node';
import { createAuthority } from '@notarykit/testing';
import { judge, type Route } from '../../integration/admission/ask.js';
import { writeKeyPair } from '../../integration/admission/lab.js';
import { connectTo, post, trusting } from '../../integration/admission/webhook-client.js';

/** A webhook over TLS whose key pair is replaced, and spoiled, while it answers. */
export interface Served {
  /** Asks over its own connection, or over one that is kept through every change of the certificate. */
  ask(route: Route, request: object, kept?: boolean): Promise<ReturnType<typeof judge>>;
  /** Replaces the key pair as a cluster does, or leaves half of one there, or none. */
  change(): Promise<void>;
  /** Leaves a whole key pair there. */
  renew(): Promise<void>;
  /**
   * Whether a new connection gets a certificate that it may get: one that was whole, and none older than what was seen before.
   * The last whole one is `current`.
   */
  state(): Promise<'current' | 'earlier' | 'wrong'>;
  /** How many different certificates were seen. */
  readonly seen: number;
  close(): Promise<void>;
}

export async function serveChanging(
  handler: AdmissionHandler,
  folder: string,
  random: () => number,
  reloadMs = 50,
): Promise<Served> {
  const pairs = await createPairs(folder);
  await pairs.renew();
  const server = await serveAdmission(handler, { host: '127.0.0.1', port: 0, tls: pairs.tls, reloadMs });
  const client = trusting(pairs.caFile);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let newest = -1;
  const seen = new Set<number>();
  const once = (route: Route, body: string, kept: boolean) =>
    post(server, kept ? { ...client, agent } : client, `/${route}?timeout=3s`, body);
  return {
    async ask(route, request, kept = false) {
      const body = JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request });
      const answer = once(route, body, kept);
      // A kept connection that nobody used for seconds may end while the next request is on its way: clients ask again.
      return judge(body, await (kept ? answer.catch(() => once(route, body, true)) : answer), route);
    },
    async change() {
      const kind = Math.floor(random() * 4);
      if (kind === 0) await truncate(pairs.tls.certFile, 200);
      else if (kind === 1) await rm(pairs.tls.keyFile, { force: true });
      else await pairs.renew(kind === 2);
    },
    renew: () => pairs.renew(),
    async state() {
      const socket = await connectTo(server, client);
      const found = pairs.serials.indexOf(socket.getPeerCertificate().serialNumber);
      socket.destroy();
      if (found < newest) return 'wrong';
      newest = found;
      seen.add(found);
      return found === pairs.serials.length - 1 ? 'current' : 'earlier';
    },
    get seen() {
      return seen.size;
    },
    async close() {
      agent.destroy();
      await server.close();
    },
  };
}

const serialOf = ({ certFile }: { readonly certFile: string }): string =>
  new X509Certificate(readFileSync(certFile)).serialNumber;

/** The files of a server's key pair behind a symbolic link, as a cluster mounts a secret. */
async function createPairs(folder: string) {
  const authority = await createAuthority({ name: 'Cluster' });
  const caFile = join(folder, 'ca.crt');
  await writeFile(caFile, authority.root.pem);
  const link = join(folder, '..data');
  const tls = { certFile: join(link, 'tls.crt'), keyFile: join(link, 'tls.key') };
  const serials: string[] = [];
  return {
    caFile,
    tls,
    /** Serial numbers of all pairs that were whole, as `node:tls` prints them. */
    serials,
    /** A new pair: the link is moved to it, or its files take the place of the old ones one after the other. */
    async renew(inPlace = false): Promise<void> {
      const target = `..${serials.length}`;
      if (!inPlace || serials.length === 0) {
        await mkdir(join(folder, target));
        serials.push(serialOf(await writeKeyPair(authority, join(folder, target))));
        await symlink(target, join(folder, '..new'));
        await rename(join(folder, '..new'), link);
      } else serials.push(serialOf(await writeKeyPair(authority, link)));
    },
  };
}
