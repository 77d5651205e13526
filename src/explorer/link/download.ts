/** The configuration as a download of the browser. Its link works once, for this page as for anybody. */
import type { Mcp } from './mcp.js';
import type { Fields } from './values.js';

export type Link = { url: string; file_name: string };

export function isLink(value: Fields): value is Fields & Link {
  return typeof value.url === 'string' && typeof value.file_name === 'string';
}

/** @returns whether it came: a link that was used or has expired gives nothing */
export async function downloadFrom({ send }: Pick<Mcp, 'send'>, { url, file_name }: Link): Promise<boolean> {
  const response = await send(`${new URL(url).pathname}/file`, { method: 'POST' }).catch(() => undefined);
  // A page says that a link is over; a file comes as an attachment.
  if (!response?.headers.has('content-disposition')) return false;
  const address = URL.createObjectURL(await response.blob());
  const anchor = document.createElement('a');
  anchor.href = address;
  anchor.download = file_name;
  anchor.click();
  URL.revokeObjectURL(address);
  return true;
}
