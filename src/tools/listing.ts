/** The tools as tools/list shows them. Depends on nothing but the tools, so the build computes it once and for all. */
import type { z } from 'zod/v3';
import { zodToJsonSchema } from 'zod-to-json-schema';
import { TOOLS } from './index.js';
import type { ToolName } from './names.js';
import { CHARACTER_LIMITS } from './parameters.js';
import type { ToolAnnotations } from './tool.js';

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

export type JsonObjectSchema = {
  type: 'object';
  properties: Record<string, { [name: string]: Json }>;
  required?: string[];
  additionalProperties?: boolean;
};

export type ListedTool = {
  name: ToolName;
  title: string;
  description: string;
  inputSchema: JsonObjectSchema;
  outputSchema: JsonObjectSchema;
  annotations: ToolAnnotations;
};

/**
 * Admits each tool's results, and the error in their place. No more than that: every word of the list costs each user in
 * each conversation, and clients hold failures against this schema too.
 */
const OUTPUT: JsonObjectSchema = { type: 'object', properties: { error: { type: 'object' } } };

export const LISTING: readonly ListedTool[] = TOOLS.map((tool) => ({
  name: tool.name,
  title: tool.title,
  description: tool.description,
  inputSchema: toJsonSchema(tool.input),
  outputSchema: OUTPUT,
  annotations: tool.annotations,
}));

function toJsonSchema(schema: z.ZodTypeAny): JsonObjectSchema {
  const { $schema: _, ...json } = zodToJsonSchema(schema, {
    $refStrategy: 'none',
    postProcess: (part, def) => (part === undefined ? part : { ...part, ...CHARACTER_LIMITS.get(def) }),
  }) as Record<string, unknown>;
  return json as JsonObjectSchema;
}
