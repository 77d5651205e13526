import { describe, expect, it } from 'vitest';
import { isRegionId, vpcEndpoint } from '../../src/vpc/endpoints.js';
import { OpenApi, Vpc } from '../support/official-sdk.js';

/** The official SDK's own map is the reference. */
const official = new Vpc.default(
  new OpenApi.Config({ accessKeyId: 'i', accessKeySecret: 's', regionId: 'ap-southeast-1' }),
);

describe('endpoints', () => {
  it.each(Object.entries(official._endpointMap))('%s answers at %s, as in the official SDK', (region, host) => {
    expect(vpcEndpoint(region)).toBe(`https://${host}`);
  });

  it('any other region answers at a host of its own', () => {
    expect(vpcEndpoint('ap-southeast-1')).toBe('https://vpc.ap-southeast-1.aliyuncs.com');
  });

  it('a configured endpoint wins', () => {
    expect(vpcEndpoint('cn-hangzhou', 'https://proxy.example')).toBe('https://proxy.example');
  });

  it.each([
    '',
    'cn',
    'CN-HANGZHOU',
    'cn-hangzhou.evil.com',
    'cn-hangzhou/',
    'a@b-c',
    'cn-hangzhou:443',
    'cn-hang zhou',
    'cn-\nhangzhou',
    'cn-hangzhou\n',
    '..',
    'constructor',
    '__proto__',
  ])('%j is not of the form of a region and never becomes part of a host name', (text) => {
    expect(isRegionId(text)).toBe(false);
    expect(() => vpcEndpoint(text)).toThrow(RangeError);
  });
});
