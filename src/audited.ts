/** A client of the API that records each change before its first attempt and after its last. */
import { randomUUID } from 'node:crypto';
import { type AuditIntent, type AuditLog, type AuditOutcome, recordChange } from './audit.js';
import type { Budget } from './budget.js';
import { CallFailure, ServiceError } from './errors/errors.js';
import { explain } from './errors/explain.js';
import { present } from './errors/external-text.js';
import type { Secrets } from './secrets.js';
import type { ToolContext } from './tools/tool.js';
import type { ApiAnswer, VpcClient } from './vpc/client.js';

export type Recorded = Pick<ToolContext, 'vpc' | 'recordKey'>;

/** @param who for each line; asked for anew, because credentials change */
export function audited(
  vpc: VpcClient,
  audit: AuditLog | undefined,
  tool: string,
  who: () => Promise<AuditIntent['who']>,
  budget: Budget,
  secrets: Secrets,
): Recorded {
  if (audit === undefined) return { vpc, recordKey: (_about, work) => work() };
  const record = async <T>(
    budget: Budget,
    intent: Omit<AuditIntent, 'tool' | 'who'>,
    work: () => Promise<T>,
    succeeded: (result: T) => Omit<AuditOutcome, 'outcome'>,
  ): Promise<T> =>
    recordChange(
      audit,
      { tool, ...present(secrets.clean(intent)), who: await who() },
      work,
      (settled) =>
        present(
          secrets.clean('result' in settled ? { outcome: 'ok', ...succeeded(settled.result) } : failure(settled.error)),
        ),
      budget,
    );
  return {
    vpc: {
      ...vpc,
      call(request, share, pace) {
        if (!request.changes) return vpc.call(request, share, pace);
        const { action, parameters } = request;
        const { ClientToken: client_token = '', ...about } = parameters;
        const intent = { action, client_token, parameters: about };
        return record(share, intent, () => vpc.call(request, share, pace), succeeded);
      },
    },
    recordKey: ({ regionId, certificateId }, work, facts) =>
      record(
        budget,
        {
          action: 'DescribeSslVpnClientCert',
          client_token: randomUUID(),
          parameters: { RegionId: regionId, SslVpnClientCertId: certificateId },
        },
        work,
        facts,
      ),
  };
}

function succeeded({ value, requestId, attempts }: ApiAnswer<unknown>): Omit<AuditOutcome, 'outcome'> {
  const made =
    typeof value === 'object' && value !== null && 'SslVpnClientCertId' in value ? value.SslVpnClientCertId : undefined;
  return { request_id: requestId, attempts, ...(typeof made === 'string' && { ssl_vpn_client_cert_id: made }) };
}

function failure(error: unknown): AuditOutcome {
  const { code, effect } = explain(error);
  const facts = error instanceof CallFailure ? error : undefined;
  return {
    outcome: effect === 'unknown' ? 'unknown' : 'failed',
    code,
    ...(facts && { attempts: facts.facts.attempts }),
    ...(facts?.cause instanceof ServiceError && { request_id: facts.cause.requestId }),
  };
}
