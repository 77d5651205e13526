/** What ended work on many before its time, as it stands in the answer about all of them. */
import { errorAnswer } from '../errors/explain.js';
import type { ToolContext } from './tool.js';

export const FIRST = 'Do first what next_steps in stopped_by say.';

/** The whole is what is repeated, not the request that failed. */
export async function stop(error: unknown, { explain }: ToolContext) {
  const explanation = await explain(error);
  const steps = explanation.steps.filter((step) => step.do !== 'repeat' && step.do !== 'wait');
  return errorAnswer({ ...explanation, steps });
}
