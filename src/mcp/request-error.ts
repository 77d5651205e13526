/** A request that cannot be served. Both SDKs answer it with its code and message, as JSON-RPC has them. */
export class RequestError extends Error {
  override readonly name = 'RequestError' as const;

  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** As JSON-RPC 2.0 has them. */
export const METHOD_NOT_FOUND = -32601;
export const INVALID_PARAMS = -32602;

/** As MCP has it up to 2025-11-25. */
export const RESOURCE_NOT_FOUND = -32002;
