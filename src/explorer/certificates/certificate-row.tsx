import { openCertificate } from '../open-certificate.js';
import { memo } from '../parts/memo.js';
import type { Say } from '../texts.js';
import type { Certificate } from './load.js';

type Props = {
  certificate: Certificate;
  isSelected: boolean;
  /** How many clients use it now. */
  connections: number;
  say: Say;
  onSelect(id: string, isSelected: boolean): void;
};

/** Drawn anew only when something of it changed: there may be thousands. */
export const CertificateRow = memo(({ certificate, isSelected, connections, say, onSelect }: Props) => {
  const { id, name, regionId, serverName, status, expiresAt, daysLeft } = certificate;
  const shownName = name || id;
  return (
    <div role="row" class={`row ${isSelected ? 'selected' : ''}`}>
      <span role="cell" class="pick">
        <input
          type="checkbox"
          aria-label={say('select', { name: shownName })}
          checked={isSelected}
          onChange={(event) => onSelect(id, event.currentTarget.checked)}
        />
      </span>
      <span role="cell" class="name">
        <button type="button" class="link" onClick={() => openCertificate({ id, regionId })}>
          {shownName}
        </button>
      </span>
      <span role="cell" class="server">
        {serverName} <span class="hint">{regionId}</span>
      </span>
      <span role="cell" class="expires">
        <span class={`badge ${daysLeft < 0 ? 'bad' : daysLeft <= 30 ? 'warn' : 'plain'}`}>
          {['normal', 'expiring-soon', 'expired'].includes(status) ? say.daysLeft(daysLeft) : status}
        </span>{' '}
        <time dateTime={expiresAt}>{say.date(expiresAt)}</time>
      </span>
      <span role="cell" class="online">
        {connections > 0 && <span class="badge good">{say('connections', { count: connections })}</span>}
      </span>
    </div>
  );
});
