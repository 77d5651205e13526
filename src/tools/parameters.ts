/** Argument schemas that several tools share. A description also serves as «accepted: …» in errors, so it says form and example. */
import { z } from 'zod/v3';
import { visible } from '../errors/external-text.js';
import { isRegionId } from '../vpc/endpoints.js';
import { isCertificateId, isGatewayId, isServerId } from '../vpc/ids.js';

/** The same length in characters for JSON Schema as for the check: zod's own min and max count UTF-16 units. */
export const CHARACTER_LIMITS = new WeakMap<z.ZodTypeDef, { minLength: number; maxLength: number }>();

function characters(minLength: number, maxLength: number, accept: (text: string) => boolean, description: string) {
  const accepts = (text: string): boolean => {
    const { length } = Array.from(text);
    return length >= minLength && length <= maxLength && accept(text);
  };
  const schema = z.string().refine(accepts).describe(description);
  CHARACTER_LIMITS.set(schema._def, { minLength, maxLength });
  return schema;
}

/** The forms of ids are checked but not in the schema: each pattern would cost every user in every conversation. */
const matching = (accept: (text: string) => boolean, description: string) =>
  z.string().refine(accept).describe(description);

/** The time and the certificate that a page ends with, and what the list was asked for. */
export const CURSOR = /^(-?\d{1,16})_(vsc-[a-z0-9-]{1,64})_([0-9a-f]{8})$/;

const isToken = (text: string): boolean => /^[ -~]{1,64}$/.test(text);

export const regionId = matching(isRegionId, 'Region, e.g. cn-beijing');
export const regionIdOrAll = matching((text) => text === 'all' || isRegionId(text), 'Region or all, e.g. cn-beijing');
export const sslVpnServerId = matching(isServerId, 'Server, e.g. vss-m5et0q3i');
export const sslVpnClientCertId = matching(isCertificateId, 'Certificate, e.g. vsc-m5euof6s');
export const vpnGatewayId = matching(isGatewayId, 'Gateway, e.g. vpn-bp1hgim8');
export const clientToken = matching(isToken, '1-64 ASCII characters; the same one repeats safely, e.g. 6ba7b810');
export const batchId = matching(isToken, 'That of the answer, or your own 1-64 ASCII characters, e.g. joiners');
export const ownerAccount = matching(
  (text) => /^[!-~]{1,128}$/.test(text),
  'Owner of the server, if another, e.g. ops@example',
);
export const cursor = matching(
  (text) => CURSOR.test(text),
  'next_cursor, with the same filters, e.g. 17672_vsc-1_0a1b2c3d',
);
export const partOfName = matching((text) => text.length >= 1 && text.length <= 128, 'Part of the name, e.g. wei');

/**
 * The API reference's rule for names; a letter is one of any script, with its marks, that a person can see. No pattern in
 * the schema: clients choke on \p{L}.
 */
export const certName = characters(
  2,
  128,
  (text) => /^\p{L}[\p{L}\p{M}\p{Nd}._-]*$/u.test(text) && visible(text, 128) === text,
  '2-128 letters, digits, . _ -, a letter first, e.g. zhang.wei',
);
