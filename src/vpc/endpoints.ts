/** Where a region's VPC API and its STS answer. */

/**
 * Regions whose endpoint is not `vpc.<region>.aliyuncs.com`.
 * Source: `_endpointMap` of the official SDK, @alicloud/vpc20160428 7.3.2.
 */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'cn-hangzhou': 'vpc.aliyuncs.com',
  'cn-shanghai-finance-1': 'vpc.aliyuncs.com',
  'cn-shenzhen-finance-1': 'vpc.aliyuncs.com',
  'cn-north-2-gov-1': 'vpc.aliyuncs.com',
  'ap-northeast-2-pop': 'vpc.aliyuncs.com',
  'cn-beijing-finance-pop': 'vpc.aliyuncs.com',
  'cn-beijing-gov-1': 'vpc.aliyuncs.com',
  'cn-beijing-nu16-b01': 'vpc.aliyuncs.com',
  'cn-edge-1': 'vpc-nebula.cn-qingdao-nebula.aliyuncs.com',
  'cn-fujian': 'vpc.aliyuncs.com',
  'cn-haidian-cm12-c01': 'vpc.aliyuncs.com',
  'cn-hangzhou-bj-b01': 'vpc.aliyuncs.com',
  'cn-hangzhou-finance': 'vpc.aliyuncs.com',
  'cn-hangzhou-internal-prod-1': 'vpc.aliyuncs.com',
  'cn-hangzhou-internal-test-1': 'vpc-pre.cn-hangzhou.aliyuncs.com',
  'cn-hangzhou-internal-test-2': 'vpc-inner-pre.cn-hangzhou.aliyuncs.com',
  'cn-hangzhou-internal-test-3': 'vpc-pre.cn-hangzhou.aliyuncs.com',
  'cn-hangzhou-test-306': 'vpc-pre.cn-hangzhou.aliyuncs.com',
  'cn-hongkong-finance-pop': 'vpc.aliyuncs.com',
  'cn-huhehaote-nebula-1': 'vpc-nebula.cn-qingdao-nebula.aliyuncs.com',
  'cn-qingdao-nebula': 'vpc-nebula.cn-qingdao-nebula.aliyuncs.com',
  'cn-shanghai-et15-b01': 'vpc-pre.cn-hangzhou.aliyuncs.com',
  'cn-shanghai-et2-b01': 'vpc.aliyuncs.com',
  'cn-shanghai-inner': 'vpc.aliyuncs.com',
  'cn-shanghai-internal-test-1': 'vpc-pre.cn-hangzhou.aliyuncs.com',
  'cn-shenzhen-inner': 'vpc.aliyuncs.com',
  'cn-shenzhen-st4-d01': 'vpc.aliyuncs.com',
  'cn-shenzhen-su18-b01': 'vpc.aliyuncs.com',
  'cn-wuhan': 'vpc.aliyuncs.com',
  'cn-yushanfang': 'vpc.aliyuncs.com',
  'cn-zhangbei': 'vpc.aliyuncs.com',
  'cn-zhangbei-na61-b01': 'vpc.aliyuncs.com',
  'cn-zhangjiakou-na62-a01': 'vpc.cn-zhangjiakou.aliyuncs.com',
  'cn-zhengzhou-nebula-1': 'vpc-nebula.cn-qingdao-nebula.aliyuncs.com',
  'eu-west-1-oxs': 'vpc-nebula.cn-shenzhen-cloudstone.aliyuncs.com',
  'rus-west-1-pop': 'vpc.aliyuncs.com',
};

/** Labels of lower-case letters and digits: nothing that could end a host name, add a port or change the domain. */
export const REGION_ID = /^[a-z]{2,8}(-[a-z0-9]{1,20}){1,5}$/;

export const REGION_ID_ACCEPTED = 'a region id in lower case, e.g. ap-southeast-1 or cn-hangzhou';

export function isRegionId(text: string): boolean {
  return REGION_ID.test(text);
}

/**
 * Base URL of the VPC API, without a trailing slash.
 * @param regionId must be of the form of a region id
 * @param override base URL from the settings; wins over the region
 * @throws RangeError where the region id is not of that form: it never becomes part of a host name
 */
export function vpcEndpoint(regionId: string, override?: string): string {
  if (!isRegionId(regionId)) throw new RangeError(`not a region id: ${JSON.stringify(regionId)}`);
  if (override !== undefined) return override;
  return `https://${Object.hasOwn(EXCEPTIONS, regionId) ? EXCEPTIONS[regionId] : `vpc.${regionId}.aliyuncs.com`}`;
}

/**
 * Base URL of STS in the region. An override names where the VPC API is; only a stand-in on this machine answers for
 * both. Source: help page "Endpoints" of STS.
 * @throws RangeError as above
 */
export function stsEndpoint(regionId: string, override?: string): string {
  if (!isRegionId(regionId)) throw new RangeError(`not a region id: ${JSON.stringify(regionId)}`);
  if (override !== undefined && isLoopback(new URL(override).hostname)) return override;
  return `https://sts.${regionId}.aliyuncs.com`;
}

/** The region that calls without one of their own (DescribeRegions) go to: the central endpoint serves it. */
export const CENTRAL_REGION = 'cn-hangzhou';

/** @param hostname as a URL has it: an IPv6 address in brackets */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
