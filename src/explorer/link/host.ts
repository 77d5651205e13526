/** The host that shows the page as an MCP App: JSON-RPC by postMessage. Source: the extension's specification of 2026-01-26. */
import { createStore, type Store } from '../store.js';
import { LinkError, type Mcp, type ToolAnswer } from './mcp.js';
import { type Fields, fieldsOf, isFields, textOf } from './values.js';

const REVISION = '2026-01-26';

export type Host = {
  /** The tools of the server, through the host. */
  mcp: Mcp;
  /** The tool whose result is shown. */
  tool: string;
  args: Store<Fields>;
  answer: Store<ToolAnswer | undefined>;
  /** Theme, locale and the like, as the host has them now. */
  context: Store<Fields>;
};

export async function connectHost(): Promise<Host> {
  const pending = new Map<number, (message: Fields) => void>();
  const args = createStore<Fields>({});
  const answer = createStore<ToolAnswer | undefined>(undefined);
  const context = createStore<Fields>({});
  let lastId = 0;

  addEventListener('message', ({ source, data }: MessageEvent<unknown>) => {
    if (source !== parent || !isFields(data)) return;
    const { id, method, params } = data;
    if (method === undefined) return void (typeof id === 'number' && pending.get(id)?.(data));
    if (method === 'ui/notifications/tool-input') args.set(fieldsOf(fieldsOf(params).arguments));
    else if (method === 'ui/notifications/tool-result') answer.set(toAnswer(fieldsOf(params)));
    else if (method === 'ui/notifications/host-context-changed') context.set({ ...context.get(), ...fieldsOf(params) });
    // Asked whether it is alive, or to go: there is nothing to be saved.
    else if (id !== undefined) send({ id, result: {} });
  });

  const about = {
    protocolVersion: REVISION,
    appInfo: { name: 'ssl-vpn-explorer', version: '1' },
    appCapabilities: {},
  };
  const { hostContext } = await request('ui/initialize', about);
  context.set(fieldsOf(hostContext));
  send({ method: 'ui/notifications/initialized', params: {} });
  followSize();
  const tool = textOf(fieldsOf(fieldsOf(context.get().toolInfo).tool).name);
  return { mcp: { ...NOTHING_ELSE, callTool }, tool, args, answer, context };

  function send(message: Fields): void {
    // Whoever embeds the page sees all of it anyway, and the frame does not know who that is.
    parent.postMessage({ jsonrpc: '2.0', ...message }, '*');
  }

  function request(method: string, params: Fields): Promise<Fields> {
    lastId += 1;
    const id = lastId;
    return new Promise((resolve, reject) => {
      pending.set(id, ({ result }) => {
        pending.delete(id);
        if (isFields(result)) resolve(result);
        else reject(new LinkError('protocol'));
      });
      send({ id, method, params });
    });
  }

  async function callTool(name: string, given: Fields): Promise<ToolAnswer> {
    return toAnswer(await request('tools/call', { name, arguments: given }));
  }

  function followSize(): void {
    const { documentElement: root, body } = document;
    new ResizeObserver(() =>
      send({ method: 'ui/notifications/size-changed', params: { width: root.clientWidth, height: body.scrollHeight } }),
    ).observe(body);
  }
}

/** What a page in a host does without. */
const NOTHING_ELSE: Omit<Mcp, 'callTool'> = {
  listTools: async () => [],
  readResource: async () => '',
  send: () => Promise.reject(new LinkError('gone')),
};

function toAnswer({ structuredContent, isError }: Fields): ToolAnswer {
  return { structured: fieldsOf(structuredContent), isError: isError === true };
}
