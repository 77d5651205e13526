/** An HTTP answer -> the action's value, or the error that it stands for. */
import { MalformedResponseError, ServiceError } from '../errors/errors.js';
import { quoted, serviceCode } from '../errors/external-text.js';
import type { HttpResponse } from './http.js';

export type Envelope = Readonly<Record<string, unknown>>;

/**
 * Reads JSON and XML envelopes; anything else is malformed, whatever its status.
 * @param clean applied to everything that came from outside
 * @throws ServiceError where the envelope is an error, MalformedResponseError where there is no envelope
 */
export async function readEnvelope(received: HttpResponse, clean: <T>(value: T) => T): Promise<Envelope> {
  const response = { ...received, headers: clean(received.headers) };
  const envelope = clean(await parse(response));
  const said = text(envelope.Code)?.trim() ?? '';
  if (said === '' && response.status >= 200 && response.status < 300) return envelope;
  if (said === '') throw malformed(`HTTP ${response.status} without an error code.`, response, envelope);
  const code = serviceCode(said);
  if (code === undefined) {
    const shown = quoted(`${said}: ${text(envelope.Message) ?? ''}`);
    throw malformed(`HTTP ${response.status} with an error code that is none: ${shown}.`, response, envelope);
  }
  throw new ServiceError(text(envelope.Message) ?? '', {
    code,
    httpStatus: response.status,
    requestId: text(envelope.RequestId) ?? response.headers['x-acs-request-id'],
    recommend: text(envelope.Recommend),
    retryAfterSeconds: retryAfter(response.headers['retry-after']),
    serverTime: httpDate(response.headers.date),
  });
}

export function malformed(what: string, response: HttpResponse, envelope?: Envelope): MalformedResponseError {
  return new MalformedResponseError(what, {
    httpStatus: response.status,
    requestId: text(envelope?.RequestId) ?? response.headers['x-acs-request-id'],
    retryAfterSeconds: retryAfter(response.headers['retry-after']),
  });
}

/** Seconds from now; the header holds seconds or a date (RFC 9110, 10.2.3). */
export function retryAfter(header: string | undefined, now = Date.now()): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header);
  const date = httpDate(header);
  return date === undefined ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
}

/** Unix ms. */
export function httpDate(header: string | undefined): number | undefined {
  const time = header === undefined ? Number.NaN : Date.parse(header);
  return Number.isNaN(time) ? undefined : time;
}

async function parse(response: HttpResponse): Promise<Envelope> {
  const body = response.body.replace(/^\uFEFF/, '').trim();
  if (body === '') throw malformed(`HTTP ${response.status} with an empty body.`, response);
  if (body.startsWith('<')) return parseXml(body, response);
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw malformed(`HTTP ${response.status} with a body that is neither complete JSON nor XML.`, response);
  }
  if (!isRecord(value)) throw malformed(`HTTP ${response.status} with JSON that is not an object.`, response);
  return value;
}

async function parseXml(body: string, response: HttpResponse): Promise<Envelope> {
  // A DOCTYPE is where entities are declared; the API has none, and HTML always comes with one or without our root.
  if (/<!DOCTYPE/i.test(body) || /^<html/i.test(body)) throw malformed(`HTTP ${response.status} with HTML.`, response);
  const { XMLParser, XMLValidator } = await import('fast-xml-parser');
  let root: unknown;
  try {
    if (XMLValidator.validate(body) !== true) throw new Error('not well-formed');
    // Ids and names stay text: "0123" and "1e5" are names, not numbers.
    root = new XMLParser({ parseTagValue: false, ignoreDeclaration: true }).parse(body);
  } catch {
    throw malformed(`HTTP ${response.status} with XML that is cut off or broken.`, response);
  }
  const [name, value] = isRecord(root) ? (Object.entries(root)[0] ?? []) : [];
  if (name === undefined || !(name === 'Error' || name.endsWith('Response')) || !isRecord(value)) {
    throw malformed(`HTTP ${response.status} with XML that is not the API's.`, response);
  }
  return value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
