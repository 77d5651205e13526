import { afterEach, describe, expect, it } from 'vitest';
import { TOOLS } from '../../src/tools/index.js';
import { LISTING } from '../../src/tools/listing.js';
import { closeSessions, startBin } from '../support/bin.js';

afterEach(closeSessions);

/** Every schema of an array, however deep. */
function arraysIn(part: unknown): object[] {
  if (typeof part !== 'object' || part === null) return [];
  const own = 'type' in part && part.type === 'array' ? [part] : [];
  return [...own, ...Object.values(part).flatMap(arraysIn)];
}

describe('tools/list', () => {
  it('says what the committed snapshot says (npm run docs writes it anew)', async () => {
    const session = await startBin(['--sandbox']);
    const { tools } = await session.client.listTools();
    await expect(`${JSON.stringify(tools, null, 2)}\n`).toMatchFileSnapshot('./listing.snapshot.json');
    // The build computes the list; what it computed must be what the sources say.
    expect(tools).toEqual(JSON.parse(JSON.stringify(LISTING)));
  });

  it.each(LISTING.map((tool) => [tool.name, tool] as const))(
    '%s has what clients need and nothing that they choke on',
    (name, tool) => {
      expect(name).toMatch(/^[a-z_]{1,64}$/);
      expect(tool.title).not.toBe('');
      expect(Object.keys(tool.annotations).sort()).toEqual([
        'destructiveHint',
        'idempotentHint',
        'openWorldHint',
        'readOnlyHint',
      ]);
      for (const schema of [tool.inputSchema, tool.outputSchema]) {
        expect(schema.type).toBe('object');
        expect(schema.properties).toBeTypeOf('object');
        const text = JSON.stringify(schema);
        for (const word of ['"$ref"', '"$schema"', '(?=', '(?!', '(?<', '\\\\p{']) expect(text).not.toContain(word);
        for (const word of ['anyOf', 'oneOf', 'allOf']) expect(schema).not.toHaveProperty(word);
      }
      expect(tool.inputSchema.additionalProperties).toBe(false);
      for (const [argument, property] of Object.entries(tool.inputSchema.properties)) {
        expect(property, argument).toHaveProperty('description');
        expect('description' in property && property.description, argument).toMatch(/e\.g\. /);
      }
      expect(tool.outputSchema.properties).toMatchObject({ error: { type: 'object' } });
      for (const array of arraysIn([tool.inputSchema, tool.outputSchema])) expect(array).toHaveProperty('items.type');
    },
  );

  it('is at most 11,500 characters long, whole answer', async () => {
    const session = await startBin([]);
    const [, answer = ''] = session.stdout().split('\n');
    expect(JSON.parse(answer).result.tools).toHaveLength(TOOLS.length);
    expect(answer.length).toBeLessThanOrEqual(11_500);
  });

  it('lists every tool once', () => {
    expect(LISTING.map(({ name }) => name)).toEqual([...new Set(TOOLS.map(({ name }) => name))]);
  });
});
