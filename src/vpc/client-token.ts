/** Client tokens that a repeat of the same work arrives at again. */
import { createHash } from 'node:crypto';

/** Ours alone: tokens of other programs cannot coincide with these. */
const NAMESPACE = Buffer.from('5c1f6b0e8a3d4f7e9b2a61d0c4e7f853', 'hex');

/** UUID v5 (RFC 9562, 5.5) of a row of a batch: 36 ASCII characters. */
export function rowToken(batchId: string, serverId: string, name: string): string {
  // As JSON, so that no two rows can run together into one text.
  const hash = createHash('sha1')
    .update(NAMESPACE)
    .update(JSON.stringify([batchId, serverId, name]), 'utf8')
    .digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  return hash.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
