/** Nothing is revoked without a yes of the person: by a question, or by names where the client cannot ask. */
import { RefusedError } from '../../errors/errors.js';
import { quoted, visible } from '../../errors/external-text.js';
import { ask, repeat } from '../../errors/steps.js';
import type { CertSummary } from '../../vpc/actions.js';
import { isoTime, MAX_NAME } from '../results.js';
import type { Answer, ToolContext } from '../tool.js';

/** Whether this is the text by which a person confirms a certificate: its name, or its id where it has none. */
export function confirms(text: string | undefined, id: string, name: string): boolean {
  return text === (name === '' ? id : name);
}

/** @throws RefusedError where the question was accepted without its confirmation, or could not be put */
export async function put(
  question: string,
  consent: string,
  askPerson: NonNullable<ToolContext['ask']>,
): Promise<Exclude<Answer, 'unconfirmed'>> {
  const answer = await askPerson(question, consent);
  if (answer !== 'unconfirmed') return answer;
  throw new RefusedError('Not revoked: the question was accepted, but without confirm set to true in its form.', [
    ask('Ask the person again whether to revoke, and repeat the call if they agree.'),
  ]);
}

export type Consent = {
  answer: Exclude<Answer, 'unconfirmed'>;
  /** Whether this call put the question. */
  asked: boolean;
  /** The names that were agreed to, by certificate id. */
  names: ReadonlyMap<string, string>;
};

export type ConsentArguments = {
  region_id: string;
  ssl_vpn_client_cert_ids: readonly string[];
  confirm_names?: readonly string[] | undefined;
};

/**
 * @param certs those that are to be revoked, as they are now; at least one
 * @param minutes that the work may take
 * @throws RefusedError
 */
export async function consentTo(
  args: ConsentArguments,
  certs: readonly CertSummary[],
  minutes: number,
  { ask: askPerson, consents }: Pick<ToolContext, 'ask' | 'consents'>,
): Promise<Consent> {
  const { region_id: region, confirm_names: confirmNames } = args;
  const ids = certs.map((cert) => cert.SslVpnClientCertId);
  const earlier = await consents.namesOf(region, ids);
  if (confirmNames !== undefined) {
    // Names that are given are held to, also where the person is asked: other certificates may be meant.
    const names = confirmed(args, certs, earlier, minutes);
    if (askPerson === undefined) {
      await consents.give(region, names);
      return { answer: 'accepted', asked: false, names };
    }
  }
  // One that was renamed since is no reason to ask again, unless nothing else is left: it fails by itself.
  const covered =
    ids.every((id) => earlier.has(id)) && certs.some((cert) => earlier.get(cert.SslVpnClientCertId) === cert.Name);
  if (covered) return { answer: 'accepted', asked: false, names: earlier };
  if (askPerson === undefined) throw unconfirmed(`${certs.length} certificates need confirm_names`, certs, minutes);
  const answer = await put(
    questionAbout(region, certs, minutes),
    certs.length === 1 ? 'Yes, revoke it' : `Yes, revoke all ${certs.length}`,
    askPerson,
  );
  const names = new Map(certs.map((cert) => [cert.SslVpnClientCertId, cert.Name]));
  if (answer === 'accepted') await consents.give(region, names);
  return { answer, asked: true, names };
}

/** A repeat confirms the name that was agreed to, though it may have changed since. */
function confirmed(
  { ssl_vpn_client_cert_ids: ids, confirm_names: texts = [] }: ConsentArguments,
  certs: readonly CertSummary[],
  earlier: ReadonlyMap<string, string>,
  minutes: number,
): Map<string, string> {
  if (texts.length !== ids.length) {
    throw unconfirmed(`${ids.length} ids need as many confirm_names, not ${texts.length}`, certs, minutes);
  }
  const names = new Map<string, string>();
  const byId = new Map(certs.map((cert) => [cert.SslVpnClientCertId, cert.Name]));
  ids.forEach((id, index) => {
    const present = byId.get(id);
    if (present === undefined) return;
    const name = [present, earlier.get(id)].find((known) => known !== undefined && confirms(texts[index], id, known));
    if (name === undefined) {
      throw unconfirmed(`confirm_names[${index}], ${quoted(texts[index])}, does not confirm ${id}`, certs, minutes);
    }
    names.set(id, name);
  });
  return names;
}

function unconfirmed(why: string, certs: readonly CertSummary[], minutes: number): RefusedError {
  return new RefusedError(
    `None was revoked: ${why}.`,
    [
      ask(
        'Show the person all certificates in facts by name, say that everyone on these servers is disconnected each time and that it may take as many minutes as facts say, and ask whether to revoke all.',
      ),
      repeat(
        'If they agree, repeat the call with confirm_names: for each id, in the same order, the present name, or the id itself where there is no name.',
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

/** One line for each certificate, below its server. */
function questionAbout(region: string, certs: readonly CertSummary[], minutes: number): string {
  const servers = [...new Set(certs.map((cert) => cert.SslVpnServerId))];
  return [
    `Revoke ${certs.length === 1 ? 'this SSL-VPN client certificate' : `these ${certs.length} SSL-VPN client certificates`} for good? Everyone connected to ${servers.length === 1 ? 'this server' : 'these servers'} is disconnected for a moment each time, and it may take about ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`,
    ...servers.flatMap((server) => [
      `Server: ${quoted(server)} (${region})`,
      ...certs
        .filter((cert) => cert.SslVpnServerId === server)
        .map(
          ({ Name, SslVpnClientCertId: id, EndTime }) =>
            `- ${quoted(Name)} (${quoted(id)}), expires ${isoTime(EndTime)}`,
        ),
    ]),
  ].join('\n');
}
