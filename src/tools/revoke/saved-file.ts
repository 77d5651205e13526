/** The saved configuration of a certificate that is revoked: of no use any more, and it holds a key. */
import { configFileName } from '../../files/file-name.js';
import type { ToolContext } from '../tool.js';

/** @returns its path, where it stands; a folder that cannot be looked at is no reason to fail */
export async function savedFileOf(
  name: string,
  certificateId: string,
  { handOver, budget }: Pick<ToolContext, 'handOver' | 'budget'>,
): Promise<string | undefined> {
  const folder = handOver?.folder;
  if (folder === undefined) return undefined;
  return budget.race(folder.find(configFileName(name, certificateId))).catch(() => undefined);
}

/** The step that speaks of the files whose names stand in `file`. */
export function uselessFiles(folder: string): string {
  return `What stands in file is of no use any more: delete it, or ask the person to, in ${folder}.`;
}
