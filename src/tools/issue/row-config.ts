/** The file of one row of a batch: written now, or by an earlier call. */
import { readFile } from 'node:fs/promises';
import { FileExistsError } from '../../errors/errors.js';
import { configFileName, writeConfig } from '../../files/private-file.js';
import { certificateIn, checkedConfig } from '../../openvpn/config.js';
import { fetchSslVpnClientCert } from '../../vpc/actions.js';
import type { ToolContext } from '../tool.js';

export type RowConfig = { path: string; expiresAt: string; fingerprint: string };

/** @throws whatever a call, a check or the disk can throw; a file that exists is kept and described */
export async function rowConfig(
  region: string,
  id: string,
  { vpc, settings, bounds, now }: ToolContext,
): Promise<RowConfig> {
  const { value } = await vpc.call(fetchSslVpnClientCert(region, id), bounds);
  const config = checkedConfig(value, now());
  try {
    const { path } = await writeConfig(settings.outputDir, configFileName(value.Name, id), config.text, false);
    return { path, expiresAt: config.expiresAt, fingerprint: config.fingerprint };
  } catch (error) {
    if (!(error instanceof FileExistsError)) throw error;
    // Only what this server wrote for this certificate counts as its file.
    const there = certificateIn(await readFile(error.path, 'utf8').catch(() => ''));
    if (there?.fingerprint256 !== config.fingerprint) throw error;
    return { path: error.path, expiresAt: config.expiresAt, fingerprint: config.fingerprint };
  }
}
