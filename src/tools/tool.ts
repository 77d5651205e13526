/** What a tool is. Tools know nothing of the transport: what they need from outside reaches them as plain functions. */
import type { z } from 'zod';
import type { Log } from '../log.js';
import type { CallBounds, VpcClient } from '../vpc/client.js';
import { checkArguments } from './arguments.js';
import type { ToolName } from './names.js';
import { checkPolicy, type Policy } from './policy.js';

export type ToolContext = {
  vpc: VpcClient;
  settings: ToolSettings;
  /** The deadline moves while a person is being asked. */
  bounds: CallBounds;
  progress(done: number, total: number, message: string): void;
  /** Puts a question to the person and waits for the answer; undefined where the client cannot. @throws RefusedError */
  ask: ((question: string, consent: string) => Promise<'accepted' | 'declined' | 'cancelled'>) | undefined;
  log: Log;
  /** Unix ms. */
  now(): number;
};

/** What of the settings tools depend on. */
export type ToolSettings = Policy & {
  /** Region of a call that names none. */
  region: string | undefined;
  /** Absolute path of the only folder that files are written to. */
  outputDir: string;
};

export type ToolAnnotations = {
  readOnlyHint: boolean;
  destructiveHint: boolean;
  idempotentHint: boolean;
  openWorldHint: boolean;
};

export type ToolTexts = {
  name: ToolName;
  title: string;
  /** Two or three sentences: what it does, when another tool is right, what comes back. */
  description: string;
  annotations: ToolAnnotations;
};

export type Tool = ToolTexts & {
  input: z.ZodObject<z.ZodRawShape, 'strict'>;
  /** Of a success; a failure has the error in its place. */
  output: z.ZodObject<z.ZodRawShape>;
  /**
   * Checks arguments and policy, then does it.
   * @throws InvalidArgumentsError, RefusedError, CallFailure and whatever else explain() knows
   */
  invoke(args: unknown, context: ToolContext): Promise<Record<string, unknown>>;
};

/** Ties the types of input, output and run together, then lets go of them: the list of tools is one of equals. */
export function defineTool<Input extends z.ZodRawShape, Output extends z.ZodRawShape>(
  tool: ToolTexts & {
    input: z.ZodObject<Input, 'strict'>;
    output: z.ZodObject<Output>;
    run(args: z.output<z.ZodObject<Input, 'strict'>>, context: ToolContext): Promise<z.input<z.ZodObject<Output>>>;
  },
): Tool {
  const { run, ...described } = tool;
  return {
    ...described,
    async invoke(given, context) {
      const args = checkArguments(tool.input, given, context.settings.region);
      checkPolicy(args, context.settings);
      return run(args, context);
    },
  };
}
