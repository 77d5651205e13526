/** Argument schemas that several tools share. A description also serves as «accepted: …» in errors, so it says form and example. */
import { z } from 'zod/v3';
import { REGION_ID } from '../vpc/endpoints.js';

/** The same length in characters for JSON Schema as for the check: zod's own min and max count UTF-16 units. */
export const CHARACTER_LIMITS = new WeakMap<z.ZodTypeDef, { minLength: number; maxLength: number }>();

function characters(minLength: number, maxLength: number, pattern: RegExp, description: string) {
  const accepts = (text: string): boolean => {
    const { length } = Array.from(text);
    return length >= minLength && length <= maxLength && pattern.test(text);
  };
  const schema = z.string().refine(accepts).describe(description);
  CHARACTER_LIMITS.set(schema._def, { minLength, maxLength });
  return schema;
}

/** The forms of ids are checked but not in the schema: each pattern would cost every user in every conversation. */
const matching = (form: RegExp, description: string) =>
  z
    .string()
    .refine((text) => form.test(text))
    .describe(description);

const ID = /^[A-Za-z0-9_-]{1,64}$/;

export const regionId = matching(REGION_ID, 'Region, e.g. ap-southeast-1');
export const regionIdOrAll = matching(new RegExp(`^all$|${REGION_ID.source}`), 'Region or all, e.g. ap-southeast-1');
export const sslVpnServerId = matching(ID, 'Server id, e.g. vss-m5et0q3i, from list_ssl_vpn_servers');
export const sslVpnClientCertId = matching(ID, 'Certificate id, e.g. vsc-m5euof6s');
export const vpnGatewayId = matching(ID, 'Gateway id, e.g. vpn-bp1hgim8');
export const clientToken = matching(
  /^[ -~]{1,64}$/,
  '1-64 ASCII characters; that of a failed try repeats it safely, e.g. 6ba7b810-9dad',
);
export const batchId = matching(
  /^[ -~]{1,64}$/,
  '1-64 ASCII characters of your own, the same in each repeat, e.g. joiners-2026-11',
);
export const ownerAccount = matching(/^[!-~]{1,128}$/, 'Owner of the server if another account, e.g. ops@example.com');
export const cursor = matching(
  /^\d{1,16}_[A-Za-z0-9_-]{1,64}$/,
  'next_cursor of the last answer, e.g. 1767225600000_vsc-1',
);
export const partOfName = characters(1, 128, /./u, 'Part of the name, e.g. singapore');

/** The API reference's rule for names; a letter is one of any script. No pattern in the schema: clients choke on \p{L}. */
export const certName = characters(
  2,
  128,
  /^\p{L}[\p{L}\p{Nd}._-]*$/u,
  "2-128 letters, digits, '.', '_', '-', letter first, e.g. zhang.wei",
);
