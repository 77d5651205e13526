import { usePage } from '../page.js';
import { go, hrefOf } from '../route.js';

export function ToolList({ chosen }: { chosen: string }) {
  const { tools, say } = usePage();
  return (
    <nav class="tools" aria-label={say('tools')}>
      <ul>
        {tools.map((tool) => (
          <li key={tool.name}>
            <a
              href={hrefOf({ view: 'tool', tool: tool.name })}
              aria-current={tool.name === chosen ? 'page' : undefined}
            >
              {say.toolTitle(tool)}
            </a>
          </li>
        ))}
      </ul>
      {/* On narrow screens, in place of the list. */}
      <select
        aria-label={say('tools')}
        value={chosen}
        onChange={(event) => go({ view: 'tool', tool: event.currentTarget.value })}
      >
        {tools.map((tool) => (
          <option key={tool.name} value={tool.name} selected={tool.name === chosen}>
            {say.toolTitle(tool)}
          </option>
        ))}
      </select>
    </nav>
  );
}
