/** Client tokens: one token, one effect. */
import type { Answer, Parameters } from './parameters.js';
import { ApiRefusal } from './refusals.js';

/**
 * Performs an action once for each client token. A repeat gets the first answer, even where what it made is gone by
 * now; a refusal is not remembered.
 *
 * @throws ApiRefusal IdempotentParameterMismatch where the token came with other parameters before
 */
export type Once = (action: string, parameters: Parameters, perform: () => Answer) => Answer;

export function createOnce(): Once {
  const performed = new Map<string, { request: string; answer: Answer }>();
  return (action, parameters, perform) => {
    const { ClientToken, ...rest } = parameters;
    if (ClientToken === undefined || ClientToken === '') return perform();
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what the API reference allows
    if (!/^[\x00-\x7f]{1,64}$/.test(ClientToken))
      throw new ApiRefusal(400, 'InvalidParameter', 'The specified parameter ClientToken is not valid.');
    const key = `${action} ${ClientToken}`;
    const request = JSON.stringify(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)));
    const earlier = performed.get(key);
    if (earlier?.request === request) return earlier.answer;
    if (earlier !== undefined) {
      throw new ApiRefusal(
        400,
        'IdempotentParameterMismatch',
        'The request uses the same client token as a previous, but non-identical request.',
      );
    }
    const answer = perform();
    performed.set(key, { request, answer });
    return answer;
  };
}
