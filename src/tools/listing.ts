/** The tools as tools/list shows them. Depends on nothing but the tools, so the build computes it once and for all. */
import { z } from 'zod';
import { zodToJsonSchema } from 'zod-to-json-schema';
import { TOOLS } from './index.js';
import type { ToolName } from './names.js';
import { CHARACTER_LIMITS } from './parameters.js';
import type { Tool, ToolAnnotations } from './tool.js';

export type JsonObjectSchema = {
  type: 'object';
  properties: Record<string, object>;
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

export const LISTING: readonly ListedTool[] = TOOLS.map((tool) => ({
  name: tool.name,
  title: tool.title,
  description: tool.description,
  inputSchema: toJsonSchema(tool.input),
  outputSchema: outline(tool.output),
  annotations: tool.annotations,
}));

function toJsonSchema(schema: z.ZodTypeAny): JsonObjectSchema {
  const { $schema: _, ...json } = zodToJsonSchema(schema, {
    $refStrategy: 'none',
    postProcess: (part, def) => (part === undefined ? part : { ...part, ...CHARACTER_LIMITS.get(def) }),
  }) as Record<string, unknown>;
  return json as JsonObjectSchema;
}

/**
 * The top level of a result and its error only: every word of the list costs each user in each conversation, and clients
 * hold failures against this schema too, so nothing is required.
 */
function outline(output: Tool['output']): JsonObjectSchema {
  const whole = toJsonSchema(output.extend({ error: z.object({}), sandbox: z.boolean() }).partial());
  const properties = Object.fromEntries(
    Object.entries(whole.properties).map(([name, property]) => [
      name,
      { type: 'type' in property ? property.type : 'object' },
    ]),
  );
  return { type: 'object', properties };
}
