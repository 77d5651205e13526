/** Everything that can be looked for, and what fits a few letters. */
import { fieldsFrom } from '../form/fields.js';
import type { Page } from '../page.js';
import type { Option } from '../parts/combobox.js';
import { hrefOf } from '../route.js';
import { TOOL_ACTIONS } from '../tool-actions.js';

/** `value` is where it leads. */
type Entry = Option & { kind: string; plain: string; text: string };

const MAX_FOUND = 12;

export function entriesOf({ tools, errors, say }: Pick<Page, 'tools' | 'errors' | 'say'>): Entry[] {
  const found: Entry[] = [];
  const add = (label: string, kind: string, detail: string, value: string, more = ''): void => {
    found.push({ label, kind, detail, value, plain: plain(label), text: `${label} ${detail} ${more}`.toLowerCase() });
  };
  for (const tool of tools) {
    const href = hrefOf({ view: 'tool', tool: tool.name });
    const title = say.toolTitle(tool);
    add(title, say('kindTool'), tool.name, href, `${plain(tool.name)} ${tool.title} ${tool.description}`);
    for (const action of TOOL_ACTIONS[tool.name] ?? []) add(action, say('kindAction'), title, href);
    for (const { name, hint } of fieldsFrom(tool.inputSchema))
      add(name, say('kindParameter'), `${title}: ${say.argumentHint(name, hint)}`, href, say.argument(name));
  }
  for (const { code, explanation } of errors)
    add(code, say('kindError'), say.sentence(explanation), hrefOf({ view: 'error', code }), explanation);
  return found;
}

/** Those whose name begins with the letters come first, then those that have them in it, then those that speak of them. */
export function search(entries: readonly Entry[], asked: string): Option[] {
  const words = asked
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const name = plain(asked);
  if (words.length === 0) return [];
  const rank = ({ plain: own, text }: Entry): number => {
    if (name !== '' && own === name) return 0;
    if (name !== '' && own.startsWith(name)) return 1;
    if (name !== '' && own.includes(name)) return 2;
    return words.every((word) => text.includes(word)) ? 3 : 4;
  };
  return entries
    .map((entry) => ({ entry, rank: rank(entry) }))
    .filter((each) => each.rank < 4)
    .sort((one, other) => one.rank - other.rank)
    .slice(0, MAX_FOUND)
    .map(({ entry: { label, kind, detail, value } }) => ({ label, kind, detail, value }));
}

/** region_id, RegionId and "region id" are the same. */
function plain(text: string): string {
  return text.toLowerCase().replace(/[\s_.-]/g, '');
}
