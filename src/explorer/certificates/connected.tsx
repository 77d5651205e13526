/** Who is connected now. */
import { usePage } from '../page.js';
import { Table } from '../parts/table.js';
import { Gaps } from './gaps.js';
import type { Connections } from './load.js';

export function Connected({ connections, gaps }: Connections) {
  const { say } = usePage();
  if (connections.length + gaps.length === 0) return null;
  return (
    <section class="card" aria-labelledby="connected-title">
      <div class="card-head">
        <h2 id="connected-title">{say('whoIsConnected')}</h2>
        <span class="hint">{connections.length}</span>
      </div>
      <Table
        label={say('whoIsConnected')}
        columns={['name', 'server_name', 'client_ip', 'connected_at'].map((name) => ({ title: say.field(name) }))}
      >
        {connections.map(({ certificateId, name, serverName, clientIp, since }) => (
          <tr key={`${certificateId} ${name} ${clientIp} ${since}`}>
            <td>{name || certificateId}</td>
            <td>{serverName}</td>
            <td>
              <code>{clientIp}</code>
            </td>
            <td>
              <time dateTime={since}>{say.time(since)}</time>
            </td>
          </tr>
        ))}
      </Table>
      <Gaps gaps={gaps} />
    </section>
  );
}
