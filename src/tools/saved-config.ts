/** The file of one certificate: fetched, checked and written, for the tools that save. */
import { z } from 'zod/v3';
import { RefusedError } from '../errors/errors.js';
import { errorAnswer, explain } from '../errors/explain.js';
import { ask } from '../errors/steps.js';
import { configFileName } from '../files/file-name.js';
import type { PrivateFolder } from '../files/private-folder.js';
import { type CheckedConfig, checkedConfig } from '../openvpn/config.js';
import { type CertDetail, fetchSslVpnClientCert } from '../vpc/actions.js';
import type { Pace } from '../vpc/pace.js';
import type { ToolContext } from './tool.js';

export const savedFile = z.object({ path: z.string(), kind: z.string(), sha256: z.string() });

export type SavedConfig = { path: string; sha256: string; config: CheckedConfig; certificate: CertDetail };

export const HAND_OVER = [
  'Hand the file to the person over a secure channel: whoever has it can connect.',
  'They import it in OpenVPN Connect or any OpenVPN client.',
];

/** What went wrong with a file, beside a certificate that is there. */
export function inOneLine(error: unknown): string {
  const { code, message } = errorAnswer(explain(error));
  return `${code}: ${message}`;
}

/**
 * A file that exists counts as done where it is what would be written now.
 * @throws CallFailure, MalformedResponseError, RefusedError, FileExistsError, FileWriteError
 */
export function saveConfig(
  regionId: string,
  certificateId: string,
  overwrite: boolean,
  context: ToolContext,
  pace?: Pace,
): Promise<SavedConfig> {
  const { vpc, budget, now, recordKey } = context;
  const folder = folderOf(context);
  return recordKey({ regionId, certificateId }, async () => {
    const { value } = await vpc.call(fetchSslVpnClientCert(regionId, certificateId), budget, pace);
    const config = checkedConfig(value, now());
    const name = configFileName(value.Name, certificateId);
    const { path, sha256 } = await folder.write(name, config.text, { overwrite, signal: budget.signal });
    return { path, sha256, config, certificate: value };
  });
}

/** @throws RefusedError where no configuration may be saved */
export function folderOf({ folder }: Pick<ToolContext, 'folder'>): PrivateFolder {
  if (folder !== undefined) return folder;
  throw new RefusedError('No configuration is written: save_ssl_vpn_client_config is switched off on this server.', [
    ask('If files are wanted, ask the person who set this server up to allow save_ssl_vpn_client_config.'),
  ]);
}
