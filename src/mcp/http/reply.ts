/** Answers of our own, beside those of the SDK. */

import type { Trace } from '../../call.js';

/** Header names in lower case. */
export type Reply = { status: number; headers: Readonly<Record<string, string>>; body: string };

/** The path without the prefix of the public URL and without its query. */
export type PlainRequest = {
  method: string;
  path: string;
  userAgent: string;
  trace: Trace;
  authorization: string | undefined;
  /** The body, or the refusal of one that is none; undefined where the client has gone. */
  json(): Promise<{ json: unknown } | Reply | undefined>;
};

/** What is served besides `/mcp`. @returns undefined where the path is none of its own */
export type Route = (request: PlainRequest) => Promise<Reply> | Reply | undefined;

/** A refusal in the form of JSON-RPC, which is what clients of MCP read. */
export function refusal(
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
  code = -32000,
): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ jsonrpc: '2.0', error: { code, message }, id: null }),
  };
}
