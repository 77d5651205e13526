/** A failure: what it means, what it changed, and what to do next as things to click. */
import { useState } from 'preact/hooks';
import { setDraft, tryWith } from '../form/drafts.js';
import { valuesFrom } from '../form/fields.js';
import { type Fields, fieldsOf, isFields, listOf, textOf } from '../link/values.js';
import { openCertificate } from '../open-certificate.js';
import { usePage } from '../page.js';
import { CodeBlock } from '../parts/code-block.js';
import { hrefOf } from '../route.js';
import { NextSteps } from './answer-view.js';
import { ValueView } from './value-view.js';

/** Without onRepeat, as in a host, nothing can be clicked that leads elsewhere. */
type Props = { tool: string; error: Fields; args: Fields; onRepeat?(args: Fields): void };

export function ErrorView({ tool, error, args, onRepeat }: Props) {
  const { say } = usePage();
  const { effect, category, explanation, message, http_status, request_id, facts, ram_policy, code } = error;
  const url = textOf(error.documentation_url);
  return (
    <div class="error">
      <p class="explanation">{say.sentence(textOf(explanation))}</p>
      <p class="chips">
        <span class="chip">{say.category(textOf(category))}</span>
        <span class={`chip effect-${textOf(effect)}`}>{say.effect(textOf(effect))}</span>
      </p>
      <p class="said">
        <span class="hint">{say('serviceSaid')}</span> {textOf(message)}
      </p>
      <NextSteps steps={listOf(error.next_steps).map(textOf)} />
      {onRepeat !== undefined && <Ways {...{ tool, error, args, onRepeat }} />}
      {isFields(ram_policy) && <Policy policy={ram_policy} />}
      {isFields(facts) && (
        <div class="steps">
          <h2>{say('facts')}</h2>
          <ValueView value={facts} within={{ region_id: args.region_id }} />
        </div>
      )}
      <p class="hint">
        {http_status !== undefined && <span>HTTP {textOf(http_status)} </span>}
        {request_id !== undefined && (
          <span>
            {say.field('request_id')} <code>{textOf(request_id)}</code>{' '}
          </span>
        )}
        {onRepeat !== undefined && <a href={hrefOf({ view: 'error', code: textOf(code) })}>{say('aboutCode')}</a>}{' '}
        {url.startsWith('https://') && (
          <a href={url} target="_blank" rel="noopener noreferrer">
            {say('documentation')}
          </a>
        )}
      </p>
    </div>
  );
}

/** What can be done about it with a click. */
function Ways({ tool, error, args, onRepeat }: Required<Props>) {
  const { say } = usePage();
  const facts = fieldsOf(error.facts);
  const region = textOf(facts.found_in_region);
  const certificates = [...listOf(facts.certificates), ...listOf(facts.expired), ...listOf(facts.oldest)].map(fieldsOf);
  const { client_token } = error;
  const repeat = (changed: Fields): void => {
    const next = { ...args, ...changed };
    setDraft(tool, valuesFrom(next));
    onRepeat(next);
  };
  return (
    <div class="ways">
      {region !== '' && (
        <button type="button" class="primary" onClick={() => repeat({ region_id: region })}>
          {say('repeatIn', { region })}
        </button>
      )}
      {region === '' &&
        listOf(facts.servers)
          .map(fieldsOf)
          .map(({ ssl_vpn_server_id, name }) => (
            <button
              key={textOf(ssl_vpn_server_id)}
              type="button"
              onClick={() => setDraft(tool, valuesFrom({ ...args, ssl_vpn_server_id }))}
            >
              {say('takeInstead', { what: textOf(name) || textOf(ssl_vpn_server_id) })}
            </button>
          ))}
      {listOf(facts.regions)
        .map(fieldsOf)
        .map(({ region_id, name }) => (
          <button
            key={textOf(region_id)}
            type="button"
            onClick={() => setDraft(tool, valuesFrom({ ...args, region_id }))}
          >
            {say('takeInstead', { what: `${textOf(name)} (${textOf(region_id)})` })}
          </button>
        ))}
      {certificates.map(({ ssl_vpn_client_cert_id: id, name }) => (
        <button
          key={textOf(id)}
          type="button"
          onClick={() => openCertificate({ id: textOf(id), regionId: textOf(args.region_id) })}
        >
          {say('openCertificate', { name: textOf(name) || textOf(id) })}
        </button>
      ))}
      {(error.retryable === true || client_token !== undefined) && (
        <button type="button" onClick={() => repeat(client_token === undefined ? {} : { client_token })}>
          {say(client_token === undefined ? 'repeat' : 'repeatSafely')}
        </button>
      )}
      {error.category === 'not_found' && (
        <button type="button" class="quiet" onClick={() => tryWith('list_ssl_vpn_servers', { region_id: 'all' })}>
          {say.toolTitle({ name: 'list_ssl_vpn_servers' })}
        </button>
      )}
    </div>
  );
}

function Policy({ policy }: { policy: Fields }) {
  const { say } = usePage();
  const [isShown, setShown] = useState(false);
  const json = JSON.stringify(policy, null, 2);
  return (
    <div class="steps">
      <button type="button" aria-expanded={isShown} onClick={() => setShown(!isShown)}>
        {say(isShown ? 'hidePolicy' : 'showPolicy')}
      </button>
      {isShown && <CodeBlock text={json} label={say('showPolicy')} />}
    </div>
  );
}
