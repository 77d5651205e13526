/** A host of MCP Apps in a page of its own: the extension's bridge, as its example host has it. Bundled by the test. */
import { AppBridge, PostMessageTransport } from '@modelcontextprotocol/ext-apps/app-bridge';

type Shown = { html: string; tool: object; input: Record<string, unknown>; result: object; context: object };
type Bridge = ConstructorParameters<typeof AppBridge>;

declare const window: {
  /** Given by the test: calls a tool of the server. */
  callTool(name: string, args: unknown): Promise<never>;
  showApp(shown: Shown): Promise<void>;
};
// The compiler is set for Node, which has no document.
declare const document: {
  body: { append(element: unknown): void };
  createElement(name: 'iframe'): { sandbox: unknown; srcdoc: string; style: { cssText: string }; contentWindow: never };
};

window.showApp = async ({ html, tool, input, result, context }) => {
  const frame = document.createElement('iframe');
  frame.sandbox = 'allow-scripts';
  frame.style.cssText = 'width: 100%; height: 800px; border: 0';
  document.body.append(frame);
  const options = { hostContext: { ...context, toolInfo: { tool } } } as Bridge[3];
  const bridge = new AppBridge(null, { name: 'test host', version: '1' }, { serverTools: {} }, options);
  bridge.oncalltool = (params) => window.callTool(params.name, params.arguments);
  bridge.oninitialized = () => {
    bridge.sendToolInput({ arguments: input });
    bridge.sendToolResult(result as never);
  };
  await bridge.connect(new PostMessageTransport(frame.contentWindow, frame.contentWindow));
  frame.srcdoc = html;
};
