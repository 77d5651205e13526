/** The official SDK, which is CommonJS: required, so that Node and the test runner see the same shape of it. */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

export const OpenApi: typeof import('@alicloud/openapi-client') = require('@alicloud/openapi-client');
export const Vpc: typeof import('@alicloud/vpc20160428') = require('@alicloud/vpc20160428');
export const Signer: typeof import('@alicloud/openapi-util') = require('@alicloud/openapi-util');
export const Tea: typeof import('@alicloud/tea-typescript') = require('@alicloud/tea-typescript');

export type Keys = { accessKeyId: string; accessKeySecret: string; securityToken?: string };

/** @param url an http:// origin */
export function officialClient(url: string, keys: Keys, regionId: string) {
  return new Vpc.default(new OpenApi.Config({ ...keys, endpoint: new URL(url).host, protocol: 'http', regionId }));
}
