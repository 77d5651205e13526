/** Credentials from wherever Alibaba Cloud's own tools find them, by @alicloud/credentials, loaded on first use. */
import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { CredentialsMissingError } from '../errors/errors.js';
import type { Credentials, CredentialsProvider } from './credentials.js';

/** What the library's providers have in common. */
type Source = {
  getCredentials(): Promise<{ accessKeyId?: string; accessKeySecret?: string; securityToken?: string }>;
};
type Place = { what: string; open: () => Source };

export type ChainSettings = {
  /** Name of the profile in the shared files; undefined takes the current one. */
  profile: string | undefined;
  /** ALIBABA_CLOUD_CREDENTIALS_URI */
  credentialsUri: string | undefined;
  /** ALIBABA_CLOUD_CREDENTIALS_FILE, which the library reads by itself */
  credentialsFile: string | undefined;
};

export function providerChain(settings: ChainSettings): CredentialsProvider {
  let chosen: { what: string; source: Source } | undefined;
  let current: Credentials | undefined;
  let pending: Promise<Credentials> | undefined;

  async function find(): Promise<Credentials> {
    if (chosen !== undefined) {
      try {
        return await read(chosen.source);
      } catch {
        // It may have gone for good, or for a moment: the others have their turn, and it has its own again.
        chosen = undefined;
      }
    }
    const tried = [
      'environment variables (ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET are not both set)',
    ];
    for (const { what, open } of await places(settings)) {
      try {
        const source = open();
        const credentials = await read(source);
        chosen = { what, source };
        return credentials;
      } catch (error) {
        tried.push(`${what} (${reason(error)})`);
      }
    }
    throw new CredentialsMissingError(tried);
  }

  return {
    // The library renews sessions before they end, but once for each caller; here all who ask meanwhile share one answer.
    get() {
      pending ??= find()
        .then((credentials) => {
          current = credentials;
          return credentials;
        })
        .finally(() => {
          pending = undefined;
        });
      return pending;
    },
    renew(expired) {
      // Calls that were under way with the old ones may report them after others have fetched new ones.
      if (current?.accessKeyId === expired.accessKeyId && current.securityToken === expired.securityToken)
        chosen = undefined;
    },
    source: () => chosen?.what,
  };
}

/** What is set up on purpose comes before what a machine offers by itself. */
async function places({ profile, credentialsUri, credentialsFile }: ChainSettings): Promise<Place[]> {
  const library = await import('./alicloud-credentials.js');
  const shown = profile === undefined ? '' : ` "${profile}"`;
  return [
    { what: 'OIDC role', open: () => library.OIDCRoleArnCredentialsProvider.builder().build() },
    {
      what: `profile${shown} of the aliyun CLI`,
      open() {
        mustBeFile(join(homedir(), '.aliyun', 'config.json'));
        return withProfile(library.CLIProfileCredentialsProvider.builder(), profile);
      },
    },
    {
      what: `profile${shown} of the credentials file`,
      open() {
        mustBeFile(credentialsFile ?? join(homedir(), '.alibabacloud', 'credentials'));
        return withProfile(library.ProfileCredentialsProvider.builder(), profile);
      },
    },
    { what: 'credentials URI', open: () => uriProvider(library.URICredentialsProvider.builder(), credentialsUri) },
    { what: 'RAM role of this ECS instance', open: () => library.ECSRAMRoleCredentialsProvider.builder().build() },
  ];
}

/** Reading from a pipe that nobody writes to would never end, and keep the process from leaving. */
function mustBeFile(path: string): void {
  if (!statSync(path).isFile()) throw new Error(NO_FILE);
}
const NO_FILE = 'not a regular file';

function withProfile<Built>(
  builder: { withProfileName(name: string): { build(): Built }; build(): Built },
  profile: string | undefined,
): Built {
  return profile === undefined ? builder.build() : builder.withProfileName(profile).build();
}

function uriProvider(
  builder: { withCredentialsURI(uri: string): { build(): Source } },
  uri: string | undefined,
): Source {
  if (uri === undefined) throw new Error('ALIBABA_CLOUD_CREDENTIALS_URI is null.');
  return builder.withCredentialsURI(uri).build();
}

async function read(source: Source): Promise<Credentials> {
  const { accessKeyId, accessKeySecret, securityToken } = await source.getCredentials();
  if (!accessKeyId || !accessKeySecret) throw new Error('incomplete');
  return { accessKeyId, accessKeySecret, securityToken: securityToken || undefined };
}

/** The library's messages can hold whole files and answers, secrets included: only what is known to be harmless is told. */
function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  if (message === NO_FILE) return message;
  if (/is null\.?$/.test(message)) return 'not set up';
  if (/disabled/.test(message)) return 'switched off';
  if (/^reading aliyun cli config|ENOENT/.test(message)) return 'no such file';
  if (/unable to get profile|find credential type/i.test(message)) return 'no such profile in it';
  if (/timeout/i.test(message)) return 'no answer';
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return code === undefined ? 'found, but not usable' : code;
}
