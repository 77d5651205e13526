import { describe, expect, it } from 'vitest';
import { type Proxies, proxyFor } from '../../src/vpc/proxy.js';

const HTTP = 'http://http.proxy:1';
const HTTPS = 'http://https.proxy:2';

describe('the proxy of a request', () => {
  it.each<[string, Proxies, string | undefined]>([
    ['https://vpc.aliyuncs.com', {}, undefined],
    ['https://vpc.aliyuncs.com', { https: HTTPS, http: HTTP }, HTTPS],
    ['https://vpc.aliyuncs.com', { http: HTTP }, HTTP],
    ['http://127.0.0.1:4510', { https: HTTPS, http: HTTP }, undefined],
    ['https://vpc.aliyuncs.com', { https: HTTPS, none: '*' }, undefined],
    ['https://vpc.aliyuncs.com', { https: HTTPS, none: 'aliyuncs.com' }, undefined],
    ['https://vpc.aliyuncs.com', { https: HTTPS, none: '.aliyuncs.com' }, undefined],
    ['https://vpc.aliyuncs.com', { https: HTTPS, none: 'example.com, *.aliyuncs.com' }, undefined],
    ['https://vpc.aliyuncs.com', { https: HTTPS, none: 'VPC.ALIYUNCS.COM' }, undefined],
    ['https://vpc.aliyuncs.com', { https: HTTPS, none: 'notaliyuncs.com' }, HTTPS],
    ['https://vpc.aliyuncs.com', { https: HTTPS, none: 'liyuncs.com' }, HTTPS],
    ['https://vpc.aliyuncs.com', { https: HTTPS, none: 'vpc.aliyuncs.com:443' }, undefined],
    ['https://vpc.aliyuncs.com', { https: HTTPS, none: 'vpc.aliyuncs.com:8443' }, HTTPS],
    ['https://vpc.aliyuncs.com:8443', { https: HTTPS, none: 'vpc.aliyuncs.com:8443' }, undefined],
  ])('to %s with %j is %s', (origin, proxies, expected) => expect(proxyFor(origin, proxies)).toBe(expected));
});
