/** The least that a server over HTTP can be that does the same: node:http, and one request signed the same by undici. */
import { createServer } from 'node:http';
import { requesterOfEnvironment } from './one-request.js';

const { create } = requesterOfEnvironment();
const server = createServer(async (request, response) => {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  const { id, params } = JSON.parse(text);
  const result = { content: [{ type: 'text', text: await create(params.arguments) }] };
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
});
server.listen(Number(process.argv[2]), '127.0.0.1');
