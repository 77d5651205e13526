/** Which certificates are shown. */
import { quarterOf } from './expiry.js';
import type { Certificate } from './load.js';

export const CLOSE = ['expired', '7', '30'] as const;
export type Close = (typeof CLOSE)[number];

export type Filter = {
  text: string;
  /** What is expired or runs out within so many days, or in a quarter (its key); empty for all. */
  expiry: Close | string;
  isConnected: boolean;
};

export const NO_FILTER: Filter = { text: '', expiry: '', isConnected: false };

export function isShown(certificate: Certificate, filter: Filter, connected: ReadonlySet<string>): boolean {
  const { id, name, regionId, serverId, serverName } = certificate;
  const text = filter.text.trim().toLowerCase();
  if (text !== '' && !`${name} ${id} ${serverName} ${serverId} ${regionId}`.toLowerCase().includes(text)) return false;
  if (filter.isConnected && !connected.has(id)) return false;
  return filter.expiry === '' || runsOut(certificate, filter.expiry);
}

export function runsOut(certificate: Certificate, expiry: string): boolean {
  const { daysLeft } = certificate;
  if (expiry === 'expired') return daysLeft < 0;
  if (expiry === '7' || expiry === '30') return daysLeft >= 0 && daysLeft <= Number(expiry);
  return daysLeft >= 0 && quarterOf(certificate) === expiry;
}
