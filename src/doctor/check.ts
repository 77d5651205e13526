import { errorAnswer, explain } from '../errors/explain.js';

export type Check = { name: string; status: 'ok' | 'warning' | 'failed'; detail: string; remedy?: string };

/** A check that waits for the network is given up after this. */
export const MAX_MS = 8_000;

export function failed(name: string, error: unknown): Check {
  const { message, next_steps } = errorAnswer(explain(error));
  return { name, status: 'failed', detail: message, remedy: next_steps[0] ?? '' };
}
