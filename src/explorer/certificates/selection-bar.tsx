/** What can be done with the certificates that are selected. */
import { useState } from 'preact/hooks';
import { usePage } from '../page.js';
import { ChangeDialog } from './change-dialog.js';
import { MAX_RENEWAL_DAYS, type PlannedCall, renewals, revocations } from './changes.js';
import type { Certificate } from './load.js';

type Props = { certificates: readonly Certificate[]; onDone(): void };

export function SelectionBar({ certificates, onDone }: Props) {
  const { say, tools } = usePage();
  const [change, setChange] = useState<{ title: string; calls: readonly PlannedCall[] } | undefined>(undefined);
  const mayAll = (calls: readonly PlannedCall[]): boolean =>
    calls.length > 0 && calls.every(({ tool }) => tools.some(({ name }) => name === tool));
  const renewable = certificates.filter(({ daysLeft, name }) => daysLeft < MAX_RENEWAL_DAYS && name !== '');
  const renewal = renewals(renewable);
  const revocation = revocations(certificates);
  return (
    <>
      {certificates.length > 0 && (
        <div class="selection" role="group" aria-label={say('selected', { count: certificates.length })}>
          <b>{say('selected', { count: certificates.length })}</b>
          <button
            type="button"
            disabled={renewable.length < certificates.length || !mayAll(renewal)}
            onClick={() => setChange({ title: say('renewTitle', { count: renewable.length }), calls: renewal })}
          >
            {say('renew')}
          </button>
          <button
            type="button"
            class="danger"
            disabled={!mayAll(revocation)}
            onClick={() => setChange({ title: say('revokeTitle', { count: certificates.length }), calls: revocation })}
          >
            {say('revoke')}
          </button>
          <button type="button" class="quiet" onClick={onDone}>
            {say('unselect')}
          </button>
          {renewable.length < certificates.length && <span class="hint">{say('renewOnlySoon')}</span>}
        </div>
      )}
      {change !== undefined && (
        <ChangeDialog
          {...change}
          onClose={() => {
            setChange(undefined);
            onDone();
          }}
        />
      )}
    </>
  );
}
