/** Who may import whom, as CONTRIBUTING.md says. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const SRC = fileURLToPath(new URL('../src', import.meta.url));

type Import = { from: string; to: string };

function imports(): Import[] {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return files.flatMap((file) => {
    const text = readFileSync(join(SRC, file), 'utf8');
    const specifiers = [...text.matchAll(/(?:from|import\()\s*'([^']+)'/g)].map((match) => match[1] ?? '');
    return specifiers.map((to) => ({
      from: file,
      to: to.startsWith('.') ? relative(SRC, resolve(SRC, dirname(file), to)) : to,
    }));
  });
}

const ALL = imports();
const inside = (folder: string) => (file: string) => file.startsWith(`${folder}/`);

function breaches(from: (file: string) => boolean, to: (file: string) => boolean): string[] {
  return ALL.filter((edge) => from(edge.from) && to(edge.to)).map((edge) => `${edge.from} -> ${edge.to}`);
}

describe('the layout', () => {
  it('finds imports at all', () => expect(ALL.length).toBeGreaterThan(30));

  it('errors import nothing of the other folders', () => {
    expect(
      breaches(inside('errors'), (to) => ['vpc', 'tools', 'sandbox', 'commands'].some((folder) => inside(folder)(to))),
    ).toEqual([]);
  });

  it('vpc knows nothing of tools and MCP', () => {
    expect(
      breaches(
        inside('vpc'),
        (to) =>
          ['tools', 'sandbox', 'commands'].some((folder) => inside(folder)(to)) || to.includes('modelcontextprotocol'),
      ),
    ).toEqual([]);
  });

  it('tools know nothing of the protocol, the settings and the sandbox', () => {
    expect(
      breaches(
        inside('tools'),
        (to) =>
          to.includes('modelcontextprotocol') || to === 'settings.js' || to === 'server.js' || inside('sandbox')(to),
      ),
    ).toEqual([]);
  });

  it('the sandbox imports nothing of ours from outside its folder', () => {
    expect(breaches(inside('sandbox'), (to) => to.endsWith('.js') && !inside('sandbox')(to))).toEqual([]);
  });

  it('only commands import the sandbox, and later.ts hands it on to them', () => {
    expect(
      breaches(
        (from) => !inside('sandbox')(from) && !inside('commands')(from) && from !== 'later.ts',
        inside('sandbox'),
      ),
    ).toEqual([]);
  });

  it('only server.ts, stdio.ts and the demo import the SDK', () => {
    expect(
      breaches(
        (from) => !['server.ts', 'stdio.ts', 'commands/demo.ts'].includes(from),
        (to) => to.startsWith('@modelcontextprotocol'),
      ),
    ).toEqual([]);
  });

  it('only main.ts reads the environment', () => {
    const readers = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && readFileSync(join(SRC, file), 'utf8').includes('process.env'),
    );
    // The examples of code that users are shown read it too, when the users run them.
    expect(readers).toEqual(['main.ts', 'tools/code-examples.ts']);
  });
});
