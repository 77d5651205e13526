/** Policy holds for everything that a call does on the way. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'policy-'));
});
afterEach(async () => {
  await closeHostile();
  rmSync(folder, { recursive: true, force: true });
});

const CREATE = 'create_ssl_vpn_client_cert';
const create = { region_id: REGION, ssl_vpn_server_id: SERVER_ID };
const refused = (Code: string, status = 400) => ({
  status,
  body: JSON.stringify({ RequestId: 'R', Code, Message: 'no' }),
});
const secretCert = { SslVpnServerId: 'vss-secret', Name: 'secret-person', SslVpnClientCertId: 'vsc-secret' };
const regions = {
  Regions: {
    Region: [REGION, 'eu-central-1', 'cn-hangzhou'].map((RegionId) => ({
      RegionId,
      LocalName: RegionId,
      RegionEndpoint: '',
    })),
  },
};

describe('--allow-server', () => {
  it('holds for the facts of an error', async () => {
    const [own, secret] = await Promise.all([certificate(), certificate(secretCert)]);
    const cloud = await hostileCloud(({ action }) =>
      action === 'CreateSslVpnClientCert' ? refused('QuotaExceeded') : pageOf(own, secret),
    );
    const session = await against(cloud, ['--allow-server', SERVER_ID]);
    const { error } = await session.call(CREATE, create);
    expect(error.facts).toMatchObject({ certificate_count: 1 });
    expect(session.stdout()).not.toContain('secret');
  });

  it.each([
    ['get_ssl_vpn_client_cert', {}],
    ['save_ssl_vpn_client_config', {}],
    ['modify_ssl_vpn_client_cert', { name: 'another' }],
    ['delete_ssl_vpn_client_cert', { confirm_name: 'secret-person' }],
  ])('holds for %s of a certificate whose server only comes to light on the way', async (tool, more) => {
    const secret = await certificate(secretCert);
    const cloud = await hostileCloud(({ action }) => {
      if (action === 'DescribeSslVpnClientCerts') return pageOf(secret);
      return action === 'DescribeSslVpnClientCert' ? secret : {};
    });
    const session = await against(cloud, ['--allow-server', SERVER_ID, '--output-dir', folder]);
    const answer = await session.call(tool, { region_id: REGION, ssl_vpn_client_cert_id: 'vsc-secret', ...more });
    // A certificate that may not be seen is not there.
    expect(answer.error?.code ?? answer.outcome).toMatch(/^(Client\.Refused|gone)$/);
    expect(cloud.asked.filter(({ action }) => /^(Modify|Delete)/.test(action))).toEqual([]);
    expect(session.stdout()).not.toContain('secret-person');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('--allow-region', () => {
  it.each([
    ['list_regions', {}],
    ['list_ssl_vpn_servers', { region_id: 'all' }],
  ])('%s asks no region outside, even if the default region is', async (tool, args) => {
    const hosts: string[] = [];
    const cloud = await hostileCloud(({ action, parameters }) => {
      hosts.push(parameters.RegionId ?? action);
      return action === 'DescribeRegions' ? regions : { TotalCount: 0, SslVpnServers: {} };
    });
    const session = await against(cloud, [
      '--allow-region',
      'eu-central-1',
      '--region',
      REGION,
      '--log-level',
      'debug',
    ]);
    const answer = await session.call(tool, args);
    expect(answer).not.toHaveProperty('error');
    expect(hosts.filter((region) => region !== 'DescribeRegions' && region !== 'eu-central-1')).toEqual([]);
    const asked = session
      .stderr()
      .split('\n')
      .filter((line) => line.includes('"message":"call"'))
      .map((line) => JSON.parse(line).region_id);
    expect([...new Set(asked)]).toEqual(['eu-central-1']);
  });

  it('holds for the search of an id in other regions', async () => {
    const cloud = await hostileCloud(({ action, parameters }) => {
      if (action === 'DescribeRegions') return regions;
      if (action === 'CreateSslVpnClientCert') return refused('InvalidSslVpnServerId.NotFound', 404);
      const found = parameters.RegionId === 'cn-hangzhou' ? [{ SslVpnServerId: SERVER_ID, Name: 'hidden' }] : [];
      return { TotalCount: found.length, SslVpnServers: { SslVpnServer: found } };
    });
    const session = await against(cloud, ['--allow-region', REGION, '--allow-region', 'eu-central-1']);
    const { error } = await session.call(CREATE, create);
    expect(error.facts).not.toHaveProperty('found_in_region');
    expect(cloud.asked.map(({ parameters }) => parameters.RegionId)).not.toContain('cn-hangzhou');
    expect(session.stdout()).not.toContain('cn-hangzhou');
  });
});

describe('--tools', () => {
  it('without save_ssl_vpn_client_config, a batch writes no configuration', async () => {
    const cert = await certificate();
    const cloud = await hostileCloud(({ action }) =>
      action === 'DescribeSslVpnClientCerts' ? pageOf(cert) : action === 'DescribeSslVpnClientCert' ? cert : {},
    );
    const out = join(folder, 'out');
    const session = await against(cloud, ['--tools', 'issue_ssl_vpn_client_certs', '--output-dir', out]);
    const answer = await session.call('issue_ssl_vpn_client_certs', {
      ...create,
      names: ['anna'],
      save_configs: 'new',
    });
    expect(answer.error).toMatchObject({ code: 'Client.Refused', effect: 'none' });
    expect(cloud.asked.filter(({ action }) => action === 'DescribeSslVpnClientCert')).toEqual([]);
    expect(existsSync(out)).toBe(false);
  });

  it.each([
    ['--read-only', CREATE],
    ['--tools=list_regions', CREATE],
  ])('%s neither lists nor calls %s', async (flag, tool) => {
    const cloud = await hostileCloud(() => ({ SslVpnClientCertId: CERT_ID }));
    const session = await against(cloud, [flag]);
    const { tools } = await session.client.listTools();
    expect(tools.map(({ name }) => name)).not.toContain(tool);
    expect((await session.call(tool, create)).error.code).toBe('Client.Refused');
    expect(cloud.asked).toEqual([]);
  });
});
