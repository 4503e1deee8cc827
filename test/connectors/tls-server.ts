import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { AuthorityCertificates } from '../authority/tls/certificates.ts';

/** A server on loopback that answers as a test wants it to, and counts what reached it. */
export interface TlsServer {
  readonly port: number;
  /** `127.0.0.1:<port>`. */
  readonly host: string;
  connections(): number;
  /** Connections that are still open. */
  open(): number;
  close(): Promise<void>;
}

export async function startTlsServer(
  { key, cert }: Pick<AuthorityCertificates, 'key' | 'cert'>,
  handler: RequestListener,
): Promise<TlsServer> {
  let connections = 0;
  let open = 0;
  const server = createServer({ key, cert }, handler);
  server.on('connection', (socket) => {
    connections += 1;
    open += 1;
    socket.on('close', () => (open -= 1));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    host: `127.0.0.1:${port}`,
    connections: () => connections,
    open: () => open,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
