/** The configuration as a download of the browser: the answer's link works once, and for this page as for anybody. */
import type { Mcp } from '../link/mcp.js';
import { type Fields, fieldsOf, listOf, textOf } from '../link/values.js';

/** @returns the name of the file; undefined where the answer holds no link */
export async function downloadFrom({ send }: Pick<Mcp, 'send'>, answer: Fields): Promise<string | undefined> {
  const { url, file_name } = fieldsOf(listOf(answer.links)[0]);
  if (url === undefined) return undefined;
  const { pathname } = new URL(textOf(url));
  const response = await send(pathname, { method: 'POST' });
  if (!response.ok) return undefined;
  const address = URL.createObjectURL(await response.blob());
  const anchor = document.createElement('a');
  anchor.href = address;
  anchor.download = textOf(file_name);
  anchor.click();
  URL.revokeObjectURL(address);
  return textOf(file_name);
}
