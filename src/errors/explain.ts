/** An error -> its explanation: what agents and people read when a call failed. */

import { type CatalogueEntry, type Category, catalogueEntry, catalogueFamily, SOURCES } from './catalogue.js';
import {
  CallFailure,
  CancelledError,
  ConnectionError,
  type ConnectionProblem,
  CredentialsMissingError,
  type Effect,
  FileExistsError,
  FileWriteError,
  InvalidArgumentsError,
  MalformedResponseError,
  RefusedError,
  ServiceError,
  UnknownToolError,
} from './errors.js';
import { externalText, serviceMessage } from './external-text.js';

/** The shape of `error` in every failed answer. */
export type Explanation = {
  code: string;
  message: string;
  http_status?: number;
  request_id?: string;
  category: Category;
  explanation: string;
  next_steps: string[];
  retryable: boolean;
  retry_after_seconds?: number;
  effect: Effect;
  client_token?: string;
  /** What was found out about this very case; texts in it are the cloud's. */
  facts?: Record<string, unknown>;
  ram_policy?: Record<string, unknown>;
  documentation_url?: string;
};

export function explain(error: unknown): Explanation {
  if (error instanceof CallFailure) return withFate(explainCause(error.cause), error);
  return explainCause(error);
}

function explainCause(error: unknown): Explanation {
  if (error instanceof ServiceError) return explainService(error);
  if (error instanceof MalformedResponseError) {
    return ours('Client.MalformedResponse', error.message, {
      http_status: error.httpStatus,
      ...(error.requestId !== undefined && { request_id: externalText(error.requestId, 128) }),
      ...(error.retryAfterSeconds !== undefined && { retry_after_seconds: error.retryAfterSeconds }),
    });
  }
  if (error instanceof ConnectionError) return explainConnection(error);
  if (error instanceof CancelledError) return ours('Client.Cancelled', error.message);
  if (error instanceof CredentialsMissingError) {
    return ours('Client.CredentialsMissing', `${error.message} Tried: ${error.tried.join('; ')}.`);
  }
  if (error instanceof InvalidArgumentsError) {
    return ours('Client.InvalidArguments', error.message, error.nextSteps && { next_steps: [...error.nextSteps] });
  }
  if (error instanceof UnknownToolError) {
    const near = error.candidates.length === 0 ? [] : [`Call ${error.candidates.join(' or ')}.`];
    return ours('Client.UnknownTool', error.message, near.length === 0 ? undefined : { next_steps: near });
  }
  if (error instanceof RefusedError) return ours('Client.Refused', error.message, { next_steps: [...error.nextSteps] });
  if (error instanceof FileExistsError) return ours('Client.FileExists', error.message);
  if (error instanceof FileWriteError) return explainFile(error);
  // Whatever the error says may hold anything, so only its kind is shown; the log of the server has its stack.
  return ours('Client.Internal', `Unexpected ${error instanceof Error ? error.name : typeof error}.`);
}

function ours(code: string, message: string, more?: Partial<Explanation>): Explanation {
  return compose(code, message, catalogueEntry(code), more);
}

function explainService(error: ServiceError): Explanation {
  const known = catalogueEntry(error.code) ?? catalogueFamily(error.code);
  const advice = documentationUrl(error.recommend);
  return compose(error.code, serviceMessage(error.message), known ?? byStatus(error), {
    http_status: error.httpStatus,
    ...(error.requestId !== undefined && { request_id: externalText(error.requestId, 128) }),
    ...(error.retryAfterSeconds !== undefined && { retry_after_seconds: error.retryAfterSeconds }),
    ...(advice !== undefined && { documentation_url: advice }),
    // Advice that is not a link of the vendor's is a text like any other from outside: shown as data.
    ...(advice === undefined &&
      error.recommend !== undefined && { facts: { recommend: serviceMessage(error.recommend) } }),
  });
}

function compose(
  code: string,
  message: string,
  entry: Omit<CatalogueEntry, 'code'> | undefined,
  more?: Partial<Explanation>,
): Explanation {
  const url = entry === undefined ? undefined : SOURCES[entry.source];
  return {
    code,
    message,
    category: entry?.category ?? 'internal',
    explanation: entry?.cause ?? '',
    next_steps: [...(entry?.nextSteps ?? [])],
    retryable: entry?.retryable ?? false,
    effect: 'none',
    ...(entry?.retryAfterSeconds !== undefined && { retry_after_seconds: entry.retryAfterSeconds }),
    ...(url !== undefined && { documentation_url: url }),
    ...more,
  };
}

type ByStatus = { statuses: (status: number) => boolean; says: string } & Pick<
  CatalogueEntry,
  'category' | 'nextSteps' | 'retryable'
>;

const READ = 'Read code and message, which stand as the service sent them, and act on what they say.';
const SUPPORT = 'If they are not clear, give code and request_id to the administrator or to Alibaba Cloud support.';

/** The first that holds. */
const BY_STATUS: readonly ByStatus[] = [
  {
    statuses: (status) => status === 429,
    category: 'throttled',
    says: 'requests come too fast',
    nextSteps: ['Wait half a minute and repeat the call.'],
    retryable: true,
  },
  {
    statuses: (status) => status === 401 || status === 403,
    category: 'permission',
    says: 'the credentials do not allow the call',
    nextSteps: [READ, 'Ask the administrator of the account for the permission.'],
    retryable: false,
  },
  {
    statuses: (status) => status === 404,
    category: 'not_found',
    says: 'something named in the call does not exist',
    nextSteps: [READ, 'Check the ids and the region with list_ssl_vpn_servers.'],
    retryable: false,
  },
  {
    statuses: (status) => status === 409,
    category: 'conflict',
    says: 'the call conflicts with the state of the resource',
    nextSteps: [READ, SUPPORT],
    retryable: false,
  },
  {
    statuses: (status) => status >= 500,
    category: 'service',
    says: 'the fault is on its side',
    nextSteps: ['Repeat the same call in a minute.', SUPPORT],
    retryable: true,
  },
];

const ANY_OTHER_STATUS: Omit<ByStatus, 'statuses'> = {
  category: 'invalid_input',
  says: 'the request is not acceptable as it is',
  nextSteps: [READ, SUPPORT],
  retryable: false,
};

/** A code that the catalogue does not know, explained by its status alone. */
function byStatus({ httpStatus }: ServiceError): Omit<CatalogueEntry, 'code'> {
  const { category, says, nextSteps, retryable } =
    BY_STATUS.find(({ statuses }) => statuses(httpStatus)) ?? ANY_OTHER_STATUS;
  const cause = `The service answered with HTTP ${httpStatus} and a code that this server has no entry for; the status says that ${says}.`;
  return { category, cause, nextSteps, retryable, source: 'vpc' };
}

const DOCTOR =
  'Let the person run `alicloud-ssl-vpn-mcp doctor`, which checks name, connection and TLS of the endpoint.';

const CONNECTION_STEPS: Readonly<Record<ConnectionProblem, readonly string[]>> = {
  name_not_found: [
    'Check region_id with list_regions: the name of the endpoint is made of it.',
    'Check --endpoint, if it is set.',
    DOCTOR,
  ],
  name_lookup: ['Check the network and the name server of this machine, then repeat the call.', DOCTOR],
  refused: ['Check --endpoint and that a firewall does not block the port, then repeat the call.', DOCTOR],
  unreachable: ['Check the network of this machine, then repeat the call.', DOCTOR],
  tls: [
    'If a company proxy inspects TLS, set NODE_EXTRA_CA_CERTS to the file of its CA certificate.',
    'Otherwise do not go on: another host may be answering in place of the service.',
    DOCTOR,
  ],
  proxy: ['Check HTTPS_PROXY and NO_PROXY in the environment of this server.', DOCTOR],
  reset: ['Repeat the call.', DOCTOR],
  connect_timeout: ['Check that a firewall lets this machine connect to the host, or set HTTPS_PROXY.', DOCTOR],
  timeout: ['Repeat the call in a minute.', DOCTOR],
  protocol: ['Check --endpoint and the proxy settings: what answered does not speak HTTP.', DOCTOR],
};

function explainConnection(error: ConnectionError): Explanation {
  const late = error.problem === 'timeout' || error.problem === 'connect_timeout';
  return ours(late ? 'Client.Timeout' : 'Client.Network', error.message, {
    next_steps: [...CONNECTION_STEPS[error.problem]],
    retryable: !['tls', 'name_not_found'].includes(error.problem),
    facts: { problem: error.problem, host: error.host },
  });
}

function explainFile(error: FileWriteError): Explanation {
  const steps: Readonly<Record<string, string>> = {
    ENOSPC: 'Free space on the disk and repeat the call.',
    EDQUOT: 'Free space within the disk quota and repeat the call.',
    EACCES: 'Give this server the right to write there, or set another --output-dir.',
    EPERM: 'Give this server the right to write there, or set another --output-dir.',
    EROFS: 'The disk is read-only: set another --output-dir.',
    ENOTDIR: 'A file stands where a folder is needed: move it away, or set another --output-dir.',
    ELOOP: 'A symbolic link stands where a file or folder is needed: remove it, or set another --output-dir.',
  };
  const { obstacle, systemCode } = error;
  const code =
    obstacle !== undefined ? 'Client.FileExists' : systemCode === undefined ? 'Client.Refused' : 'Client.Internal';
  return {
    ...ours(code, error.message),
    explanation: 'The file could not be written on this machine; nothing half-written was left.',
    next_steps: [
      error.remedy ??
        (systemCode !== undefined ? steps[systemCode] : undefined) ??
        'Check the path in the message, or set another --output-dir, and repeat the call.',
    ],
  };
}

/** Adds what the call did to the cloud, and how to settle it where that is open. */
function withFate(explanation: Explanation, { cause, facts }: CallFailure): Explanation {
  const { effect, clientToken } = facts;
  const token = clientToken === undefined ? {} : { client_token: clientToken };
  if (effect !== 'unknown') {
    return { ...explanation, ...token, effect, explanation: `${explanation.explanation} Nothing was changed.` };
  }
  const settle =
    facts.action === 'CreateSslVpnClientCert'
      ? 'Repeat the call with the same arguments and the client_token given here: the service then answers with the certificate that may exist already, and makes one only if none does.'
      : 'Repeat the call with the same arguments, which does no harm if it was carried out already.';
  return {
    ...explanation,
    ...token,
    effect,
    explanation: `${explanation.explanation} The request may have been carried out: an attempt got no usable answer.`,
    next_steps: [settle, ...explanation.next_steps.filter((step) => !/^(Repeat|Wait)\b/.test(step))],
    retryable: explanation.retryable || !(cause instanceof ServiceError),
  };
}

/** The service's own link to advice on a code, where it is one. */
function documentationUrl(recommend: string | undefined): string | undefined {
  if (recommend === undefined || !URL.canParse(recommend)) return undefined;
  const { protocol, hostname, href } = new URL(recommend);
  const vendor = /(^|\.)(aliyun|alibabacloud)\.com$/.test(hostname);
  return protocol === 'https:' && vendor && href.length <= 500 ? href : undefined;
}
