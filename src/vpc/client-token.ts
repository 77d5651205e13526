/** Client tokens that a repeat of the same work arrives at again. */
import { createHash } from 'node:crypto';

/** Ours alone: tokens of other programs cannot coincide with these. */
const NAMESPACE = Buffer.from('5c1f6b0e8a3d4f7e9b2a61d0c4e7f853', 'hex');

/** Of a row of a batch. */
export function rowToken(batchId: string, serverId: string, name: string): string {
  return uuidOf([batchId, serverId, name]);
}

/** Of the renewal of a certificate, whichever batch it is part of: it is renewed once. */
export function renewalToken(serverId: string, name: string, certificateId: string): string {
  return uuidOf(['renewal', serverId, name, certificateId]);
}

/** Of a deletion, whoever asks for it: a certificate is deleted once. */
export function deletionToken(regionId: string, certificateId: string): string {
  return uuidOf(['deletion', regionId, certificateId]);
}

/** UUID v5 (RFC 9562, 5.5): 36 ASCII characters. As JSON, so that no two can run together into one text. */
function uuidOf(parts: readonly string[]): string {
  const hash = createHash('sha1').update(NAMESPACE).update(JSON.stringify(parts), 'utf8').digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  return hash.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
