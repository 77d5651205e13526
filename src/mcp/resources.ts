/** Resources: the error catalogue, and each of its entries by code. */
import { CATALOGUE } from '../errors/catalogue.js';
import { quoted } from '../errors/external-text.js';
import { findCode } from '../errors/find-code.js';
import { describeEntry } from '../tools/explain-error.js';
import { listApps, readApp } from './apps.js';
import { INVALID_PARAMS, RESOURCE_NOT_FOUND, RequestError } from './request-error.js';

const JSON_TYPE = 'application/json';

const ERROR_CATALOGUE = {
  uri: 'ssl-vpn://errors',
  name: 'error-catalogue',
  title: 'Error catalogue',
  description: 'Every error code that is known here, with cause, next steps and source',
  mimeType: JSON_TYPE,
};

const ENTRY_URI = `${ERROR_CATALOGUE.uri}/`;

export const ERROR_TEMPLATE = {
  uriTemplate: `${ENTRY_URI}{code}`,
  name: 'error-code',
  title: 'Error code',
  description: 'One error code with cause, next steps and source, e.g. ssl-vpn://errors/Forbbiden.SubUser',
  mimeType: JSON_TYPE,
};

/** @param isAppHost whether the client shows MCP Apps */
export function listResources(isAppHost: boolean) {
  return { resources: [ERROR_CATALOGUE, ...(isAppHost ? listApps() : [])] };
}

export function listResourceTemplates() {
  return { resourceTemplates: [ERROR_TEMPLATE] };
}

/** @throws RequestError */
export async function readResource(params: Readonly<Record<string, unknown>> | undefined) {
  const uri = params?.uri;
  const app = await readApp(uri);
  if (app !== undefined) return app;
  if (typeof uri !== 'string') throw new RequestError(INVALID_PARAMS, 'params.uri must be the URI of a resource');
  if (uri === ERROR_CATALOGUE.uri) return contents(uri, CATALOGUE.map(describeEntry));
  if (!uri.startsWith(ENTRY_URI)) {
    const known = `${ERROR_CATALOGUE.uri} and ${ERROR_TEMPLATE.uriTemplate}`;
    throw new RequestError(RESOURCE_NOT_FOUND, `there is no resource ${quoted(uri)}; there are ${known}`);
  }
  return contents(uri, describeEntry(entryOf(decoded(uri.slice(ENTRY_URI.length)))));
}

function entryOf(code: string) {
  const found = findCode(code);
  if (found.match === 'exact' || found.match === 'case') return found.entry;
  const [near] = found.match === 'none' ? found.candidates : [found.entry];
  const hint = near === undefined ? '' : `; did you mean ${near.code}?`;
  throw new RequestError(RESOURCE_NOT_FOUND, `there is no error code ${quoted(code)} in the catalogue${hint}`);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function contents(uri: string, value: unknown) {
  return { contents: [{ uri, mimeType: JSON_TYPE, text: JSON.stringify(value) }] };
}
