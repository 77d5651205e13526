/** Argument schemas that several tools share. A description also serves as «accepted: …» in errors, so it says form and example. */
import { z } from 'zod';
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

export const regionId = z.string().regex(REGION_ID).describe('Region, e.g. ap-southeast-1 (list_regions)');

export const sslVpnServerId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/)
  .describe('Server id, e.g. vss-m5et0q3iy1qex328w (list_ssl_vpn_servers)');

/** The API reference's rule for names; a letter is one of any script. No pattern in the schema: clients choke on \p{L}. */
export const certName = characters(
  2,
  128,
  /^\p{L}[\p{L}\p{Nd}._-]*$/u,
  "2-128 letters, digits, '.', '_', '-', letter first, e.g. zhang.wei",
);

export const clientToken = z
  .string()
  .regex(/^[ -~]{1,64}$/)
  .describe('1-64 ASCII characters; repeats a failed try safely, e.g. 6ba7b810-9dad-11d1-80b4-00c04fd430c8');

export const ownerAccount = z
  .string()
  .regex(/^[!-~]{1,128}$/)
  .describe('Account that owns the server, if not your own, e.g. ops@example.com');

export const sslVpnClientCertId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/)
  .describe('Certificate id, e.g. vsc-m5euof6s5jy8vs5kd (list_ssl_vpn_client_certs)');

export const partOfName = z.string().min(1).max(128).describe('Part of the name, any case, e.g. singapore');
