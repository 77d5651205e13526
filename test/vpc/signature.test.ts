/**
 * The first vector is the one of the help page "V3 request structure and signature"; the others were computed with an
 * implementation in another language (Python's hashlib, hmac and urllib.parse.quote), not with the code under test.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalQuery, canonicalRequest, percentEncode, sha256Hex, sign } from '../../src/vpc/signature.js';
import { Signer, Tea } from '../support/official-sdk.js';
import vectors from './signature-vectors.json' with { type: 'json' };

describe('signature V3', () => {
  it.each(vectors)('$title', (vector) => {
    const query: Record<string, string> = Object.fromEntries(Object.entries(vector.request.query));
    const request = { ...vector.request, query, headers: { ...vector.request.headers } };
    expect(sha256Hex(canonicalRequest(request))).toBe(vector.hashedCanonicalRequest);
    const signed = sign(request, vector.accessKeyId, vector.accessKeySecret);
    expect(signed.authorization).toBe(
      `ACS3-HMAC-SHA256 Credential=${vector.accessKeyId},SignedHeaders=${vector.signedHeaders},Signature=${vector.signature}`,
    );
  });

  it("signs as the official SDK does, whatever the parameters' values are", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[A-Za-z.]{1,12}$/), fc.string({ unit: 'grapheme' })), (query) => {
        const headers = { host: 'vpc.aliyuncs.com', 'x-acs-action': 'DescribeRegions', 'x-acs-signature-nonce': 'n' };
        const official = Object.assign(new Tea.Request(), { method: 'POST', pathname: '/', query, headers });
        const payload = sha256Hex('');
        const expected = Signer.default.getAuthorization(official, 'ACS3-HMAC-SHA256', payload, 'id', 'secret');
        expect(sign({ method: 'POST', path: '/', query, headers, body: '' }, 'id', 'secret').authorization).toBe(
          expected,
        );
      }),
    );
  });

  it('encodes every text so that it decodes to itself and holds nothing but unreserved characters and escapes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const encoded = percentEncode(text);
        expect(encoded).toMatch(/^(?:[A-Za-z0-9\-._~]|%[0-9A-F]{2})*$/);
        expect(decodeURIComponent(encoded)).toBe(text.toWellFormed());
      }),
    );
  });

  it('orders parameters the same whatever order they come in', () => {
    const entries = Object.entries({ RegionId: 'r', Name: 'n', ClientToken: 't' });
    expect(canonicalQuery(Object.fromEntries(entries))).toBe(canonicalQuery(Object.fromEntries(entries.reverse())));
  });
});
