/** The one form that people are shown, and what they made of it. */
import type { Answer } from '../tools/tool.js';

/** A person may be away for a while; clients that give up earlier cancel the call. */
export const MAX_MS_TO_ANSWER = 10 * 60_000;

/** @param consent what the person says yes to */
export function confirmationForm(consent: string) {
  return {
    type: 'object' as const,
    properties: { confirm: { type: 'boolean' as const, title: consent } },
    required: ['confirm'],
  };
}

export function readConfirmation({ action, content }: { action: string; content?: unknown }): Answer {
  if (action === 'cancel') return 'cancelled';
  const confirm = typeof content === 'object' && content !== null && 'confirm' in content ? content.confirm : undefined;
  if (action === 'decline' || confirm === false) return 'declined';
  return action === 'accept' && confirm === true ? 'accepted' : 'unconfirmed';
}
