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

/** Cuts secrets out of a value. */
export type Clean = <T>(value: T) => T;

/** An answer, or the error in its place, may say what the request said: secrets go out of it here. */
export async function cleanedBy<T>(clean: Clean, work: () => Promise<T> | T): Promise<T> {
  try {
    return clean(await work());
  } catch (error) {
    throw error instanceof RequestError ? new RequestError(error.code, clean(error.message)) : error;
  }
}
