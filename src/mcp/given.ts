/**
 * Arguments of a call that are no object: the SDK would answer them with a bare protocol error, so they are handed past it,
 * to be answered like other wrong arguments.
 */
import { isObject } from './fields.js';

const NOT_AN_OBJECT = 'not an object';

/** The message with such arguments wrapped in an object, for the SDK; any other message as it is. */
export function wrapArguments(message: unknown): unknown {
  if (!isObject(message) || message.method !== 'tools/call' || !isObject(message.params)) return message;
  const { arguments: args } = message.params;
  if (args === undefined || isObject(args)) return message;
  return { ...message, params: { ...message.params, arguments: { [NOT_AN_OBJECT]: args } } };
}

/** The arguments as they came. */
export function given(args: Readonly<Record<string, unknown>> | undefined): unknown {
  return args !== undefined && Object.hasOwn(args, NOT_AN_OBJECT) ? args[NOT_AN_OBJECT] : args;
}
