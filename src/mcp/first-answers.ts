/**
 * What every client asks first, answered from constants. The build has the SDK work the answers out, so here nothing is
 * said that it would not say: only messages of the plainest form are taken, with the fields that are known here, each of
 * its plain type. Anything else is for the SDK.
 */

import type { ListedTool } from '../tools/listing.js';
import { isObject, type JsonObject } from './fields.js';
import type { ListedPrompt, PromptListing } from './prompt-filter.js';

/** As the protocol has it: every request of 2026-07-28 says in its `_meta` which revision it is of, and from whom. */
const PREFIX = 'io.modelcontextprotocol/';
export const PROTOCOL_VERSION = `${PREFIX}protocolVersion`;
export const CLIENT_CAPABILITIES = `${PREFIX}clientCapabilities`;
const CLIENT_INFO = `${PREFIX}clientInfo`;
export const MODERN_VERSION = '2026-07-28';

export type RequestId = string | number;

/** The part of a JSON-RPC answer that is not its id. */
export type Answer = { result: Readonly<Record<string, unknown>> } | { error: { code: number; message: string } };

export type FirstAnswers = {
  /** By protocol revision. */
  initialize: Readonly<Record<string, Answer>>;
  /** To a client that asks for a revision that the SDK does not know. */
  initializeOther: Answer;
  /** By method: answers to requests without parameters that never change. */
  constant: Readonly<Record<string, Answer>>;
  /** The same for requests of 2026-07-28. */
  modernConstant: Readonly<Record<string, Answer>>;
  /** What an answer of 2026-07-28 with a list has besides the list. */
  modernRest: Readonly<Record<string, unknown>>;
  /** All tools; what is listed of them depends on the settings. */
  tools: readonly ListedTool[];
  /** All prompts; which of them are listed depends on the tools that are. */
  prompts: readonly PromptListing[];
};

/** As they are built in: answers to initialize differ by their revision alone, so one is enough. */
export type BuiltIn = Omit<FirstAnswers, 'initialize'> & { versions: readonly string[] };

export function unfolded({ versions, ...answers }: BuiltIn): FirstAnswers {
  const { initializeOther: other } = answers;
  const result = 'result' in other ? other.result : {};
  const initialize = versions.map((version) => [version, { result: { ...result, protocolVersion: version } }]);
  return { ...answers, initialize: Object.fromEntries(initialize) };
}

/** What the settings let through. */
export type Listed = { tools: readonly ListedTool[]; prompts: readonly ListedPrompt[] };

export type Initialize = {
  jsonrpc: '2.0';
  id: RequestId;
  method: 'initialize';
  params: { protocolVersion: string; clientInfo: { name: string; version: string } };
};

export type FirstMessage =
  | { kind: 'initialize'; request: Initialize; answer: Answer }
  | { kind: 'initialized' | 'cancelled' }
  | { kind: 'list' | 'other'; id: RequestId; answer: Answer; isModern: boolean };

/** @returns what the message is and its answer; undefined where it is for the SDK */
export function firstMessage(
  message: unknown,
  answers: FirstAnswers,
  { tools, prompts }: Listed,
): FirstMessage | undefined {
  if (!isObject(message) || message.jsonrpc !== '2.0' || typeof message.method !== 'string') return undefined;
  const { method, params } = message;
  if (!('id' in message)) return notification(message, method, params);
  const { id } = message;
  if (!isRequestId(id) || !hasOnly(message, ['jsonrpc', 'id', 'method', 'params'])) return undefined;
  if (isInitialize(message)) {
    const version = message.params.protocolVersion;
    const known = Object.hasOwn(answers.initialize, version) ? answers.initialize[version] : undefined;
    return { kind: 'initialize', request: message, answer: known ?? answers.initializeOther };
  }
  const isModern = isModernMeta(params);
  if (params !== undefined && !isModern && !isPlainMeta(params)) return undefined;
  const rest = isModern ? answers.modernRest : {};
  if (method === 'tools/list') return { kind: 'list', id, answer: { result: { tools, ...rest } }, isModern };
  if (method === 'prompts/list') return { kind: 'other', id, answer: { result: { prompts, ...rest } }, isModern };
  const constant = isModern ? answers.modernConstant : answers.constant;
  const answer = Object.hasOwn(constant, method) ? constant[method] : undefined;
  return answer && { kind: 'other', id, answer, isModern };
}

function notification(message: JsonObject, method: string, params: unknown): FirstMessage | undefined {
  if (!hasOnly(message, ['jsonrpc', 'method', 'params'])) return undefined;
  if (method === 'notifications/initialized' && (params === undefined || isEmpty(params)))
    return { kind: 'initialized' };
  const cancelled =
    method === 'notifications/cancelled' &&
    isObject(params) &&
    hasOnly(params, ['requestId', 'reason']) &&
    isRequestId(params.requestId) &&
    isAbsentOr(params.reason, isString);
  return cancelled ? { kind: 'cancelled' } : undefined;
}

function isInitialize(message: JsonObject): message is Initialize {
  const { method, params } = message;
  return (
    method === 'initialize' &&
    isObject(params) &&
    hasOnly(params, ['protocolVersion', 'capabilities', 'clientInfo']) &&
    isString(params.protocolVersion) &&
    isCapabilities(params.capabilities) &&
    isImplementation(params.clientInfo)
  );
}

function isImplementation(value: unknown): boolean {
  return (
    isObject(value) &&
    hasOnly(value, ['name', 'version', 'title', 'description', 'websiteUrl']) &&
    isString(value.name) &&
    isString(value.version) &&
    [value.title, value.description, value.websiteUrl].every((text) => isAbsentOr(text, isString))
  );
}

/** The capabilities that clients in use announce, in the forms in which they do. */
function isCapabilities(value: unknown): boolean {
  return (
    isObject(value) &&
    hasOnly(value, ['roots', 'sampling', 'elicitation', 'experimental', 'extensions']) &&
    isAbsentOr(value.roots, (roots) => isObject(roots) && hasOnly(roots, ['listChanged']) && isFlags(roots)) &&
    isAbsentOr(
      value.sampling,
      (sampling) => isObject(sampling) && hasOnly(sampling, ['context', 'tools']) && areEmpty(sampling),
    ) &&
    isAbsentOr(value.elicitation, isElicitation) &&
    isAbsentOr(value.experimental, areNamedEmpty) &&
    isAbsentOr(value.extensions, areNamedEmpty)
  );
}

function isElicitation(value: unknown): boolean {
  if (!isObject(value) || !hasOnly(value, ['form', 'url'])) return false;
  const isForm = (form: unknown): boolean => isObject(form) && hasOnly(form, ['applyDefaults']) && isFlags(form);
  return isAbsentOr(value.form, isForm) && isAbsentOr(value.url, isEmpty);
}

/** `io.modelcontextprotocol/ui` and the like; names that every object answers to are left to the SDK. */
function areNamedEmpty(value: unknown): boolean {
  return (
    isObject(value) &&
    areEmpty(value) &&
    Object.keys(value).every((name) => /^[a-z][\w.-]*(\/[\w.-]+)?$/i.test(name) && !(name in {}))
  );
}

function isPlainMeta(params: unknown): boolean {
  if (!isObject(params) || !hasOnly(params, ['_meta'])) return false;
  return isAbsentOr(
    params._meta,
    (meta) => isObject(meta) && hasOnly(meta, ['progressToken']) && isAbsentOr(meta.progressToken, isRequestId),
  );
}

/** Whether a message says that it is of 2026-07-28, or of what comes after it. */
export function isModern(message: unknown): boolean {
  const params = isObject(message) && isObject(message.params) ? message.params : {};
  return isObject(params._meta) && PROTOCOL_VERSION in params._meta;
}

/** Of 2026-07-28, with the fields that clients in use send. */
function isModernMeta(params: unknown): boolean {
  if (!isObject(params) || !hasOnly(params, ['_meta']) || !isObject(params._meta)) return false;
  const meta = params._meta;
  return (
    hasOnly(meta, [PROTOCOL_VERSION, CLIENT_CAPABILITIES, CLIENT_INFO]) &&
    meta[PROTOCOL_VERSION] === MODERN_VERSION &&
    isCapabilities(meta[CLIENT_CAPABILITIES]) &&
    isAbsentOr(meta[CLIENT_INFO], isImplementation)
  );
}

/** JSON.parse makes `__proto__` a property of its own like any other, so it is found here too. */
function hasOnly(value: JsonObject, names: readonly string[]): boolean {
  return Object.keys(value).every((name) => names.includes(name));
}

/** A field that is there has a value: `"id": undefined` cannot come out of JSON, and null is not absent. */
function isAbsentOr(value: unknown, accept: (value: unknown) => boolean): boolean {
  return value === undefined || accept(value);
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isRequestId(value: unknown): value is RequestId {
  return isString(value) || Number.isSafeInteger(value);
}

function isEmpty(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}

function areEmpty(value: JsonObject): boolean {
  return Object.values(value).every(isEmpty);
}

function isFlags(value: JsonObject): boolean {
  return Object.values(value).every((flag) => typeof flag === 'boolean');
}
