/** The access file: which tools, regions, servers and names whoever has which claims may use. */
import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod/v3';
import { visible } from '../errors/external-text.js';
import type { Log } from '../log.js';
import type { Rights } from '../policy.js';
import { TOOL_NAMES, type ToolName } from '../tools/names.js';
import { isRegionId } from '../vpc/endpoints.js';
import { isServerId } from '../vpc/ids.js';
import { type Claims, nameRule, readTemplate } from './name-template.js';

const MAX_BYTES = 1024 * 1024;
const LOOK_EVERY_MS = 1_000;

const oneOrMore = <T extends z.ZodTypeAny>(member: T) => z.array(member).min(1);

const rule = z
  .object({
    who: z.record(z.union([z.string(), z.number(), z.boolean()]), {
      required_error: 'is missing: claims, or {} for all',
    }),
    tools: z.custom<'all' | readonly ToolName[]>(isToolList, 'has to be "all" or a list of tools of this server'),
    regions: oneOrMore(z.string().refine(isRegionId, 'is no region id, e.g. eu-central-1')).optional(),
    servers: oneOrMore(z.string().refine(isServerId, 'is no server id, e.g. vss-m5et0q3i')).optional(),
    names: oneOrMore(
      z.string().transform((text, context) => {
        const template = readTemplate(text);
        if (template !== undefined) return template;
        const message = 'is no template: letters, digits, ".", "_", "-", {claim} or {claim:local}, and a last --*';
        context.addIssue({ code: 'custom', message });
        return z.NEVER;
      }),
    ).optional(),
  })
  .strict();
type Rule = z.output<typeof rule>;

function isToolList(value: unknown): value is 'all' | readonly ToolName[] {
  const names: ReadonlySet<unknown> = new Set(TOOL_NAMES);
  return value === 'all' || (Array.isArray(value) && value.length > 0 && value.every((name) => names.has(name)));
}

const accessFile = z.object({ rules: z.array(rule) }).strict();

export type AccessRules = {
  count: number;
  /** What the rules give to whoever has these claims; without any, nothing. */
  rightsOf(claims: Claims): Rights;
};

export type AccessFile = {
  rightsOf(claims: Claims): Rights;
  close(): void;
};

/**
 * Reads the file now, and again when it changes. An edit that cannot be used is shouted about, and the rules stay.
 * @throws Error that says why the file cannot be used
 */
export async function openAccessFile(path: string, log: Log): Promise<AccessFile> {
  // Looked at before it is read: what changes in between is read again.
  let seen = await stampOf(path);
  let rules = await readAccessFile(path);
  let looking = false;
  const look = async (): Promise<void> => {
    const stamp = await stampOf(path);
    if (stamp === seen) return;
    seen = stamp;
    try {
      rules = await readAccessFile(path);
      log.info('access file read', { path, rules: rules.count });
    } catch (error) {
      const why = error instanceof Error ? error.message : '';
      log.error('access file not taken: what it said before still holds', { path, why });
    }
  };
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    void look().finally(() => {
      looking = false;
    });
  }, LOOK_EVERY_MS).unref();
  return {
    rightsOf: (claims) => rules.rightsOf(claims),
    close: () => clearInterval(timer),
  };
}

/** What tells one state of the file from another, its absence included. */
function stampOf(path: string): Promise<string> {
  return stat(path, { bigint: true }).then(
    ({ ino, mtimeNs, size }) => `${ino} ${mtimeNs} ${size}`,
    (error: NodeJS.ErrnoException) => error.code ?? '',
  );
}

/** @throws Error that says why the file cannot be used */
export async function readAccessFile(path: string): Promise<AccessRules> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`it cannot be read (${error.code})`);
  });
  // Anything else may never end, or never begin.
  if (!found.isFile()) throw new Error('it is not a regular file');
  if (found.size > MAX_BYTES) throw new Error(`it is larger than ${MAX_BYTES} bytes`);
  return readRules(await readFile(path, 'utf8'));
}

/** @throws Error that says what is wrong and where */
export function readRules(text: string): AccessRules {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw new Error('it is not JSON');
  }
  const parsed = accessFile.safeParse(json);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      (issue) =>
        `${issue.path.join('.') || 'the file'}: ${issue.code === 'unrecognized_keys' ? `there is no ${issue.keys.join(', ')}` : issue.message}`,
    );
    throw new Error(visible(problems.join('; '), 500));
  }
  const { rules } = parsed.data;
  return { count: rules.length, rightsOf: (claims) => rightsOf(rules, claims) };
}

function rightsOf(rules: readonly Rule[], claims: Claims): Rights {
  const theirs = rules
    .filter(({ who }) => Object.entries(who).every(([claim, wanted]) => has(claims, claim, wanted)))
    .map(({ tools, regions, servers, names }) => ({
      tools,
      grant: { regions, servers, names: names && nameRule(names, claims) },
    }));
  return {
    grantsFor: (tool) =>
      theirs.filter(({ tools }) => tools === 'all' || tools.some((name) => name === tool)).map(({ grant }) => grant),
  };
}

function has(claims: Claims, claim: string, wanted: string | number | boolean): boolean {
  const value = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
  return Array.isArray(value) ? value.includes(wanted) : value === wanted;
}
