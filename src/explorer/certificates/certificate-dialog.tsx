/** One certificate, with what can be done with it. */
import { useEffect, useState } from 'preact/hooks';
import { CallView } from '../answer/call-view.js';
import { ValueView } from '../answer/value-view.js';
import { tryWith } from '../form/drafts.js';
import { downloadFrom, isLink } from '../link/download.js';
import { fieldsOf, listOf, textOf } from '../link/values.js';
import { type CertificateRef, shownCertificate } from '../open-certificate.js';
import { usePage } from '../page.js';
import { Dialog } from '../parts/dialog.js';
import { useStore } from '../store.js';
import { useOwnCall } from '../use-call.js';
import { changed } from './changed.js';

export function CertificateDialog() {
  const ref = useStore(shownCertificate);
  return ref && <Details key={`${ref.regionId} ${ref.id}`} {...ref} />;
}

function Details({ id, regionId }: CertificateRef) {
  const { mcp, say, tools } = usePage();
  const details = useOwnCall();
  const action = useOwnCall();
  const [note, setNote] = useState('');
  const where = { region_id: regionId, ssl_vpn_client_cert_id: id };
  const close = (): void => shownCertificate.set(undefined);
  /** A host lists no tools to the page, so in one there is nothing to click. */
  const has = (tool: string): boolean => tools.some(({ name }) => name === tool);
  useEffect(() => {
    void details.start('get_ssl_vpn_client_cert', where);
  }, []);

  async function download(): Promise<void> {
    setNote('');
    const answer = await action.start('save_ssl_vpn_client_config', where);
    const link = fieldsOf(listOf(answer?.structured.links)[0]);
    if (!isLink(link)) return;
    setNote((await downloadFrom(mcp, link)) ? say('downloaded', { file: link.file_name }) : say('linkOver'));
  }
  async function revoke(): Promise<void> {
    const answer = await action.start('delete_ssl_vpn_client_cert', where);
    if (answer?.structured.outcome === 'revoked') changed.set(changed.get() + 1);
  }
  const { call } = details;
  const found = call.state === 'answered' && !call.answer.isError;
  const certificate = found ? fieldsOf(call.answer.structured.certificate) : undefined;
  const { name: _name, ssl_vpn_client_cert_id: _id, ...shown } = certificate ?? {};
  return (
    <Dialog title={textOf(certificate?.name) || id} class="wide" onClose={close}>
      {certificate === undefined ? (
        <CallView call={call} onCancel={close} onRepeat={() => void details.start('get_ssl_vpn_client_cert', where)} />
      ) : (
        <>
          <p class="hint">
            <code>{id}</code>
          </p>
          <ValueView value={shown} />
        </>
      )}
      <div class="actions">
        {has('save_ssl_vpn_client_config') && (
          <button type="button" class="primary" disabled={!found} onClick={download}>
            {say('download')}
          </button>
        )}
        {has('modify_ssl_vpn_client_cert') && (
          <button
            type="button"
            onClick={() => {
              close();
              tryWith('modify_ssl_vpn_client_cert', { ...where, name: textOf(certificate?.name) });
            }}
          >
            {say('rename')}
          </button>
        )}
        {has('delete_ssl_vpn_client_cert') && (
          <button type="button" class="danger" disabled={!found} onClick={revoke}>
            {say('revoke')}
          </button>
        )}
        <button type="button" class="quiet" onClick={close}>
          {say('close')}
        </button>
      </div>
      {note !== '' && <p role="status">{note}</p>}
      {note === '' && <CallView call={action.call} onCancel={action.cancel} onRepeat={() => void download()} />}
    </Dialog>
  );
}
