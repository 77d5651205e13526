/** What a tool is. Tools know nothing of the transport: what they need from outside reaches them as plain functions. */
import type { z } from 'zod/v3';
import type { Budget } from '../budget.js';
import type { Explanation } from '../errors/explain.js';
import type { Log } from '../log.js';
import type { ApiRequest, VpcClient } from '../vpc/client.js';
import type { CredentialsProvider } from '../vpc/credentials.js';
import type { Pace } from '../vpc/pace.js';
import { checkArguments } from './arguments.js';
import type { Batches } from './issue/batches.js';
import type { ToolName } from './names.js';
import type { Consents } from './revoke/consents.js';
import type { HandOver } from './saved-config.js';

export type ToolContext = {
  /** Sends nothing and shows nothing that the policy does not allow, and records every change. */
  vpc: VpcClient;
  budget: Budget;
  credentials: CredentialsProvider;
  /** Region of a call that names none. */
  region: string | undefined;
  /** The region whose endpoint is asked for the list of regions. */
  centralRegion: string;
  /** How configurations leave; undefined where the policy does not allow any to. */
  handOver: HandOver | undefined;
  /** Does work that hands out a key, with a record of it before and after. */
  recordKey<T>(about: KeyAbout, work: () => Promise<T>, facts: (done: T) => Record<string, unknown>): Promise<T>;
  /** @param done rises with each call */
  progress(done: number, total: number, message: string): void;
  /** Puts a question to the person and waits for the answer; undefined where the client cannot. @throws RefusedError */
  ask: ((question: string, consent: string) => Promise<Answer>) | undefined;
  /** An error with the facts of the case, for an answer that is about more than that error. */
  explain(error: unknown): Promise<Explanation>;
  log: Log;
  /** What was learned about the service's rate, what is known of batches, and what people agreed to: they outlive a call. */
  pace: Pace;
  batches: Batches;
  consents: Consents;
  /** Unix ms. */
  now(): number;
};

/** `unconfirmed`: accepted without the confirmation that the form asks for. */
export type Answer = 'accepted' | 'declined' | 'cancelled' | 'unconfirmed';

export type KeyAbout = { regionId: string; certificateId: string };

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

/** The request that a call is about, and the actions that would follow it. */
export type Preview = { request: ApiRequest<unknown>; followedBy?: string[] };

export type InputSchema<Shape extends z.ZodRawShape = z.ZodRawShape> = z.ZodObject<Shape, 'strict'>;

export type Tool = ToolTexts & {
  input: InputSchema;
  /** Of a success; a failure has the error in its place. */
  output: z.ZodObject<z.ZodRawShape>;
  /**
   * @param given the arguments as they came
   * @throws InvalidArgumentsError, RefusedError, CallFailure and whatever else explain() knows
   */
  invoke(given: unknown, context: ToolContext): Promise<Record<string, unknown>>;
  /** Absent where the tool calls no API. @throws InvalidArgumentsError */
  preview?: (given: unknown, context: Pick<ToolContext, 'region' | 'centralRegion'>) => Preview;
};

/** Ties the types of input, output and run together, then lets go of them: the list of tools is one of equals. */
export function defineTool<Input extends z.ZodRawShape, Output extends z.ZodRawShape>(
  tool: ToolTexts & {
    input: InputSchema<Input>;
    output: z.ZodObject<Output>;
    preview?(args: z.output<InputSchema<Input>>, centralRegion: string): Preview;
    run(args: z.output<InputSchema<Input>>, context: ToolContext): Promise<z.input<z.ZodObject<Output>>>;
  },
): Tool {
  const { run, preview, ...texts } = tool;
  return {
    ...texts,
    invoke: async (given, context) => run(checkArguments(tool.input, given, context.region), context),
    ...(preview && {
      preview: (given, { region, centralRegion }) => preview(checkArguments(tool.input, given, region), centralRegion),
    }),
  };
}
