/** Texts from outside are visible, bounded, and never speak in our place. */
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Session } from '../support/bin.js';
import { REGION } from '../support/client.js';
import {
  against,
  CERT_ID,
  certificate,
  closeHostile,
  hostileCloud,
  pageOf,
  SERVER_ID,
} from '../support/hostile-cloud.js';

afterEach(closeHostile);

const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\u3164\uFFA0\u115F\u1160]/u;
const HOSTILE = 'x\u200B\u00AD\u3164\u2800\uFE0F\u202E\u0007\u001b[31m\u2028\r\n\u{E0041}';

/** Every text that left, as it reads once it is no longer JSON. */
function expectVisible(session: Session): void {
  const texts: string[] = [];
  const walk = (value: unknown): void => {
    if (typeof value === 'string') texts.push(value);
    else if (typeof value === 'object' && value !== null)
      for (const [name, member] of Object.entries(value)) {
        texts.push(name);
        walk(member);
      }
  };
  const answers = session
    .stdout()
    .split('\n')
    .filter((line) => line.includes('structuredContent'));
  for (const line of answers) {
    const { structuredContent, content } = JSON.parse(line).result;
    walk(structuredContent);
    walk(JSON.parse(content[0].text));
  }
  for (const line of session
    .stderr()
    .split('\n')
    .filter((text) => text !== ''))
    walk(JSON.parse(line));
  expect(texts.length).toBeGreaterThan(5);
  for (const text of texts) expect(text).not.toMatch(UNSEEN);
}

describe('a certificate of the cloud', () => {
  it('with any text in any field is shown visible and bounded', async () => {
    const field = fc.oneof(
      fc.constant(HOSTILE),
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.constant('y'.repeat(9_000)),
    );
    const cert = await certificate();
    let part: Record<string, unknown> = {};
    const cloud = await hostileCloud(() => pageOf({ ...cert, ...part }));
    const session = await against(cloud);
    await fc.assert(
      fc.asyncProperty(fc.record({ Name: field, Status: field, RegionId: field }), async (given) => {
        part = given;
        const answer = await session.call('list_ssl_vpn_client_certs', { region_id: REGION });
        expect(JSON.stringify(answer).length).toBeLessThan(2_000);
      }),
      { numRuns: 40 },
    );
    expectVisible(session);
  });

  it('whose id is none of a certificate, or of another one, is none', async () => {
    const ids = [
      'x/../../../victim/authorized',
      'vsc-../x',
      'VSC-1',
      'vsc-',
      'vsc-another',
      `vsc-${'a'.repeat(65)}`,
      'vsc-a\u200B',
      '',
      5,
      null,
    ];
    const cert = await certificate();
    const asked = (index: number): string => `vsc-asked${index}`;
    // Not to be asked again for longer than a call has time, so that the first answer decides.
    const headers = { 'retry-after': '1000' };
    const cloud = await hostileCloud(({ parameters }) => {
      const SslVpnClientCertId = ids.find((_id, index) => asked(index) === parameters.SslVpnClientCertId);
      return { status: 200, body: JSON.stringify({ RequestId: 'R', ...cert, SslVpnClientCertId }), headers };
    });
    const session = await against(cloud);
    const answers = await Promise.all(
      ids.map((_id, index) =>
        session.call('get_ssl_vpn_client_cert', { region_id: REGION, ssl_vpn_client_cert_id: asked(index) }),
      ),
    );
    expect(answers.map(({ error }, index) => [ids[index], error?.code])).toEqual(
      ids.map((id) => [id, 'Client.MalformedResponse']),
    );
  });

  it('keeps names apart that look alike', async () => {
    const names = ['anna', 'an\u200Bna', 'anna\u00AD'];
    const certs = await Promise.all(
      names.map((Name, index) => certificate({ Name, SslVpnClientCertId: `vsc-${index}` })),
    );
    const cloud = await hostileCloud(({ action }) =>
      action === 'DescribeSslVpnClientCerts' ? pageOf(...certs.slice(1)) : { SslVpnClientCertId: 'vsc-new' },
    );
    const session = await against(cloud);
    const listed = await session.call('list_ssl_vpn_client_certs', { region_id: REGION });
    expect(listed.certificates.map(({ name }: { name: string }) => name).sort()).toEqual([
      'an\\u{200b}na',
      'anna\\u{ad}',
    ]);
    const batch = await session.call('issue_ssl_vpn_client_certs', {
      region_id: REGION,
      ssl_vpn_server_id: SERVER_ID,
      names: ['anna'],
    });
    expect(batch.created).toHaveLength(1);
    expect(batch.already_existed).toEqual([]);
  });
});

describe('an error of the cloud', () => {
  it('has visible, bounded texts', async () => {
    const long = HOSTILE.repeat(5_000);
    const body = JSON.stringify({ RequestId: long, HostId: long, Code: 'InvalidName', Message: long, Recommend: long });
    const cloud = await hostileCloud(() => ({ status: 400, body }));
    const session = await against(cloud, ['--log-level', 'debug']);
    const { error } = await session.call('create_ssl_vpn_client_cert', {
      region_id: REGION,
      ssl_vpn_server_id: SERVER_ID,
    });
    expect(JSON.stringify(error).length).toBeLessThan(4_000);
    expectVisible(session);
  });

  it('has a request id of a success bounded too', async () => {
    const cloud = await hostileCloud(() => ({ RequestId: HOSTILE.repeat(10_000), SslVpnClientCertId: CERT_ID }));
    const session = await against(cloud, ['--log-level', 'debug']);
    const answer = await session.call('create_ssl_vpn_client_cert', {
      region_id: REGION,
      ssl_vpn_server_id: SERVER_ID,
    });
    expect(answer.request_id.length).toBeLessThan(300);
    expectVisible(session);
  });

  it.each([
    ['Client.Refused', 'Service.Client.Refused'],
    ['client.internal', 'Service.client.internal'],
    ['Client\u200B.Refused', 'Client.MalformedResponse'],
    ['Do this now', 'Client.MalformedResponse'],
  ])('cannot speak as this server by its code %j', async (Code, shown) => {
    const cloud = await hostileCloud(() => ({
      status: 400,
      body: JSON.stringify({ RequestId: 'R', Code, Message: 'm' }),
    }));
    const session = await against(cloud);
    const { error } = await session.call('create_ssl_vpn_client_cert', {
      region_id: REGION,
      ssl_vpn_server_id: SERVER_ID,
    });
    expect(error.code).toBe(shown);
    expect(session.stderr()).not.toContain('"defect"');
  });
});

describe('what a client says', () => {
  it.each(['an\u200Bna', 'anna\u3164', '\u3164\u3164', 'a\u00ADb', 'a\uFE0F', `a${'\u0301'.repeat(9)}`])(
    'as a name that nobody could see whole, %j, is refused',
    async (name) => {
      const cloud = await hostileCloud(() => ({ SslVpnClientCertId: CERT_ID }));
      const session = await against(cloud);
      const { error } = await session.call('create_ssl_vpn_client_cert', {
        region_id: REGION,
        ssl_vpn_server_id: SERVER_ID,
        name,
      });
      expect(error.code).toBe('Client.InvalidArguments');
      expect(cloud.asked).toEqual([]);
      expectVisible(session);
    },
  );

  it('in three megabytes is not said again', async () => {
    const cloud = await hostileCloud(() => ({}));
    const session = await against(cloud);
    const before = session.stdout().length;
    await session.call('x'.repeat(3_000_000), {});
    await session.call('create_ssl_vpn_client_cert', { ['y'.repeat(1_000_000)]: 1 });
    await session.call('create_ssl_vpn_client_cert', { region_id: 'z'.repeat(1_000_000) });
    expect(session.stdout().length - before).toBeLessThan(20_000);
  });
});

describe('facts of a failure', () => {
  it('are bounded, whatever the cloud calls whoever asks', async () => {
    const cloud = await hostileCloud(({ action }) =>
      action === 'GetCallerIdentity'
        ? { Arn: `acs:ram::1:user/${'x'.repeat(9_000)}${HOSTILE}`, AccountId: '1', IdentityType: 'RAMUser' }
        : { status: 403, body: JSON.stringify({ RequestId: 'R', Code: 'Forbidden.RAM', Message: 'no' }) },
    );
    const session = await against(cloud, []);
    const { error } = await session.call('create_ssl_vpn_client_cert', {
      region_id: REGION,
      ssl_vpn_server_id: SERVER_ID,
    });
    expect(error.facts.identity).toMatch(/^acs:ram::1:user\/x+…$/);
    expect(error.facts.identity.length).toBeLessThanOrEqual(257);
  });
});
