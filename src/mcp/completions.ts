/** Completions: what a person may mean by the part of an argument that is typed. */

import type { Choice, Choices } from '../choices.js';
import { CATALOGUE } from '../errors/catalogue.js';
import { quoted } from '../errors/external-text.js';
import { isObject, type JsonObject } from './fields.js';
import type { ListedPrompt } from './prompt-filter.js';
import { findPrompt } from './prompts.js';
import { INVALID_PARAMS, RequestError } from './request-error.js';
import { ERROR_TEMPLATE } from './resources.js';

/** As MCP has it. */
const MAX_VALUES = 100;

/**
 * @param listed the prompts that the settings let through
 * @throws RequestError where the request is about nothing that is here; what the cloud does not tell is an empty list
 */
export async function complete(params: JsonObject | undefined, listed: readonly ListedPrompt[], choices: Choices) {
  const argument = params?.argument;
  if (!isObject(argument) || typeof argument.name !== 'string' || typeof argument.value !== 'string')
    throw new RequestError(INVALID_PARAMS, 'params.argument must be an object with name and value, both texts');
  const { name, value } = argument;
  const found = await choicesFor(name);
  const typed = value.trim().toLowerCase();
  // What begins so is what is most likely meant.
  const begins = (choice: Choice): boolean => choice.value.toLowerCase().startsWith(typed);
  const fitting = found.filter(({ text }) => text.toLowerCase().includes(typed));
  const values = [...fitting.filter(begins), ...fitting.filter((choice) => !begins(choice))].map(
    (choice) => choice.value,
  );
  return {
    completion: {
      values: values.slice(0, MAX_VALUES),
      total: values.length,
      hasMore: values.length > MAX_VALUES,
    },
  };

  async function choicesFor(argumentName: string): Promise<readonly Choice[]> {
    const ref = isObject(params?.ref) ? params.ref : {};
    if (ref.type === 'ref/prompt') {
      const { prompt } = findPrompt(ref.name, listed);
      if (!prompt.arguments.some((each) => each.name === argumentName)) return [];
      if (argumentName === 'region') return choices.regions();
      return argumentName === 'server' ? choices.servers(regionIn(params?.context)) : [];
    }
    if (ref.type === 'ref/resource' && ref.uri === ERROR_TEMPLATE.uriTemplate)
      return argumentName === 'code' ? CATALOGUE.map(({ code }) => ({ value: code, text: code })) : [];
    throw new RequestError(
      INVALID_PARAMS,
      `there is nothing to complete for ${quoted(ref.uri ?? ref.type)}; there are prompts and ${ERROR_TEMPLATE.uriTemplate}`,
    );
  }
}

/** What the person has put into the field beside it; clients of older revisions do not say. */
function regionIn(context: unknown): string | undefined {
  const given = isObject(context) && isObject(context.arguments) ? context.arguments.region : undefined;
  const region = typeof given === 'string' ? given.trim() : '';
  return region === '' || region === 'all' ? undefined : region;
}
