/**
 * The smallest RAM policy that allows a set of actions. Resources as the API reference of each action gives them; where
 * it gives none, the permission cannot be narrowed and the resource is `*`.
 */

export type RamPolicy = {
  Version: '1';
  Statement: { Effect: 'Allow'; Action: string[]; Resource: string[] }[];
};

type Named = { regionId: string; serverId?: string | undefined; certificateId?: string | undefined };

/** The account's number is not known here, so its place is taken by `*`, which in a policy means the account itself. */
const arn = (region: string, resource: string): string => `acs:vpc:${region}:*:${resource}`;

const RESOURCES: Readonly<Record<string, (named: Named) => string[]>> = {
  CreateSslVpnClientCert: ({ regionId, serverId = '*' }) => [
    arn(regionId, 'sslvpnclientcert/*'),
    arn(regionId, `sslvpnserver/${serverId}`),
  ],
  ModifySslVpnClientCert: ({ regionId, certificateId = '*' }) => [arn(regionId, `sslvpnclientcert/${certificateId}`)],
  DeleteSslVpnClientCert: ({ regionId, certificateId = '*' }) => [arn(regionId, `sslvpnclientcert/${certificateId}`)],
  DescribeSslVpnClientCerts: ({ regionId }) => [arn(regionId, 'sslvpnclientcert/*')],
  DescribeSslVpnServers: ({ regionId }) => [arn(regionId, 'sslvpnserver/*')],
};

export function ramPolicy(actions: readonly string[], named: Named): RamPolicy {
  const statements = actions.map((action) => ({
    Effect: 'Allow' as const,
    Action: [ramAction(action)],
    Resource: RESOURCES[action]?.(named) ?? ['*'],
  }));
  return { Version: '1', Statement: statements };
}

export function ramAction(action: string): string {
  return `vpc:${action}`;
}
