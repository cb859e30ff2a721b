/** Serves the page. */
import { once } from 'node:events';
import { createServer } from 'node:http';

export interface PageServer {
  close(): Promise<void>;
}

/** Listen on "host:port" and answer `GET /` with what `render` makes. @throws Error when the address can't be had. */
export async function servePage(
  address: string,
  render: () => Promise<string>,
  onError: (error: unknown) => void,
): Promise<PageServer> {
  const server = createServer((request, response) => {
    if (request.url !== '/' || request.method !== 'GET') {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('only GET / is here\n');
      return;
    }
    render().then(
      (html) =>
        response
          .writeHead(200, {
            'content-type': 'text/html; charset=utf-8',
            'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
            'cache-control': 'no-store',
          })
          .end(html),
      (error: unknown) => {
        onError(error);
        response.writeHead(503, { 'content-type': 'text/plain' }).end('no figures now; the log says why\n');
      },
    );
  });
  const at = address.lastIndexOf(':');
  server.listen(Number(address.slice(at + 1)), address.slice(0, at));
  await once(server, 'listening');
  return {
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
