/** Any answer in a form to be read: fields, lists and tables. Whatever stands in it is shown as text. */
import { isLink } from '../link/download.js';
import { type Fields, isFields } from '../link/values.js';
import { openCertificate } from '../open-certificate.js';
import { usePage } from '../page.js';
import { DownloadButton } from '../parts/download-button.js';
import { Table } from '../parts/table.js';

export function ValueView({ value, within }: { value: unknown; within?: Fields }) {
  const { say } = usePage();
  if (Array.isArray(value)) return <ListView list={value} />;
  if (isFields(value) && isLink(value)) return <DownloadButton link={value} />;
  if (isFields(value)) {
    return (
      <dl>
        {Object.entries(value).map(([name, field]) => (
          <div key={name} class={isFields(field) || Array.isArray(field) ? 'nested' : ''}>
            <dt>{say.field(name)}</dt>
            <dd>
              <PlainOrNested name={name} value={field} within={{ ...within, ...value }} />
            </dd>
          </div>
        ))}
      </dl>
    );
  }
  return String(value);
}

function ListView({ list }: { list: readonly unknown[] }) {
  const { say } = usePage();
  if (list.length === 0) return <span class="hint">{say('none')}</span>;
  const rows = list.filter((member): member is Fields => isFields(member) && !isLink(member));
  if (rows.length < list.length) {
    return (
      <ul>
        {list.map((member) => (
          <li key={JSON.stringify(member)}>{isFields(member) ? <ValueView value={member} /> : String(member)}</li>
        ))}
      </ul>
    );
  }
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return (
    <Table
      label={say('rows', { count: rows.length })}
      columns={columns.map((column) => ({ title: say.field(column) }))}
    >
      {rows.map((row) => (
        <tr key={JSON.stringify(row)}>
          {columns.map((column) => (
            <td key={column}>
              <PlainOrNested name={column} value={row[column]} within={row} />
            </td>
          ))}
        </tr>
      ))}
    </Table>
  );
}

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

function PlainOrNested({ name, value, within }: { name: string; value: unknown; within: Fields }) {
  const { say } = usePage();
  if (value === undefined) return null;
  if (typeof value === 'boolean') return say(value ? 'yes' : 'no');
  if (typeof value !== 'string') return typeof value === 'number' ? value : <ValueView value={value} within={within} />;
  if (TIME.test(value)) return <time dateTime={value}>{say.time(value)}</time>;
  const { region_id } = within;
  if (name === 'ssl_vpn_client_cert_id' && typeof region_id === 'string') {
    return (
      <button type="button" class="link" onClick={() => openCertificate({ id: value, regionId: region_id })}>
        {value}
      </button>
    );
  }
  return /(_id|_ids|token|path|sha256|_ip|subnet|pool)$/.test(name) ? <code>{value}</code> : value;
}
