/** What a tool is. Tools know nothing of the transport: what they need from outside reaches them as plain functions. */
import type { z } from 'zod/v3';
import type { Log } from '../log.js';
import { checkPolicy, type Policy } from '../policy.js';
import type { ApiRequest, CallBounds, VpcClient } from '../vpc/client.js';
import type { CredentialsProvider } from '../vpc/credentials.js';
import { checkArguments } from './arguments.js';
import { dryRunFlag, previewOf, sdkName } from './dry-run.js';
import type { ToolName } from './names.js';

export type ToolContext = {
  vpc: VpcClient;
  credentials: CredentialsProvider;
  settings: ToolSettings;
  /** The deadline moves while a person is being asked. */
  bounds: CallBounds;
  progress(done: number, total: number, message: string): void;
  /** Puts a question to the person and waits for the answer; undefined where the client cannot. @throws RefusedError */
  ask: ((question: string, consent: string) => Promise<'accepted' | 'declined' | 'cancelled'>) | undefined;
  log: Log;
  /** Ids of batches that this process began and did not finish, by what they are about; lives as long as the process. */
  unfinishedBatches: Map<string, string>;
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
  /** The API actions that it may call: what its user needs permission for. */
  actions: readonly string[];
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
    /** Of a tool that changes something: the request that it is about, for a look before it is made. */
    request?(args: z.output<z.ZodObject<Input, 'strict'>>): ApiRequest<unknown>;
    run(args: z.output<z.ZodObject<Input, 'strict'>>, context: ToolContext): Promise<z.input<z.ZodObject<Output>>>;
  },
): Tool {
  const { run, request, ...described } = tool;
  if (request === undefined) {
    return {
      ...described,
      async invoke(given, context) {
        const args = checkArguments(tool.input, given, context.settings.region);
        checkPolicy(args, context.settings);
        return run(args, context);
      },
    };
  }
  const input = tool.input.extend({ dry_run: dryRunFlag, sdk: sdkName }).strict();
  return {
    ...described,
    input,
    async invoke(given, context) {
      const { dry_run, sdk, ...args } = checkArguments(input, given, context.settings.region);
      // Without the two, what the wider schema let through is what the narrower one describes.
      const own = tool.input.parse(args);
      checkPolicy(own, context.settings);
      if (dry_run) return { dry_run: await previewOf(request(own), tool.actions, sdk, context) };
      return run(own, context);
    },
  };
}
