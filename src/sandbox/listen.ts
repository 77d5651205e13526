/** An HTTP server on a loopback port that no client can break or hold up. */
import { createServer, type RequestListener } from 'node:http';

const MAX_HEADER_BYTES = 16 * 1024;
/** Longer than clients keep idle connections, so that the service is not the one to close them. */
const KEEP_ALIVE_MS = 65_000;

type Handle = (...exchange: Parameters<RequestListener>) => Promise<void>;

/**
 * @param handle where it rejects, the connection is cut off
 * @param port 0 takes any free one
 * @param receiveTimeoutMs within which a request has to be there, from the moment its connection is open
 * @throws NodeJS.ErrnoException where the port cannot be used
 */
export async function listen(
  handle: Handle,
  port: number,
  receiveTimeoutMs: number,
): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer(
    {
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: receiveTimeoutMs,
      requestTimeout: receiveTimeoutMs,
      connectionsCheckingInterval: receiveTimeoutMs / 4,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    (request, response) => {
      handle(request, response).catch(() => response.destroy());
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  // A connection that cannot be accepted concerns that connection alone.
  server.on('error', () => {});
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the sandbox has no port');
  return {
    port: address.port,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
