/** Refusals of the API: status, code and message of an error envelope. */

export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal' as const;

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
  }
}

/** Statuses and messages as the API reference of CreateSslVpnClientCert gives them. */
const REFUSALS = {
  'Forbbiden.SubUser': {
    status: 403,
    message: 'User not authorized to operate on the specified resource as your account is created by another user.',
  },
  Forbidden: { status: 403, message: 'User not authorized to operate on the specified resource.' },
  'Resource.QuotaFull': { status: 400, message: 'The quota of resource is full' },
  'VpnGateway.Configuring': { status: 400, message: 'The specified service is configuring.' },
  'VpnGateway.FinancialLocked': { status: 400, message: 'The specified service is financial locked.' },
  InvalidName: { status: 400, message: 'The name is not valid' },
} as const;

export type Refusal = keyof typeof REFUSALS;

export function refusal(code: Refusal): ApiRefusal {
  return new ApiRefusal(REFUSALS[code].status, code, REFUSALS[code].message);
}

/** Of the account's requests, or of those of one action. */
export function throttled(code: 'Throttling.User' | 'Throttling.Api' = 'Throttling.User'): ApiRefusal {
  const by = code === 'Throttling.User' ? 'user' : 'api';
  return new ApiRefusal(400, code, `Request was denied due to ${by} flow control.`);
}

/** @param what as in the code, for example `SslVpnServerId` */
export function notFound(what: string, message = `The specified ${what} does not exist.`): ApiRefusal {
  return new ApiRefusal(404, `Invalid${what}.NotFound`, message);
}
