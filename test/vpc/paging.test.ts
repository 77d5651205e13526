import { afterEach, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/http.js';
import { clientCerts } from '../../src/vpc/actions.js';
import { clientOf, closeAll, LONG_MS, REGION, SERVER, sandboxWith, within } from '../support/client.js';

afterEach(closeAll);

function seedMany(sandbox: Sandbox, count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const id = `vsc-many-${index}`;
    const time = Date.now() - index * 1_000;
    sandbox.cloud.seed({
      SslVpnClientCertId: id,
      Name: `many-${index}`,
      RegionId: REGION,
      SslVpnServerId: SERVER,
      CreateTime: time,
      EndTime: time + 1e10,
    });
    return id;
  });
}

describe('a list of a thousand certificates', () => {
  it('is read to its end, each member once', async () => {
    const sandbox = await sandboxWith();
    const ids = seedMany(sandbox, 1_000);
    const found = await (await clientOf(sandbox.url)).list(
      clientCerts(REGION, { SslVpnServerId: SERVER }),
      within(LONG_MS),
    );
    expect(found).toHaveLength(1_003);
    expect(new Set(found.map((cert) => cert.SslVpnClientCertId)).size).toBe(1_003);
    expect(found.map((cert) => cert.SslVpnClientCertId)).toEqual(expect.arrayContaining(ids));
    expect(sandbox.requests.every(({ parameters }) => parameters.PageSize === '50')).toBe(true);
  });

  it('misses none of those that stay when others are deleted between pages', async () => {
    let sandbox: Sandbox | undefined;
    let left = 3;
    sandbox = await sandboxWith({
      fault: ({ parameters }) => {
        if (Number(parameters.PageNumber) % 5 === 2 && left > 0) sandbox?.cloud.remove(`vsc-many-${left--}`);
        return undefined;
      },
    });
    const ids = seedMany(sandbox, 1_000);
    const found = await (await clientOf(sandbox.url)).list(
      clientCerts(REGION, { SslVpnServerId: SERVER }),
      within(LONG_MS),
    );
    const stayed = ids.filter((id) => !['vsc-many-1', 'vsc-many-2', 'vsc-many-3'].includes(id));
    expect(found.map((cert) => cert.SslVpnClientCertId)).toEqual(expect.arrayContaining(stayed));
    expect(found).toHaveLength(1_000);
  });

  it('a cloud whose list never holds still is not read for ever', async () => {
    let count = 0;
    let sandbox: Sandbox | undefined;
    sandbox = await sandboxWith({
      fault: () => {
        sandbox?.cloud.remove(`vsc-many-${count++}`);
        return undefined;
      },
    });
    seedMany(sandbox, 300);
    const list = (await clientOf(sandbox.url)).list(clientCerts(REGION, { SslVpnServerId: SERVER }), within(LONG_MS));
    await list.catch(() => {});
    expect(sandbox.requests.length).toBeLessThan(40);
  });

  const pageOf = (members: number[], TotalCount: number) => ({
    body: JSON.stringify({
      RequestId: 'R',
      TotalCount,
      SslVpnClientCertKeys: {
        SslVpnClientCertKey: members.map((index) => ({
          SslVpnClientCertId: `vsc-${index}`,
          Name: '',
          SslVpnServerId: SERVER,
          CreateTime: 1,
          EndTime: 2,
        })),
      },
    }),
    status: 200,
  });

  it('a service that gives fewer a page than it is asked for is read to the end', async () => {
    const all = Array.from({ length: 60 }, (_, index) => index);
    const sandbox = await sandboxWith({
      fault: ({ parameters: { PageNumber } }) =>
        pageOf(all.slice((Number(PageNumber) - 1) * 20, Number(PageNumber) * 20), 60),
    });
    const found = await (await clientOf(sandbox.url)).list(clientCerts(REGION, {}), within(LONG_MS));
    expect(found).toHaveLength(60);
  });

  it('a page far larger than it was asked for is an error', async () => {
    const all = Array.from({ length: 501 }, (_, index) => index);
    const sandbox = await sandboxWith({ fault: () => pageOf(all, 501) });
    const list = (await clientOf(sandbox.url)).list(clientCerts(REGION, {}), within(LONG_MS));
    await expect(list).rejects.toThrow('501 members on one page');
  });

  it('a list that never has as many members as it says is an error: a part is not the whole', async () => {
    const sandbox = await sandboxWith({
      fault: ({ parameters }) => pageOf(parameters.PageNumber === '1' ? [1] : [], 2),
    });
    const list = (await clientOf(sandbox.url)).list(clientCerts(REGION, {}), within(LONG_MS));
    await expect(list).rejects.toThrow('has 1 members and says that they are 2');
  });

  it('a list without end ends in an error', async () => {
    let count = 0;
    const sandbox = await sandboxWith({
      fault: () => ({
        body: JSON.stringify({
          RequestId: 'R',
          PageNumber: 1,
          PageSize: 50,
          TotalCount: 1_000_000_000,
          SslVpnClientCertKeys: {
            SslVpnClientCertKey: Array.from({ length: 50 }, () => ({
              SslVpnClientCertId: `vsc-endless-${count++}`,
              SslVpnServerId: SERVER,
              CreateTime: 1,
              EndTime: 2,
            })),
          },
        }),
      }),
    });
    const list = (await clientOf(sandbox.url)).list(clientCerts(REGION, {}), within(LONG_MS));
    await expect(list).rejects.toThrow('goes on beyond');
  });
});
