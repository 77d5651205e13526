/** The tools as tools/list shows them. Depends on nothing but the tools, so the build computes it once and for all. */
import { z } from 'zod/v3';
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
 * The parts that a success always has, and the error in their place: every word of the list costs each user in each
 * conversation. Nothing is required, because clients hold failures against this schema too.
 */
function outline(output: Tool['output']): JsonObjectSchema {
  const { properties, required = [] } = toJsonSchema(output.extend({ error: z.object({}) }));
  const parts = Object.entries(properties).flatMap(([name, property]) => {
    const type = 'type' in property ? property.type : undefined;
    const telling = (type === 'object' || type === 'array') && required.includes(name) && name !== 'next_steps';
    return telling ? [[name, { type }] as const] : [];
  });
  return { type: 'object', properties: Object.fromEntries(parts) };
}
