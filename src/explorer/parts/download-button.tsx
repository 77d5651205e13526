/** A configuration that waits behind a one-time link. */
import { useState } from 'preact/hooks';
import { downloadFrom, type Link } from '../link/download.js';
import { usePage } from '../page.js';

export function DownloadButton({ link }: { link: Link }) {
  const { mcp, say } = usePage();
  const [state, setState] = useState<'waiting' | 'downloaded' | 'over'>('waiting');
  if (state === 'downloaded') return <span role="status">{say('downloaded', { file: link.file_name })}</span>;
  if (state === 'over') return <span role="status">{say('linkOver')}</span>;
  return (
    <button
      type="button"
      class="primary"
      onClick={() => void downloadFrom(mcp, link).then((isThere) => setState(isThere ? 'downloaded' : 'over'))}
    >
      {say('downloadFile', { file: link.file_name })}
    </button>
  );
}
