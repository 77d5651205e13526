/** The SDK's own adapter and handler around the same request: what the protocol costs with nothing of ours. */
import { createServer } from 'node:http';
import { createMcpHandler, Server } from '@modelcontextprotocol/server';
import { requesterOfEnvironment } from './one-request.js';

const [adapter = '', port] = process.argv.slice(2);
const { toNodeHandler } = await import(adapter);
const { create } = requesterOfEnvironment();
const handler = createMcpHandler(() => {
  const server = new Server({ name: 'stock', version: '1.0.0' }, { capabilities: { tools: {} } });
  server.setRequestHandler('tools/call', async ({ params }) => ({
    content: [{ type: 'text', text: await create(/** @type {Record<string, string>} */ (params.arguments)) }],
  }));
  return server;
});
createServer(toNodeHandler(handler)).listen(Number(port), '127.0.0.1');
