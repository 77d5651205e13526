/** Answers and refusals as they go over the wire: JSON, or XML where JSON was not asked for. */
import type { Answer } from './parameters.js';
import type { ApiRefusal } from './refusals.js';

export type Outcome = { status: number; answer: Answer; retryAfterSeconds?: number | undefined };
export type Reply = { status: number; type: string; body: string; retryAfterSeconds?: number | undefined };

export function refused(error: ApiRefusal, requestId: string, host: string): Outcome {
  const { status, code, message, retryAfterSeconds } = error;
  return {
    status,
    retryAfterSeconds,
    answer: {
      RequestId: requestId,
      HostId: host,
      Code: code,
      Message: message,
      Recommend: `https://api.alibabacloud.com/troubleshoot?q=${encodeURIComponent(code)}&product=Vpc&requestId=${requestId}`,
    },
  };
}

export function asJson({ answer, ...rest }: Outcome): Reply {
  return { ...rest, type: 'application/json', body: JSON.stringify(answer) };
}

export function asXml({ answer, ...rest }: Outcome, action: string): Reply {
  return { ...rest, type: 'text/xml', body: toXml(rest.status < 400 ? `${action}Response` : 'Error', answer) };
}

/** A list is its members one after another, each under the list's name. */
function toXml(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.map((member) => toXml(name, member)).join('');
  const inner =
    typeof value === 'object' && value !== null
      ? Object.entries(value)
          .map(([key, member]) => toXml(key, member))
          .join('')
      : String(value).replace(/[<>&]/g, (mark) => ({ '<': '&lt;', '>': '&gt;' })[mark] ?? '&amp;');
  return `<${name}>${inner}</${name}>`;
}
