/** An error -> its explanation: what agents and people read when a call failed. */

import {
  type CatalogueEntry,
  type Category,
  OWN_ENTRIES,
  type OwnCode,
  PERMISSION_STEPS,
  pageOn,
  serviceEntry,
} from './catalogue.js';
import {
  CallFailure,
  CancelledError,
  ConnectionError,
  type ConnectionProblem,
  CredentialsMissingError,
  DeadlineError,
  type Effect,
  FileExistsError,
  FileWriteError,
  InvalidArgumentsError,
  MalformedResponseError,
  RefusedError,
  ServiceError,
  StoreDownError,
  UnknownToolError,
} from './errors.js';
import { serviceMessage, visible } from './external-text.js';
import { ask, fix, read, repeat, type Step, stepTexts, wait } from './steps.js';

/** What is known about a failure. */
export type Explanation = {
  code: string;
  message: string;
  http_status?: number;
  request_id?: string;
  category: Category;
  explanation: string;
  steps: readonly Step[];
  retryable: boolean;
  retry_after_seconds?: number;
  effect: Effect;
  client_token?: string;
  /** What was found out about this very case; texts in it are the cloud's. */
  facts?: Record<string, unknown>;
  ram_policy?: Record<string, unknown>;
  documentation_url?: string;
  /** Whether it can only be a defect of this server. */
  isDefect: boolean;
};

/** The shape of `error` in every failed answer. */
export type ErrorAnswer = Omit<Explanation, 'steps' | 'isDefect'> & { next_steps: string[] };

/** @param options.takesClientToken whether the failed call can be repeated with a client token */
export function explain(error: unknown, options: { takesClientToken?: boolean } = {}): Explanation {
  if (error instanceof CallFailure)
    return withEffect(explainCause(error.cause), error, options.takesClientToken ?? false);
  return explainCause(error);
}

/** The explanation as it is shown: steps as sentences, less those that speak of what this answer does not have. */
export function errorAnswer({ steps, isDefect: _isDefect, ...rest }: Explanation): ErrorAnswer {
  const { code, message, http_status, request_id, category, explanation, ...more } = rest;
  return {
    code,
    message,
    ...(http_status !== undefined && { http_status }),
    ...(request_id !== undefined && { request_id }),
    category,
    explanation,
    next_steps: stepTexts(steps, { ...rest.facts, ...rest }),
    ...more,
  };
}

function explainCause(error: unknown): Explanation {
  if (error instanceof ServiceError) return explainService(error);
  if (error instanceof MalformedResponseError) {
    return ours('Client.MalformedResponse', error.message, {
      http_status: error.httpStatus,
      ...(error.requestId !== undefined && { request_id: visible(error.requestId, MAX_REQUEST_ID) }),
      ...(error.retryAfterSeconds !== undefined && { retry_after_seconds: error.retryAfterSeconds }),
    });
  }
  if (error instanceof ConnectionError) return explainConnection(error);
  if (error instanceof CancelledError) return ours('Client.Cancelled', error.message);
  if (error instanceof DeadlineError) return ours('Client.Timeout', error.message);
  if (error instanceof CredentialsMissingError) {
    return ours('Client.CredentialsMissing', `${error.message} Tried: ${error.tried.join('; ')}.`);
  }
  if (error instanceof InvalidArgumentsError) {
    const { message, steps, facts } = error;
    return ours('Client.InvalidArguments', message, { ...(steps && { steps }), ...(facts && { facts }) });
  }
  if (error instanceof UnknownToolError) {
    if (error.candidates.length === 0) return ours('Client.UnknownTool', error.message);
    return ours('Client.UnknownTool', error.message, { steps: [fix(`Call ${error.candidates.join(' or ')}.`)] });
  }
  if (error instanceof RefusedError) {
    const { message, steps, facts } = error;
    return ours('Client.Refused', message, { steps, ...(facts && { facts }) });
  }
  if (error instanceof StoreDownError) {
    return ours('Client.Refused', error.message, {
      explanation: 'A part of this MCP server is down for now; nothing was changed.',
      steps: error.steps ?? [WAIT_FOR_STORE],
      retryable: true,
      retry_after_seconds: STORE_RETRY_S,
    });
  }
  if (error instanceof FileExistsError) return ours('Client.FileExists', error.message);
  if (error instanceof FileWriteError) return explainFile(error);
  // Whatever the error says may hold anything, so only its kind is shown; the log of the server has its stack.
  return ours('Client.Internal', `Unexpected ${error instanceof Error ? error.name : typeof error}.`, {
    isDefect: true,
  });
}

const STORE_RETRY_S = 10;
const WAIT_FOR_STORE = wait(
  'Repeat the call in half a minute; if it persists, tell the person who set this MCP server up.',
);

function ours(code: OwnCode, message: string, more?: Partial<Explanation>): Explanation {
  return compose(code, message, OWN_ENTRIES[code], more);
}

function explainService(error: ServiceError): Explanation {
  const advice = documentationUrl(error.recommend);
  return compose(error.code, serviceMessage(error.message), serviceEntry(error.code) ?? byStatus(error), {
    http_status: error.httpStatus,
    ...(error.requestId !== undefined && { request_id: visible(error.requestId, MAX_REQUEST_ID) }),
    ...(error.retryAfterSeconds !== undefined && { retry_after_seconds: error.retryAfterSeconds }),
    ...(advice !== undefined && { documentation_url: advice }),
    // Advice that is not a link of the vendor's is a text like any other from outside: shown as data.
    ...(advice === undefined &&
      error.recommend !== undefined && { facts: { recommend: serviceMessage(error.recommend) } }),
  });
}

const MAX_REQUEST_ID = 128;

function compose(
  code: string,
  message: string,
  entry: Omit<CatalogueEntry, 'code'>,
  more?: Partial<Explanation>,
): Explanation {
  const url = pageOn(entry);
  return {
    code,
    message,
    category: entry.category,
    explanation: entry.cause,
    steps: entry.steps,
    retryable: entry.retryable,
    effect: 'none',
    isDefect: false,
    ...(entry.retryAfterSeconds !== undefined && { retry_after_seconds: entry.retryAfterSeconds }),
    ...(url !== undefined && { documentation_url: url }),
    ...more,
  };
}

type ByStatus = { statuses: (status: number) => boolean; says: string } & Pick<
  CatalogueEntry,
  'category' | 'steps' | 'retryable'
>;

const READ = read('Read code and message, which are passed through verbatim and usually name the cause.');
const SUPPORT = ask(
  'If they are unclear, ask the administrator or Alibaba Cloud support, with the code and the request id.',
);

/** The first that holds. */
const BY_STATUS: readonly ByStatus[] = [
  {
    statuses: (status) => status === 429,
    category: 'throttled',
    says: 'requests are sent too fast',
    steps: [wait('Wait half a minute and repeat the call.')],
    retryable: true,
  },
  {
    statuses: (status) => status === 401 || status === 403,
    category: 'permission',
    says: 'the credentials do not allow the call',
    steps: [READ, ...PERMISSION_STEPS],
    retryable: false,
  },
  {
    statuses: (status) => status === 404,
    category: 'not_found',
    says: 'something named in the call does not exist',
    steps: [READ, fix('Check the ids and the region with list_ssl_vpn_servers.')],
    retryable: false,
  },
  {
    statuses: (status) => status === 409,
    category: 'conflict',
    says: 'the call conflicts with the state of the resource',
    steps: [READ, SUPPORT],
    retryable: false,
  },
  {
    statuses: (status) => status >= 500,
    category: 'service',
    says: 'the fault is on the side of the service',
    steps: [repeat('Repeat the same call in a minute.'), SUPPORT],
    retryable: true,
  },
  {
    statuses: (status) => status < 400,
    category: 'service',
    says: 'the request did not fail, which the code contradicts',
    steps: [READ, SUPPORT],
    retryable: false,
  },
];

const ANY_OTHER_STATUS: Omit<ByStatus, 'statuses'> = {
  category: 'invalid_input',
  says: 'the request is not acceptable as it is',
  steps: [READ, SUPPORT],
  retryable: false,
};

/** A code that the catalogue does not know, explained by its status alone. */
function byStatus({ httpStatus }: ServiceError): Omit<CatalogueEntry, 'code'> {
  const { category, says, steps, retryable } =
    BY_STATUS.find(({ statuses }) => statuses(httpStatus)) ?? ANY_OTHER_STATUS;
  const cause = `This code is not in the catalogue; its status, HTTP ${httpStatus}, says that ${says}.`;
  return { category, cause, steps, retryable, source: 'vpc' };
}

const DOCTOR = ask(
  'Ask the person to run `alicloud-ssl-vpn-mcp doctor`, which checks name, connection and TLS of the endpoint.',
);

const CONNECTION_STEPS: Readonly<Record<ConnectionProblem, readonly Step[]>> = {
  name_not_found: [
    read('Check the spelling of the region: the endpoint is named after it.', { unless: 'regions' }),
    fix('Check --endpoint, if it is set, and the network and the DNS settings of this machine.'),
    DOCTOR,
  ],
  name_lookup: [fix('Check the network and the DNS settings of this machine, then repeat the call.'), DOCTOR],
  refused: [fix('Check --endpoint, and that no firewall blocks the port, then repeat the call.'), DOCTOR],
  unreachable: [fix('Check the network of this machine, then repeat the call.'), DOCTOR],
  tls: [
    fix('If a company proxy inspects TLS, set NODE_EXTRA_CA_CERTS to the path of its CA certificate.'),
    ask('Otherwise stop and tell the person: another host may be answering in place of the service.'),
    DOCTOR,
  ],
  proxy: [fix('Check HTTPS_PROXY and NO_PROXY in the environment of this MCP server.'), DOCTOR],
  reset: [repeat('Repeat the call.'), DOCTOR],
  connect_timeout: [fix('Check that a firewall lets this machine connect to the host, or set HTTPS_PROXY.'), DOCTOR],
  timeout: [repeat('Repeat the call in a minute.'), DOCTOR],
  protocol: [fix('Check --endpoint and the proxy settings: what answered does not speak HTTP.'), DOCTOR],
};

function explainConnection(error: ConnectionError): Explanation {
  const late = error.problem === 'timeout' || error.problem === 'connect_timeout';
  return ours(late ? 'Client.Timeout' : 'Client.Network', error.message, {
    steps: CONNECTION_STEPS[error.problem],
    retryable: !['tls', 'name_not_found'].includes(error.problem),
    facts: { problem: error.problem, host: error.host },
  });
}

function explainFile(error: FileWriteError): Explanation {
  const { obstacle, systemCode, remedy } = error;
  const code =
    obstacle !== undefined ? 'Client.FileExists' : systemCode === undefined ? 'Client.Refused' : 'Client.Internal';
  return {
    ...ours(code, error.message),
    explanation: 'The file could not be written on this machine; nothing half-written was left.',
    steps: [fix(remedy ?? (systemCode !== undefined ? FILE_STEPS[systemCode] : undefined) ?? CHECK_PATH)],
  };
}

const CHECK_PATH = 'Check the path in the message, or set another --output-dir, and repeat the call.';
const FILE_STEPS: Readonly<Record<string, string>> = {
  ENOSPC: 'Free space on the disk and repeat the call.',
  EDQUOT: 'Free space within the disk quota and repeat the call.',
  EACCES: 'Give this server the right to write there, or set another --output-dir.',
  EPERM: 'Give this server the right to write there, or set another --output-dir.',
  EROFS: 'The disk is read-only: set another --output-dir.',
  ENOTDIR: 'A file stands where a folder is needed: move it away, or set another --output-dir.',
  ELOOP: 'A symbolic link stands where a file or folder is needed: remove it, or set another --output-dir.',
};

/** Adds what the call did to the cloud, and how to settle it where that is open. */
function withEffect(explanation: Explanation, { cause, facts }: CallFailure, takesClientToken: boolean): Explanation {
  const { effect, clientToken } = facts;
  const known = { ...explanation, effect, explanation: `${explanation.explanation} ${EFFECTS[effect]}` };
  if (effect !== 'unknown') return known;
  const token = takesClientToken ? clientToken : undefined;
  return {
    ...known,
    ...(token !== undefined && { client_token: token }),
    steps: [
      token === undefined ? SETTLE : SETTLE_BY_TOKEN,
      ...explanation.steps.filter((step) => step.do !== 'repeat' && step.do !== 'wait'),
    ],
    retryable: explanation.retryable || !(cause instanceof ServiceError),
  };
}

const EFFECTS: Readonly<Record<Effect, string>> = {
  none: 'Nothing was changed.',
  done: 'The change was made.',
  unknown: 'The change may have been made: an attempt got no usable answer.',
};
const SETTLE_BY_TOKEN = repeat(
  'Repeat the call with the same arguments and this client_token: if the first request succeeded, the service returns its certificate, otherwise it creates one.',
  { needs: 'client_token' },
);
const SETTLE = repeat('Repeat the call with the same arguments: if the change was already made, that does no harm.');

/** The service's own link to advice on a code, where it is one. */
function documentationUrl(recommend: string | undefined): string | undefined {
  if (recommend === undefined || !URL.canParse(recommend)) return undefined;
  const { protocol, hostname, href } = new URL(recommend);
  const vendor = /(^|\.)(aliyun|alibabacloud)\.com$/.test(hostname);
  return protocol === 'https:' && vendor && href.length <= 500 ? href : undefined;
}
