/** Certificates everywhere: search, when they run out, who is connected, and what to do with several. */
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { ErrorView } from '../answer/error-view.js';
import { LinkError, type ToolAnswer } from '../link/mcp.js';
import { fieldsOf } from '../link/values.js';
import { usePage } from '../page.js';
import { useStore } from '../store.js';
import { CertificateRow } from './certificate-row.js';
import { changed } from './changed.js';
import { Connected } from './connected.js';
import { isShown, NO_FILTER } from './filter.js';
import { Gaps } from './gaps.js';
import {
  type Certificate,
  type Connection,
  type Connections,
  type Gap,
  loadCertificates,
  loadConnections,
} from './load.js';
import { SelectionBar } from './selection-bar.js';
import { Timeline } from './timeline.js';

export function CertificatesView() {
  const page = usePage();
  const { say } = page;
  const [certificates, setCertificates] = useState<readonly Certificate[]>([]);
  const [gaps, setGaps] = useState<readonly Gap[]>([]);
  const [{ connections, gaps: silent }, setConnections] = useState<Connections>({ connections: [], gaps: [] });
  const [isLoading, setLoading] = useState(true);
  const [failure, setFailure] = useState<ToolAnswer | LinkError | undefined>(undefined);
  const [filter, setFilter] = useState(NO_FILTER);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const round = useStore(changed);

  useEffect(() => {
    const stop = new AbortController();
    setLoading(true);
    Promise.all([
      loadCertificates(page, stop.signal, (found, missing) => {
        setCertificates(found);
        setGaps(missing);
      }),
      loadConnections(page, stop.signal).then(setConnections),
    ])
      .then(([failed]) => setFailure(failed))
      .catch((error: unknown) => {
        if (!stop.signal.aborted) setFailure(error instanceof LinkError ? error : new LinkError('protocol'));
      })
      .finally(() => {
        if (!stop.signal.aborted) setLoading(false);
      });
    return () => stop.abort();
  }, [page.mcp, round]);

  const counts = useMemo(() => countByCertificate(connections), [connections]);
  const shown = useMemo(() => {
    const connected = new Set(counts.keys());
    return certificates.filter((certificate) => isShown(certificate, filter, connected));
  }, [certificates, filter, counts]);
  const select = useCallback((id: string, isSelected: boolean) => {
    setSelected((before) => {
      const after = new Set(before);
      if (isSelected) after.add(id);
      else after.delete(id);
      return after;
    });
  }, []);
  const chosen = shown.filter(({ id }) => selected.has(id));
  const areAll = shown.length > 0 && chosen.length === shown.length;

  return (
    <>
      <div class="view-head">
        <h1 tabIndex={-1}>{say('certificates')}</h1>
        <p role="status">
          {isLoading ? say('loading') : say('shownOf', { shown: shown.length, all: certificates.length })}
        </p>
      </div>
      {failure !== undefined && (
        <div class="card">
          {failure instanceof LinkError ? (
            <p class="problem">{say(`lost-${failure.reason}`)}</p>
          ) : (
            <ErrorView
              tool="list_ssl_vpn_client_certs"
              error={fieldsOf(failure.structured.error)}
              args={{ region_id: 'all' }}
              onRepeat={() => changed.set(changed.get() + 1)}
            />
          )}
        </div>
      )}
      <Gaps gaps={gaps} />
      <Timeline
        certificates={certificates}
        chosen={filter.expiry}
        onChoose={(expiry) => setFilter({ ...filter, expiry })}
      />
      <div class="toolbar">
        <input
          type="search"
          aria-label={say('searchCertificates')}
          placeholder={say('searchCertificates')}
          value={filter.text}
          onInput={(event) => setFilter({ ...filter, text: event.currentTarget.value })}
        />
        <label class="switch">
          <input
            type="checkbox"
            checked={filter.isConnected}
            onChange={(event) => setFilter({ ...filter, isConnected: event.currentTarget.checked })}
          />
          {say('onlyConnected')}
        </label>
        <button type="button" onClick={() => changed.set(changed.get() + 1)}>
          {say('reload')}
        </button>
      </div>
      <SelectionBar certificates={chosen} onDone={() => setSelected(new Set())} />
      <div class="card rows" role="table" aria-label={say('certificates')} aria-rowcount={shown.length + 1}>
        <div role="row" class="row head">
          <span role="columnheader" class="pick">
            <input
              type="checkbox"
              aria-label={say('selectAll')}
              checked={areAll}
              onChange={() => setSelected(areAll ? new Set() : new Set(shown.map(({ id }) => id)))}
            />
          </span>
          <span role="columnheader">{say.field('name')}</span>
          <span role="columnheader">{say.field('server_name')}</span>
          <span role="columnheader">{say.field('expires_at')}</span>
          <span role="columnheader">{say('connectedNow')}</span>
        </div>
        {shown.map((certificate) => (
          <CertificateRow
            key={certificate.id}
            certificate={certificate}
            isSelected={selected.has(certificate.id)}
            connections={counts.get(certificate.id) ?? 0}
            say={say}
            onSelect={select}
          />
        ))}
      </div>
      {shown.length === 0 && !isLoading && <p class="empty">{say('nothingFound')}</p>}
      <Connected connections={connections} gaps={silent} />
    </>
  );
}

function countByCertificate(connections: readonly Connection[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { certificateId } of connections)
    if (certificateId !== '') counts.set(certificateId, (counts.get(certificateId) ?? 0) + 1);
  return counts;
}
