/** Where the sandbox runs: two ways in, one that works and one that is refused. */
import { tryWith } from '../form/drafts.js';
import { usePage } from '../page.js';
import { FIRST_TOOL } from '../route.js';

/** Servers that every sandbox has. */
const WELL = { region_id: 'ap-southeast-1', ssl_vpn_server_id: 'vss-sandbox-singapore', name: 'zhang.wei' };
const REFUSED = { region_id: 'cn-hangzhou', ssl_vpn_server_id: 'vss-sandbox-subuser', name: 'zhang.wei' };

export function FirstSteps({ tool }: { tool: string }) {
  const { say } = usePage();
  if (tool !== FIRST_TOOL) return null;
  return (
    <p class="note">
      <span>{say('firstSteps')}</span>
      <button type="button" class="link" onClick={() => tryWith(FIRST_TOOL, WELL)}>
        {say('fillExample')}
      </button>
      <button type="button" class="link" onClick={() => tryWith(FIRST_TOOL, REFUSED)}>
        {say('fillRefusal')}
      </button>
    </p>
  );
}
