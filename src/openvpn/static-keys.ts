/** Keys of the control channel, which OpenVPN reads from inline blocks of the file. */
import { pemBlocks, pemOf } from './pem.js';

const STATIC_KEY = 'OpenVPN Static key V1';
const CLIENT_KEY_V2 = 'OpenVPN tls-crypt-v2 client key';
/** Of src/openvpn/tls_crypt.h: a key of 256 bytes, then the same wrapped (tag 32, length 2) with metadata or without. */
const MIN_V2_BYTES = 256 + 32 + 256 + 2;
const MAX_V2_BYTES = 256 + 1024;

/** The one block to write, or undefined where the tag is none of these or the text holds no such key. */
export function staticKey(tag: string, text: string): string | undefined {
  if (tag === 'tls-auth' || tag === 'tls-crypt') {
    const [block] = pemBlocks(text, STATIC_KEY);
    return block !== undefined && /^[0-9a-f]{512}$/i.test(block.body) ? pemOf(block, 32) : undefined;
  }
  if (tag === 'tls-crypt-v2') {
    const [block] = pemBlocks(text, CLIENT_KEY_V2);
    const key = Buffer.from(block?.body ?? '', 'base64');
    if (key.length < MIN_V2_BYTES || key.length > MAX_V2_BYTES) return undefined;
    return pemOf({ label: CLIENT_KEY_V2, body: key.toString('base64') });
  }
  return undefined;
}
