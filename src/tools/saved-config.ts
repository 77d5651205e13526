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

/** A page that hands the file to whoever has its address, once and not for long. */
export const link = z.object({ url: z.string(), file_name: z.string(), expires_at: z.string() });
export type Link = z.infer<typeof link>;

/** Where a configuration went. The SHA-256 is in hex. */
export type HandedOver = { file: { path: string; sha256: string } } | { link: Link };

export type ToHandOver = { regionId: string; certificate: CertDetail; config: CheckedConfig; overwrite: boolean };

/** How configurations leave this server: as files, or by links. */
export type HandOver = {
  /** @throws RefusedError, FileExistsError, FileWriteError */
  give(config: ToHandOver, signal: AbortSignal): Promise<HandedOver>;
  /** Before anything is made that has to be handed over. @throws StoreDownError where nothing can be now */
  check?(): Promise<void>;
  /** Where an index of the files is kept; undefined where there are none. */
  folder: PrivateFolder | undefined;
};

export type SavedConfig = { handed: HandedOver; config: CheckedConfig; certificate: CertDetail };

const IMPORT = 'They import it into OpenVPN.';

export function handOverSteps(handed: HandedOver): string[] {
  return 'file' in handed
    ? ['Hand the file to the person over a secure channel: whoever has it can connect.', IMPORT]
    : [
        'Give the link to that person alone: it works once, until expires_at, and whoever opens it can connect.',
        IMPORT,
      ];
}

/** Configurations become files below one folder. */
export function filesIn(folder: PrivateFolder): HandOver {
  return {
    folder,
    async give({ certificate: { Name, SslVpnClientCertId }, config, overwrite }, signal) {
      const name = configFileName(Name, SslVpnClientCertId);
      const { path, sha256 } = await folder.write(name, config.text, { overwrite, signal });
      return { file: { path, sha256 } };
    },
  };
}

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
  const { budget, recordKey } = context;
  const { give } = handOverOf(context);
  return recordKey(
    { regionId, certificateId },
    async () => {
      const fetched = await fetchConfig(regionId, certificateId, context, pace);
      return { ...fetched, handed: await give({ ...fetched, regionId, overwrite }, budget.signal) };
    },
    ({ handed }) => ('file' in handed ? { file: handed.file.path } : { link: { ...handed.link, url: undefined } }),
  );
}

/** @throws CallFailure, MalformedResponseError */
export async function fetchConfig(
  regionId: string,
  certificateId: string,
  { vpc, budget, now }: Pick<ToolContext, 'vpc' | 'budget' | 'now'>,
  pace?: Pace,
): Promise<{ config: CheckedConfig; certificate: CertDetail }> {
  const { value } = await vpc.call(fetchSslVpnClientCert(regionId, certificateId), budget, pace);
  return { config: checkedConfig(value, now()), certificate: value };
}

/** @throws RefusedError where no configuration may be saved, StoreDownError where none can be handed over now */
export async function checkHandOver(context: Pick<ToolContext, 'handOver'>): Promise<void> {
  await handOverOf(context).check?.();
}

function handOverOf({ handOver }: Pick<ToolContext, 'handOver'>): HandOver {
  if (handOver !== undefined) return handOver;
  throw new RefusedError('No configuration is written: save_ssl_vpn_client_config is switched off on this server.', [
    ask('If files are wanted, ask the person who set this server up to allow save_ssl_vpn_client_config.'),
  ]);
}
