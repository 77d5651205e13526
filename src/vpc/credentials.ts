/** Who signs. */

export type Credentials = {
  accessKeyId: string;
  accessKeySecret: string;
  /** With temporary credentials only. */
  securityToken?: string | undefined;
};

export type CredentialsProvider = {
  /** @throws CredentialsMissingError naming what was tried */
  get(): Credentials | Promise<Credentials>;
  /** Drops what the service called expired, where this provider can get new ones; others' calls that hold newer ones go on. */
  renew?(expired: Credentials): void;
  /** Where the credentials came from, once known, in words: "environment variables". */
  source(): string | undefined;
};

export function fixedCredentials(credentials: Credentials, source: string): CredentialsProvider {
  return { get: () => credentials, source: () => source };
}
