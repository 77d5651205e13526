/** File names that every system accepts, that a person can see, and that cannot lead out of their folder. */

/** Most file systems allow 255 bytes. */
const MAX_BYTES = 255;
const EXTENSION = '.ovpn';

/** Letters and marks that render blank: the default-ignorable ones (fillers, variation selectors) and the Khitan filler. */
const BLANK = /[\p{Default_Ignorable_Code_Point}\u{16FE4}]/u;
const UNSAFE = /(?:[^\p{L}\p{M}\p{Nd}._-]|[\p{Default_Ignorable_Code_Point}\u{16FE4}])+/gu;
/** A dot hides a file, a dash makes it an option, and a mark would combine with the separator before it. */
const UNSAFE_START = /^[\p{M}.-]+/u;
/** Windows takes "con.anything" for the console, whatever follows the dot. */
const WINDOWS_DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;
/** Wider than the ids of the API, which are checked where they come in; narrow enough for a file name. */
const SAFE_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;

/**
 * `<name>-<certificate id>.ovpn`. Certificates may share a name, so the id is part of it; what of the name is not safe
 * becomes `_`, what is too long is cut.
 * @throws TypeError for an id that could not stand in a file name: changing it could give two certificates one file
 */
export function configFileName(name: string, certificateId: string): string {
  if (!SAFE_ID.test(certificateId)) throw new TypeError('The certificate id cannot be part of a file name.');
  const safe = name.normalize('NFC').replace(UNSAFE, '_').replace(UNSAFE_START, '');
  const suffix = `${certificateId}${EXTENSION}`;
  const prefix = truncated(WINDOWS_DEVICE.test(safe) ? `_${safe}` : safe, MAX_BYTES - suffix.length - 1);
  return prefix === '' ? suffix : `${prefix}-${suffix}`;
}

export function isSafeFileName(name: string): boolean {
  return (
    /^[\p{L}\p{M}\p{Nd}._-]+$/u.test(name) &&
    !BLANK.test(name) &&
    !UNSAFE_START.test(name) &&
    !WINDOWS_DEVICE.test(name) &&
    Buffer.byteLength(name) <= MAX_BYTES
  );
}

function truncated(text: string, maxBytes: number): string {
  let kept = '';
  let bytes = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > maxBytes) break;
    kept += character;
  }
  return kept;
}
