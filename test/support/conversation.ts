/** A conversation over pipes, in this process: with the front desk before the engine, or with the engine alone. */
import { PassThrough } from 'node:stream';
import type { Caller } from '../../src/call.js';
import type { Choices } from '../../src/choices.js';
import { createLog } from '../../src/log.js';
import { openDesk } from '../../src/mcp/desk.js';
import { type EngineParts, openEngine } from '../../src/mcp/engine-2025.js';
import type { FirstAnswers } from '../../src/mcp/first-answers.js';
import { PROMPT_LISTINGS } from '../../src/mcp/prompts.js';
import { openStdio } from '../../src/mcp/stdio.js';
import { LISTING } from '../../src/tools/listing.js';

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into by tests, which fail where a field is not there
export type Message = any;

/** Answers each call with its own arguments. */
const ECHO: Caller = {
  call: async (name, given) => ({ structured: { name, given }, isError: false }),
  idle: async () => {},
};

const NO_CHOICES: Choices = { regions: async () => [], servers: async () => [] };
/** All, also prompts whose tools are yet to come. */
const LISTED = { tools: LISTING, prompts: PROMPT_LISTINGS.map(({ prompt }) => prompt) };

export type Conversation = { answers: Message[]; engineOpened: boolean; defects: string[] };

/** Writes the chunks, closes the input, and collects what is said until the server would leave. */
export async function converse(
  chunks: readonly (string | Buffer)[],
  desk: FirstAnswers | undefined,
  caller: Caller = ECHO,
): Promise<Conversation> {
  const input = new PassThrough();
  const output = new PassThrough();
  let text = '';
  output.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  const defects: string[] = [];
  const log = createLog('error', (line) => defects.push(line));
  const parts: EngineParts = { listed: LISTED, caller, choices: NO_CHOICES, clean: (value) => value, log };
  let engineOpened = false;
  await new Promise<void>((resolve) => {
    const open: Parameters<typeof openDesk>[0]['openEngine'] = (stdio, prologue) => {
      engineOpened = true;
      return openEngine(parts, stdio, prologue, resolve);
    };
    if (desk === undefined) {
      const waiting: unknown[] = [];
      const stdio = openStdio(input, output, { message: (value) => waiting.push(value), end() {} });
      void open(stdio, { initialize: undefined, initialized: false, isModern: false }).then((engine) => {
        stdio.receiver = engine;
        for (const chunk of chunks) input.write(chunk);
        input.end();
      });
    } else {
      openDesk({ answers: desk, listed: LISTED, openEngine: open, ready() {}, leave: resolve }, (receiver) =>
        openStdio(input, output, receiver),
      );
      for (const chunk of chunks) input.write(chunk);
      input.end();
    }
  });
  await new Promise((resolve) => setImmediate(resolve));
  const answers = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Message => JSON.parse(line));
  return { answers, engineOpened, defects };
}
