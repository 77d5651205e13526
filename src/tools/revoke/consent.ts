/** Nothing is revoked without a yes of the person: by a question, or by names where the client cannot ask. */
import { RefusedError } from '../../errors/errors.js';
import { quoted, visible } from '../../errors/external-text.js';
import { ask, repeat } from '../../errors/steps.js';
import type { CertSummary } from '../../vpc/actions.js';
import { isoTime, MAX_NAME } from '../results.js';
import type { Answer, ToolContext } from '../tool.js';

export type Consent = {
  answer: Exclude<Answer, 'unconfirmed'>;
  /** Whether this call put the question. */
  asked: boolean;
  /** The names that were agreed to, by certificate id. */
  names: ReadonlyMap<string, string>;
};

/** What is to be revoked, and what confirms it. */
export type Wanted = {
  region: string;
  /** As they are now; at least one. */
  certs: readonly CertSummary[];
  /** That the work may take. */
  minutes: number;
  /** The argument that names are confirmed by. */
  argument: 'confirm_name' | 'confirm_names';
  /** As the call has them. */
  ids: readonly string[];
  /** Of the argument, one for each of `ids`; undefined where it was not given. */
  texts: readonly string[] | undefined;
};

/** @throws RefusedError */
export async function consentTo(
  wanted: Wanted,
  { ask: askPerson, consents }: Pick<ToolContext, 'ask' | 'consents'>,
): Promise<Consent> {
  const { region, certs, argument, texts } = wanted;
  const ids = certs.map((cert) => cert.SslVpnClientCertId);
  const names = await consents.namesOf(region, ids);
  if (texts !== undefined) {
    // Names that are given are held to, also where the person is asked: other certificates may be meant.
    const confirmed = newlyConfirmed(wanted, texts, names);
    if (askPerson === undefined) {
      await consents.give(region, confirmed);
      for (const [id, name] of confirmed) names.set(id, name);
    }
  }
  // One that was renamed since is no reason to ask again, unless nothing else is left: it fails by itself.
  const covered =
    ids.every((id) => names.has(id)) && certs.some((cert) => names.get(cert.SslVpnClientCertId) === cert.Name);
  if (covered) return { answer: 'accepted', asked: false, names };
  if (askPerson === undefined)
    throw unconfirmed(`${argument} has to say what ${certs.length === 1 ? 'it is' : 'they are'} called now`, wanted);
  const answer = await askPerson(
    questionAbout(wanted),
    certs.length === 1 ? 'Yes, revoke it' : `Yes, revoke all ${certs.length}`,
  );
  const shown = new Map(certs.map((cert) => [cert.SslVpnClientCertId, cert.Name]));
  if (answer === 'accepted') await consents.give(region, shown);
  // What the person said before is no longer what they want.
  else await consents.end(region, ids);
  if (answer !== 'unconfirmed') return { answer, asked: true, names: shown };
  throw new RefusedError('Not revoked: the question was accepted, but without confirm set to true in its form.', [
    ask('Ask the person again whether to revoke, and repeat the call if they agree.'),
  ]);
}

/**
 * The present names that the texts confirm, without those that have a yes, which lasts no longer for being repeated. A
 * repeat may still give the name of an earlier yes: that confirms nothing, and what was renamed fails by itself.
 * @throws RefusedError where a text is neither
 */
function newlyConfirmed(
  wanted: Wanted,
  texts: readonly string[],
  earlier: ReadonlyMap<string, string>,
): Map<string, string> {
  const { argument, certs, ids } = wanted;
  if (texts.length !== ids.length) {
    throw unconfirmed(`${ids.length} ids need as many ${argument}, not ${texts.length}`, wanted);
  }
  const names = new Map<string, string>();
  const byId = new Map(certs.map((cert) => [cert.SslVpnClientCertId, cert.Name]));
  ids.forEach((id, index) => {
    const present = byId.get(id);
    if (present === undefined) return;
    const text = texts[index];
    const agreed = earlier.get(id);
    if (agreed !== undefined && confirms(text, id, agreed)) return;
    if (!confirms(text, id, present))
      throw unconfirmed(`${quoted(text)} in ${argument} does not confirm ${id}`, wanted);
    names.set(id, present);
  });
  return names;
}

/** Whether this is the text by which a person confirms a certificate: its name, or its id where it has none. */
function confirms(text: string | undefined, id: string, name: string): boolean {
  return text === (name === '' ? id : name);
}

function unconfirmed(why: string, { certs, minutes, argument }: Wanted): RefusedError {
  const each = argument === 'confirm_name' ? '' : ' for each id, in the same order,';
  return new RefusedError(
    `Nothing was revoked: ${why}.`,
    [
      ask(
        'Show the person every certificate in facts by name, say that everyone on its server is disconnected each time and that it may take as many minutes as facts say, and ask whether to revoke.',
      ),
      repeat(
        `If they agree, repeat the call with ${argument}:${each} the present name, or the id itself where there is no name.`,
      ),
    ],
    {
      certificates: certs.map((cert) => ({
        ssl_vpn_client_cert_id: cert.SslVpnClientCertId,
        name: visible(cert.Name, MAX_NAME),
        ssl_vpn_server_id: cert.SslVpnServerId,
        expires_at: isoTime(cert.EndTime),
      })),
      minutes,
    },
  );
}

/** One line for each certificate, below its server; names in full, because two may differ at their ends only. */
function questionAbout({ region, certs, minutes }: Wanted): string {
  const servers = [...new Set(certs.map((cert) => cert.SslVpnServerId))];
  return [
    `Revoke ${certs.length === 1 ? 'this SSL-VPN client certificate' : `these ${certs.length} SSL-VPN client certificates`} for good? Everyone connected to ${servers.length === 1 ? 'this server' : 'these servers'} is disconnected for a moment${certs.length === 1 ? '' : ' each time'}, and it may take about ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`,
    ...servers.flatMap((server) => [
      `Server: ${quoted(server)} (${region})`,
      ...certs
        .filter((cert) => cert.SslVpnServerId === server)
        .map(
          ({ Name, SslVpnClientCertId: id, EndTime }) =>
            `- ${quoted(Name, MAX_NAME)} (${quoted(id)}), expires ${isoTime(EndTime)}`,
        ),
    ]),
  ].join('\n');
}
