import { type AddressInfo, connect, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { createAuthority, extendedKeyUsage, type Issued } from '@notarykit/testing';

const name = 'registry.test';
const serverAuth = '1.3.6.1.5.5.7.3.1';

/** A subject alternative name: {@link name} and 127.0.0.1, by which redirects lead to a second server. */
const names = {
  oid: '2.5.29.17',
  critical: false,
  value: Uint8Array.from([0x30, 8 + name.length, 0x82, name.length, ...Buffer.from(name), 0x87, 4, 127, 0, 0, 1]),
};

/** Certificates for servers that the lab's clients trust, and for one that they do not. */
export interface ServerKeys {
  readonly good: Issued;
  readonly bad: Issued;
  /** What clients connect with. */
  readonly connection: { readonly ca: string; readonly servername: string };
}

export async function createServerKeys(): Promise<ServerKeys> {
  const authority = await createAuthority({ intermediates: 0 });
  const stranger = await createAuthority({ intermediates: 0 });
  const subject = { C: 'US', ST: 'WA', O: 'NotaryKit Test', CN: name };
  const issue = (by: typeof authority) =>
    by.issueLeaf({
      subject,
      extensions: (defaults) => [...defaults.slice(0, 2), extendedKeyUsage([serverAuth]), ...defaults.slice(3), names],
    });
  return {
    good: await issue(authority),
    bad: await issue(stranger),
    connection: { ca: authority.root.pem, servername: name },
  };
}

/** TLS before a plain server on loopback, for faults that happen below HTTP. */
export interface Front {
  readonly url: string;
  readonly host: string;
  /** Port of the plain server. */
  forwardTo(port: number): void;
  /** No more connections, as when the server is down. */
  refuse(): void;
  /** From now on, a certificate that nobody trusts. */
  useBadCertificate(): void;
  restore(): Promise<void>;
  close(): Promise<void>;
}

const address = '127.0.0.1';

export async function createFront(keys: ServerKeys): Promise<Front> {
  const sockets = new Set<Socket>();
  let upstreamPort = 0;
  const pass = (socket: TLSSocket): void => {
    const upstream = connect(upstreamPort, address);
    const both: readonly [Socket, Socket] = [socket, upstream];
    for (const [one, other] of [both, [upstream, socket] as const]) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
    socket.pipe(upstream).pipe(socket);
  };
  const server = createTlsServer(contextOf(keys.good), pass);
  server.on('tlsClientError', () => undefined);
  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => void server.once('error', reject).listen(port, address, resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const host = `${address}:${port}`;
  const hangUp = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const stop = (): Promise<void> =>
    new Promise((resolve) => (server.listening ? void server.close(() => resolve()) : resolve()));
  return {
    url: `https://${host}`,
    host,
    forwardTo(to) {
      upstreamPort = to;
    },
    refuse() {
      void stop();
      hangUp();
    },
    useBadCertificate() {
      server.setSecureContext(contextOf(keys.bad));
      hangUp();
    },
    async restore() {
      server.setSecureContext(contextOf(keys.good));
      if (!server.listening) await listen(port);
    },
    async close() {
      const stopped = stop();
      hangUp();
      await stopped;
    },
  };
}

function contextOf({ pem, privateKeyPem }: Issued): { cert: string; key: string } {
  return { cert: pem, key: privateKeyPem };
}
