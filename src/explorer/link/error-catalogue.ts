/** Every error code that the server knows. */
import type { Mcp } from './mcp.js';
import { fieldsOf, listOf, textOf } from './values.js';

export type ErrorEntry = {
  code: string;
  /** Empty for codes that come with none. */
  httpStatus: string;
  category: string;
  explanation: string;
  nextSteps: readonly string[];
  isRetryable: boolean;
};

/** @throws LinkError */
export async function errorCatalogue({ readResource }: Pick<Mcp, 'readResource'>): Promise<ErrorEntry[]> {
  return listOf(JSON.parse(await readResource('ssl-vpn://errors'))).map((entry) => {
    const { code, http_status, category, explanation, next_steps, retryable } = fieldsOf(entry);
    return {
      code: textOf(code),
      httpStatus: textOf(http_status),
      category: textOf(category),
      explanation: textOf(explanation),
      nextSteps: listOf(next_steps).map(textOf),
      isRetryable: retryable === true,
    };
  });
}
