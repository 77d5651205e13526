import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../src/errors/catalogue.js';
import { findCode } from '../../src/errors/find-code.js';

describe('finding a code', () => {
  it('has at least sixty to find, each with a source of its facts', () => {
    expect(CATALOGUE.length).toBeGreaterThanOrEqual(60);
  });

  it.each([
    ['Forbbiden.SubUser', 'exact', 'Forbbiden.SubUser'],
    ['  Throttling ', 'exact', 'Throttling'],
    ['forbbiden.subuser', 'case', 'Forbbiden.SubUser'],
    ['INVALIDNAME', 'case', 'InvalidName'],
    ['Forbidden.SubUser', 'near', 'Forbbiden.SubUser'],
    ['VpnGateway.Configurng', 'near', 'VpnGateway.Configuring'],
    ['Resource.QuotaFul', 'near', 'Resource.QuotaFull'],
    ['InvalidSslVpnServer', 'near', 'InvalidSslVpnServerId.NotFound'],
    ['InvalidSslVpnClientCertId', 'near', 'InvalidSslVpnClientCertId.NotFound'],
    ['Throttling.Brand.New', 'family', 'Throttling'],
    ['MissingSslVpnServerId', 'family', 'MissingParameter'],
  ])('%j is found (%s) as %s', (text, match, code) => {
    expect(findCode(text)).toMatchObject({ match, entry: { code } });
  });

  it('a prefix with a star gives all of it', () => {
    const found = findCode('Throttling.*');
    expect(found.match === 'none' && found.candidates.map(({ code }) => code)).toEqual([
      'Throttling',
      'Throttling.User',
      'Throttling.Api',
    ]);
  });

  it.each(['Quota', 'VpnGateway', 'SecurityToken'])('%j alone gives candidates', (text) => {
    const found = findCode(text);
    expect(found.match).toBe('none');
    if (found.match === 'none') {
      expect(found.candidates.length).toBeGreaterThan(0);
      for (const { code } of found.candidates) expect(code.toLowerCase()).toContain(text.toLowerCase());
    }
  });

  it.each(['Service.Client.Internal', 'service.client.refused'])('%j is a code of the service, not ours', (text) => {
    expect(findCode(text)).toEqual({ match: 'none', candidates: [] });
  });

  it('what nobody knows gives nothing', () => {
    expect(findCode('xyzzy-plugh-42')).toEqual({ match: 'none', candidates: [] });
  });
});
