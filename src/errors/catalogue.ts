/** Every known error code as data. A code that is not here still gets an explanation, from its status and message. */
import { ask, fix, read, repeat, type Step, wait } from './steps.js';

export type Category =
  | 'permission'
  | 'quota'
  | 'billing'
  | 'busy'
  | 'invalid_input'
  | 'not_found'
  | 'conflict'
  | 'credentials'
  | 'throttled'
  | 'network'
  | 'service'
  | 'refused'
  | 'internal';

export type CatalogueEntry = {
  code: string;
  /** The status it usually comes with; the Client.* codes have none. */
  httpStatus?: number;
  category: Category;
  /** One or two sentences: what it means. */
  cause: string;
  /** In order. */
  steps: readonly Step[];
  /** Whether the same call can succeed later with nothing done in between. */
  retryable: boolean;
  /** How long the cause usually lasts, where the service does not say it itself with Retry-After. */
  retryAfterSeconds?: number;
  source: keyof typeof SOURCES;
};

/** Where the facts of an entry stand. */
const SOURCES = {
  create:
    'https://www.alibabacloud.com/help/en/vpn/sub-product-ssl-vpn/developer-reference/api-vpc-2016-04-28-createsslvpnclientcert-ssl-vpn',
  modify:
    'https://www.alibabacloud.com/help/en/vpn/sub-product-ssl-vpn/developer-reference/api-vpc-2016-04-28-modifysslvpnclientcert-ssl-vpn',
  delete:
    'https://www.alibabacloud.com/help/en/vpn/sub-product-ssl-vpn/developer-reference/api-vpc-2016-04-28-deletesslvpnclientcert-ssl-vpn',
  vpc: 'https://www.alibabacloud.com/help/en/vpc/developer-reference/api-vpc-2016-04-28-errorcodes',
  gateway: 'https://www.alibabacloud.com/help/en/dns/error-code',
  common: 'https://www.alibabacloud.com/help/en/polardb/client-error-codes',
  signature: 'https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature',
  sts: 'https://www.alibabacloud.com/help/doc-detail/42775.htm',
  /** Codes that the vendor's own Terraform provider tells apart in its resources of VPN gateways. */
  terraform: 'https://github.com/aliyun/terraform-provider-alicloud',
  sslServer:
    'https://www.alibabacloud.com/help/en/vpn/sub-product-ssl-vpn/developer-reference/api-vpc-2016-04-28-createsslvpnserver-ssl-vpn',
  /** Codes of our own. */
  server: undefined,
} as const;

/** Where the facts stand in pages of other products: no help to whoever met the error. */
const ELSEWHERE: ReadonlySet<CatalogueEntry['source']> = new Set(['gateway', 'common', 'terraform']);

/** The page to read on. */
export function pageOn({ source }: Pick<CatalogueEntry, 'source'>): string | undefined {
  return ELSEWHERE.has(source) ? undefined : SOURCES[source];
}

export const PERMISSION_STEPS: readonly Step[] = [
  ask(
    'Ask the administrator of the Alibaba Cloud account to attach the policy in ram_policy to this RAM user or role in the RAM console.',
    { needs: 'ram_policy' },
  ),
  ask(
    'Ask the administrator of the Alibaba Cloud account to allow the call with a policy for this RAM user or role in the RAM console.',
    { unless: 'ram_policy' },
  ),
  repeat('Repeat the call once the policy is attached; it takes effect within a minute or two.'),
];
const REVOKE = fix(
  'Revoke those that the person agrees to with delete_ssl_vpn_client_cert: a revoked certificate cannot be restored, and each revocation briefly disconnects everyone on its server.',
);
const RAISE_QUOTA = ask('If none can be revoked, ask the administrator to raise the quota in the Quota Center.');
const THEN_REPEAT = repeat('Then repeat the call.');
const THROTTLED_STEPS = [
  wait('Wait half a minute, or as long as retry_after_seconds says, and repeat the call.'),
  fix('Make fewer calls at once.'),
];
const CHECK_KEYS = fix(
  'Check ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET in the configuration of this MCP server.',
);
const OTHER_KEY = fix('Enable the key in the RAM console, or configure this MCP server with another key.');
const SET_CLOCK = fix('Set the clock of this machine, or turn on its time synchronization.');
const DOCTOR = ask(
  'Ask the person to run `alicloud-ssl-vpn-mcp doctor`, which checks settings, credentials, clock and network.',
);
const CHECK_ENDPOINT = fix('Check that the endpoint in the settings belongs to the VPC API.');
const FOLLOW_REGION = fix(
  'Remove --endpoint and ALIBABA_CLOUD_VPC_ENDPOINT from the configuration, so that the endpoint follows the region.',
);
const FRESH_STS = fix('Get new temporary credentials; key id, secret and token must all come from the same response.');
const CHOOSE_SERVER = fix('Choose another server with list_ssl_vpn_servers.');
const FIRST_ANSWER = wait(
  'Wait half a minute and repeat the call with the same client token: it gets the answer to the first request.',
);
const REPEAT_LATER = repeat('Repeat the same call in a minute.');
const WAIT_FOR_STATE = wait('Wait two minutes and repeat the same call.');
const SUPPORT = ask('If it persists, contact Alibaba Cloud support with the request id.');
const REPORT = ask('Report it as a bug in this MCP server, with the code and the time of the call.');

/** Codes that the service sends. */
const SERVICE_ENTRIES: readonly CatalogueEntry[] = [
  // The six codes of the reference of CreateSslVpnClientCert; the first is spelt so by the service.
  {
    code: 'Forbbiden.SubUser',
    httpStatus: 403,
    category: 'permission',
    cause:
      'The credentials belong to a RAM user, not to the account itself, and that user is not authorized to do this on this resource.',
    steps: PERMISSION_STEPS,
    retryable: false,
    source: 'create',
  },
  {
    code: 'Forbidden',
    httpStatus: 403,
    category: 'permission',
    cause: 'The credentials are valid, but their owner is not authorized to do this on this resource.',
    steps: PERMISSION_STEPS,
    retryable: false,
    source: 'create',
  },
  {
    code: 'Resource.QuotaFull',
    httpStatus: 400,
    category: 'quota',
    cause: 'The SSL-VPN server holds as many client certificates as its quota allows.',
    steps: [
      read(
        'List the certificates of this server with list_ssl_vpn_client_certs and ask the person which expired or unused ones may be revoked.',
        { unless: 'certificate_count' },
      ),
      REVOKE,
      RAISE_QUOTA,
      THEN_REPEAT,
    ],
    retryable: false,
    source: 'create',
  },
  {
    code: 'VpnGateway.Configuring',
    httpStatus: 400,
    category: 'busy',
    cause:
      'The VPN gateway is being configured and accepts no other change until that is finished, usually within a few minutes.',
    steps: [WAIT_FOR_STATE],
    retryable: true,
    retryAfterSeconds: 120,
    source: 'create',
  },
  {
    code: 'VpnGateway.FinancialLocked',
    httpStatus: 400,
    category: 'billing',
    cause: 'The VPN gateway is locked because a payment is overdue.',
    steps: [
      ask('Ask whoever pays for the account to renew the VPN gateway in the Expenses console.'),
      repeat('Repeat the call after the renewal.'),
    ],
    retryable: false,
    source: 'create',
  },
  {
    code: 'InvalidName',
    httpStatus: 400,
    category: 'invalid_input',
    cause: 'The service does not accept this name.',
    steps: [fix("Repeat the call with a name of 2 to 128 letters, digits, '.', '_' or '-' that starts with a letter.")],
    retryable: false,
    source: 'create',
  },

  // Servers, certificates and gateways.
  {
    code: 'InvalidSslVpnServerId.NotFound',
    httpStatus: 404,
    category: 'not_found',
    cause: 'This region has no SSL-VPN server with this id.',
    steps: [
      read(
        'Find the server with list_ssl_vpn_servers (region_id "all" searches every region) and repeat the call with its id and region.',
        { unless: 'found_in_region' },
      ),
    ],
    retryable: false,
    source: 'create',
  },
  {
    code: 'InvalidSslVpnClientCertId.NotFound',
    httpStatus: 404,
    category: 'not_found',
    cause:
      'This region has no SSL-VPN client certificate with this id; it may already be revoked, or be in another region.',
    steps: [
      read('Find the certificate with list_ssl_vpn_client_certs and repeat the call with its id and region.', {
        unless: 'found_in_region',
      }),
    ],
    retryable: false,
    source: 'delete',
  },
  {
    code: 'InvalidVpnGatewayInstanceId.NotFound',
    httpStatus: 404,
    category: 'not_found',
    cause: 'This region has no VPN gateway with this id.',
    steps: [fix('Leave vpn_gateway_id out, or take it from list_ssl_vpn_servers.')],
    retryable: false,
    source: 'sslServer',
  },
  {
    code: 'CreateSslCertsQuotaFull.QuotaFull',
    httpStatus: 400,
    category: 'quota',
    cause: 'The account or the gateway holds as many client certificates as its quota allows.',
    steps: [
      read(
        'List the certificates with list_ssl_vpn_client_certs and ask the person which expired or unused ones may be revoked.',
        { unless: 'certificate_count' },
      ),
      REVOKE,
      RAISE_QUOTA,
      THEN_REPEAT,
    ],
    retryable: false,
    source: 'create',
  },
  {
    code: 'SslVpnClientCreateTimes.ReachLimits',
    httpStatus: 400,
    category: 'quota',
    cause:
      'The limit on how many times client certificates may be created has been reached; revoking certificates does not reset it.',
    steps: [
      ask('Ask the administrator to have Alibaba Cloud support raise the limit, and to give it the request id.'),
      THEN_REPEAT,
    ],
    retryable: false,
    source: 'create',
  },
  {
    code: 'VpnTask.CONFLICT',
    httpStatus: 400,
    category: 'conflict',
    cause: 'Another change to the same VPN gateway is in progress; a gateway carries out one change at a time.',
    steps: [REPEAT_LATER],
    retryable: true,
    retryAfterSeconds: 60,
    source: 'terraform',
  },
  {
    code: 'VpnConnection.Configuring',
    httpStatus: 400,
    category: 'busy',
    cause: 'A connection of this VPN gateway is being configured, so the gateway accepts no other change for now.',
    steps: [REPEAT_LATER],
    retryable: true,
    retryAfterSeconds: 60,
    source: 'terraform',
  },
  {
    code: 'Appliance.Configuring',
    httpStatus: 400,
    category: 'busy',
    cause: 'The appliance behind this VPN gateway is being configured, so the gateway accepts no other change for now.',
    steps: [REPEAT_LATER],
    retryable: true,
    retryAfterSeconds: 60,
    source: 'terraform',
  },
  {
    code: 'IncorrectStatus.VpnGateway',
    httpStatus: 400,
    category: 'busy',
    cause: 'The VPN gateway is in a state that does not permit this operation.',
    steps: [WAIT_FOR_STATE],
    retryable: true,
    retryAfterSeconds: 120,
    source: 'terraform',
  },
  {
    code: 'Operation.Blocking',
    httpStatus: 400,
    category: 'busy',
    cause: 'Another operation is blocking this one.',
    steps: [REPEAT_LATER],
    retryable: true,
    retryAfterSeconds: 60,
    source: 'terraform',
  },
  {
    code: 'OperationFailed.SslNotSupport',
    httpStatus: 400,
    category: 'conflict',
    cause: 'This VPN gateway does not support SSL-VPN.',
    steps: [CHOOSE_SERVER],
    retryable: false,
    source: 'terraform',
  },
  {
    code: 'InvalidVpnGatewayId.NotFound',
    httpStatus: 404,
    category: 'not_found',
    cause: 'This region has no VPN gateway with this id.',
    steps: [fix('Leave vpn_gateway_id out, or take it from list_ssl_vpn_servers.')],
    retryable: false,
    source: 'terraform',
  },
  {
    code: 'INSTANCE_NOT_EXISTS',
    httpStatus: 404,
    category: 'not_found',
    cause: 'The VPN gateway of this server no longer exists.',
    steps: [CHOOSE_SERVER],
    retryable: false,
    source: 'terraform',
  },
  {
    code: 'InvalidRegionId.NotFound',
    httpStatus: 404,
    category: 'not_found',
    cause: 'Alibaba Cloud has no region with this id, or this account cannot use it.',
    steps: [fix('Take the region id from list_regions and repeat the call.')],
    retryable: false,
    source: 'create',
  },
  {
    code: 'VpnGateway.SslVpnDisabled',
    httpStatus: 400,
    category: 'conflict',
    cause: 'SSL-VPN is not enabled on this VPN gateway.',
    steps: [
      ask(
        'Ask the administrator to enable SSL-VPN on the gateway, or choose another server with list_ssl_vpn_servers.',
      ),
    ],
    retryable: false,
    source: 'sslServer',
  },
  {
    code: 'VpnRouteEntry.Configuring',
    httpStatus: 400,
    category: 'busy',
    cause: 'A route of this VPN gateway is being changed, so the gateway accepts no other change for now.',
    steps: [REPEAT_LATER],
    retryable: true,
    retryAfterSeconds: 60,
    source: 'terraform',
  },
  {
    code: 'IncorrectStatus',
    httpStatus: 400,
    category: 'busy',
    cause: 'The resource is in a state that does not permit this operation.',
    steps: [WAIT_FOR_STATE],
    retryable: true,
    retryAfterSeconds: 120,
    source: 'terraform',
  },
  {
    code: 'OperationConflict',
    httpStatus: 400,
    category: 'conflict',
    cause: 'Another operation on the same resource is in progress.',
    steps: [REPEAT_LATER],
    retryable: true,
    retryAfterSeconds: 60,
    source: 'terraform',
  },
  {
    code: 'TaskConflict',
    httpStatus: 409,
    category: 'conflict',
    cause: 'A task on the same resource is in progress; a gateway carries out one change at a time.',
    steps: [REPEAT_LATER],
    retryable: true,
    retryAfterSeconds: 60,
    source: 'terraform',
  },
  {
    code: 'LastTokenProcessing',
    httpStatus: 400,
    category: 'busy',
    cause: 'An earlier request with the same client token is still being processed.',
    steps: [FIRST_ANSWER],
    retryable: true,
    retryAfterSeconds: 30,
    source: 'terraform',
  },
  {
    code: 'IdempotentParameterMismatch',
    httpStatus: 400,
    category: 'conflict',
    cause:
      'This client token was used before with other parameters, and the service ties a token to its first request.',
    steps: [
      fix('To repeat the earlier request, give exactly the parameters that it had.'),
      fix('To make a new request, repeat the call without a client token.'),
    ],
    retryable: false,
    source: 'terraform',
  },
  {
    code: 'OperationFailed.LastTokenProcessing',
    httpStatus: 400,
    category: 'busy',
    cause: 'An earlier request with the same client token is still being processed.',
    steps: [FIRST_ANSWER],
    retryable: true,
    retryAfterSeconds: 30,
    source: 'terraform',
  },
  {
    code: 'UnsupportedOperation',
    httpStatus: 400,
    category: 'conflict',
    cause: 'The service does not support this operation here, for this resource or region.',
    steps: [fix('Choose another server with list_ssl_vpn_servers, or do it in the VPC console.')],
    retryable: false,
    source: 'gateway',
  },
  {
    code: 'QuotaExceeded',
    httpStatus: 400,
    category: 'quota',
    cause: 'A quota of the account is used up.',
    steps: [
      ask('If it is the quota of client certificates, ask the person which expired or unused ones may be revoked.', {
        unless: 'certificate_count',
      }),
      REVOKE,
      RAISE_QUOTA,
      THEN_REPEAT,
    ],
    retryable: false,
    source: 'sslServer',
  },
  {
    code: 'ResourceNotFound',
    httpStatus: 404,
    category: 'not_found',
    cause: 'The resource named in the call does not exist in this region.',
    steps: [fix('Check id and region with list_ssl_vpn_servers or list_ssl_vpn_client_certs.')],
    retryable: false,
    source: 'vpc',
  },

  // Parameters.
  {
    code: 'MissingParameter',
    httpStatus: 400,
    category: 'invalid_input',
    cause: 'A required parameter is missing; the message names it.',
    steps: [fix('Add that argument and repeat the call.')],
    retryable: false,
    source: 'gateway',
  },
  {
    code: 'MissingParam',
    httpStatus: 400,
    category: 'invalid_input',
    cause: 'A required parameter is missing; the message names it.',
    steps: [fix('Add that argument and repeat the call.')],
    retryable: false,
    source: 'vpc',
  },
  {
    code: 'InvalidParameter',
    httpStatus: 400,
    category: 'invalid_input',
    cause: 'The service does not accept the value of a parameter; the message names it.',
    steps: [fix('Correct that argument and repeat the call.')],
    retryable: false,
    source: 'gateway',
  },
  {
    code: 'IllegalParam',
    httpStatus: 400,
    category: 'invalid_input',
    cause: 'The service does not accept the value of a parameter; the message names it.',
    steps: [fix('Correct that argument and repeat the call.')],
    retryable: false,
    source: 'vpc',
  },
  {
    code: 'UnsupportedParameter',
    httpStatus: 400,
    category: 'invalid_input',
    cause: 'The service does not recognize a parameter of the call; the message names it.',
    steps: [fix('Leave that argument out and repeat the call.')],
    retryable: false,
    source: 'common',
  },
  {
    code: 'InvalidOwnerAccount',
    httpStatus: 400,
    category: 'invalid_input',
    cause: 'The owner account does not exist or is not the owner of this resource.',
    steps: [fix('Leave owner_account out: it is only needed to act for another account.')],
    retryable: false,
    source: 'common',
  },
  {
    code: 'InvalidOwnerId',
    httpStatus: 400,
    category: 'invalid_input',
    cause: 'The owner id does not exist or is not the owner of this resource.',
    steps: [fix('Leave owner_account out: it is only needed to act for another account.')],
    retryable: false,
    source: 'common',
  },
  {
    code: 'InvalidParameter.Format',
    httpStatus: 400,
    category: 'invalid_input',
    cause: 'The service was asked to answer in a format other than JSON or XML.',
    steps: [CHECK_ENDPOINT],
    retryable: false,
    source: 'common',
  },

  // Permission and account.
  {
    code: 'Forbidden.RAM',
    httpStatus: 403,
    category: 'permission',
    cause: 'No policy of the RAM user or role allows this call, or a policy denies it.',
    steps: PERMISSION_STEPS,
    retryable: false,
    source: 'common',
  },
  {
    code: 'NoPermission',
    httpStatus: 403,
    category: 'permission',
    cause: 'The RAM user or role has no permission for this call.',
    steps: PERMISSION_STEPS,
    retryable: false,
    source: 'sts',
  },
  {
    code: 'Forbidden.NotSupportRAM',
    httpStatus: 403,
    category: 'permission',
    cause: 'This action cannot be called by RAM users or roles.',
    steps: [ask('Ask the owner of the account to do it in the VPC console.')],
    retryable: false,
    source: 'common',
  },
  {
    code: 'Forbidden.AccessKeyDisabled',
    httpStatus: 403,
    category: 'credentials',
    cause: 'The access key is disabled.',
    steps: [OTHER_KEY],
    retryable: false,
    source: 'common',
  },
  {
    code: 'Forbidden.RiskControl',
    httpStatus: 403,
    category: 'permission',
    cause: 'Alibaba Cloud blocked the operation as a risk.',
    steps: [
      ask(
        'Ask the owner of the account to look for a notice in the console and to contact support with the request id.',
      ),
    ],
    retryable: false,
    source: 'gateway',
  },
  {
    code: 'Forbidden.UserVerification',
    httpStatus: 403,
    category: 'permission',
    cause: 'The account has not completed real-name verification.',
    steps: [ask('Ask the owner of the account to complete the verification in the console.')],
    retryable: false,
    source: 'gateway',
  },
  {
    code: 'ActionUnauthorized',
    httpStatus: 403,
    category: 'permission',
    cause: 'This action is not enabled for this account.',
    steps: [ask('Ask the owner of the account to have Alibaba Cloud support enable the action.')],
    retryable: false,
    source: 'common',
  },
  {
    code: 'InsufficientBalance',
    httpStatus: 400,
    category: 'billing',
    cause: 'The balance of the account is too low.',
    steps: [ask('Ask whoever pays for the account to top it up, then repeat the call.')],
    retryable: false,
    source: 'common',
  },

  // Credentials and signature.
  {
    code: 'InvalidAccessKeyId.NotFound',
    httpStatus: 404,
    category: 'credentials',
    cause:
      'Alibaba Cloud has no access key with this id: it is mistyped, has been deleted, or belongs to the other site (China or international).',
    steps: [CHECK_KEYS, DOCTOR],
    retryable: false,
    source: 'sts',
  },
  {
    code: 'InvalidAccessKeyId.Inactive',
    httpStatus: 400,
    category: 'credentials',
    cause: 'The access key exists but is disabled.',
    steps: [OTHER_KEY],
    retryable: false,
    source: 'sts',
  },
  {
    code: 'SignatureDoesNotMatch',
    httpStatus: 400,
    category: 'credentials',
    cause: 'The signature does not match the request: almost always, the secret does not belong to the key id.',
    steps: [CHECK_KEYS, DOCTOR],
    retryable: false,
    source: 'signature',
  },
  {
    code: 'IncompleteSignature',
    httpStatus: 400,
    category: 'credentials',
    cause: 'Part of the signature is missing; a proxy that changes headers can cause that.',
    steps: [fix('Check for a proxy between this machine and the endpoint that removes or rewrites headers.'), DOCTOR],
    retryable: false,
    source: 'signature',
  },
  {
    code: 'InvalidSignatureMethod',
    httpStatus: 400,
    category: 'credentials',
    cause: 'The endpoint does not accept this method of signing.',
    steps: [CHECK_ENDPOINT, DOCTOR],
    retryable: false,
    source: 'signature',
  },
  {
    code: 'SignatureNonceUsed',
    httpStatus: 400,
    category: 'service',
    cause: 'The service has seen the nonce of this request before; a proxy that sends requests twice can cause that.',
    steps: [repeat('Repeat the same call.')],
    retryable: true,
    source: 'signature',
  },
  {
    code: 'InvalidTimeStamp.Expired',
    httpStatus: 400,
    category: 'credentials',
    cause: "This machine's clock differs from the service's by more than 15 minutes.",
    steps: [SET_CLOCK, repeat('Repeat the call.')],
    retryable: false,
    source: 'signature',
  },
  {
    code: 'InvalidTimeStamp.Format',
    httpStatus: 400,
    category: 'internal',
    cause: 'The service could not read the date of the request.',
    steps: [REPORT],
    retryable: false,
    source: 'signature',
  },
  {
    code: 'IllegalTimestamp',
    httpStatus: 400,
    category: 'credentials',
    cause: "The date of the request is missing, or too far from the service's clock.",
    steps: [SET_CLOCK, repeat('Repeat the call.')],
    retryable: false,
    source: 'common',
  },
  {
    code: 'InvalidSecurityToken.Expired',
    httpStatus: 400,
    category: 'credentials',
    cause: 'The temporary credentials have expired.',
    steps: [FRESH_STS, fix('Configure this MCP server with them and repeat the call.')],
    retryable: false,
    source: 'sts',
  },
  {
    code: 'InvalidSecurityToken.Malformed',
    httpStatus: 400,
    category: 'credentials',
    cause: 'The security token is damaged: part of it is missing, or it holds white space or quotes.',
    steps: [fix('Check ALIBABA_CLOUD_SECURITY_TOKEN, which must be one line without quotes.'), FRESH_STS],
    retryable: false,
    source: 'sts',
  },
  {
    code: 'InvalidSecurityToken.MismatchWithAccessKey',
    httpStatus: 400,
    category: 'credentials',
    cause: 'The security token belongs to another key id.',
    steps: [FRESH_STS],
    retryable: false,
    source: 'sts',
  },
  {
    code: 'MissingSecurityToken',
    httpStatus: 400,
    category: 'credentials',
    cause: 'The key id is a temporary one, and its security token is missing.',
    steps: [fix('Set ALIBABA_CLOUD_SECURITY_TOKEN to the token that came with the key.'), FRESH_STS],
    retryable: false,
    source: 'sts',
  },

  // The gateway of the API.
  {
    code: 'Throttling',
    httpStatus: 400,
    category: 'throttled',
    cause: 'The service accepts no more requests at this rate.',
    steps: THROTTLED_STEPS,
    retryable: true,
    retryAfterSeconds: 30,
    source: 'gateway',
  },
  {
    code: 'Throttling.User',
    httpStatus: 400,
    category: 'throttled',
    cause: 'The account sends more requests than it is allowed to.',
    steps: THROTTLED_STEPS,
    retryable: true,
    retryAfterSeconds: 30,
    source: 'gateway',
  },
  {
    code: 'Throttling.Api',
    httpStatus: 400,
    category: 'throttled',
    cause: 'This action is called more often than is allowed.',
    steps: THROTTLED_STEPS,
    retryable: true,
    retryAfterSeconds: 30,
    source: 'gateway',
  },
  {
    code: 'Rejected.Throttling',
    httpStatus: 400,
    category: 'throttled',
    cause: 'The service accepts no more requests at this rate.',
    steps: THROTTLED_STEPS,
    retryable: true,
    retryAfterSeconds: 30,
    source: 'terraform',
  },
  {
    code: 'ServiceUnavailable',
    httpStatus: 503,
    category: 'service',
    cause: 'The service is temporarily unavailable.',
    steps: [REPEAT_LATER, SUPPORT],
    retryable: true,
    retryAfterSeconds: 60,
    source: 'gateway',
  },
  {
    code: 'InternalError',
    httpStatus: 500,
    category: 'service',
    cause: 'The service failed while processing the request.',
    steps: [REPEAT_LATER, SUPPORT],
    retryable: true,
    retryAfterSeconds: 60,
    source: 'gateway',
  },
  {
    code: 'InternalFailure',
    httpStatus: 500,
    category: 'service',
    cause: 'The service failed while processing the request.',
    steps: [REPEAT_LATER, SUPPORT],
    retryable: true,
    retryAfterSeconds: 60,
    source: 'common',
  },
  {
    code: 'UnknownError',
    httpStatus: 500,
    category: 'service',
    cause: 'The service failed for a reason that it does not state.',
    steps: [REPEAT_LATER, SUPPORT],
    retryable: true,
    retryAfterSeconds: 60,
    source: 'terraform',
  },
  {
    code: 'InvalidApi.NotFound',
    httpStatus: 404,
    category: 'service',
    cause: 'The endpoint does not know this action, so it is probably not the endpoint of the VPC API in this region.',
    steps: [FOLLOW_REGION, DOCTOR],
    retryable: false,
    source: 'common',
  },
  {
    code: 'InvalidAction.NotFound',
    httpStatus: 404,
    category: 'service',
    cause: 'The endpoint does not know this action, so it is probably not the endpoint of the VPC API in this region.',
    steps: [FOLLOW_REGION, DOCTOR],
    retryable: false,
    source: 'vpc',
  },
  {
    code: 'InvalidProduct.NotFound',
    httpStatus: 404,
    category: 'service',
    cause: 'The endpoint does not serve the VPC API.',
    steps: [FOLLOW_REGION, DOCTOR],
    retryable: false,
    source: 'common',
  },
  {
    code: 'InvalidVersion',
    httpStatus: 404,
    category: 'service',
    cause: 'The endpoint does not serve version 2016-04-28 of the API.',
    steps: [CHECK_ENDPOINT, DOCTOR],
    retryable: false,
    source: 'common',
  },
  {
    code: 'NoSuchVersion',
    httpStatus: 400,
    category: 'service',
    cause: 'The endpoint does not serve version 2016-04-28 of the API.',
    steps: [CHECK_ENDPOINT, DOCTOR],
    retryable: false,
    source: 'gateway',
  },
  {
    code: 'UnsupportedHTTPMethod',
    httpStatus: 403,
    category: 'service',
    cause: 'The endpoint does not accept POST requests, so it is probably not the endpoint of the VPC API.',
    steps: [CHECK_ENDPOINT, DOCTOR],
    retryable: false,
    source: 'common',
  },
  {
    code: 'InvalidProtocol.NeedSsl',
    httpStatus: 404,
    category: 'service',
    cause: 'The endpoint accepts requests over HTTPS only.',
    steps: [fix('Give the endpoint with https:// or as a bare host name.')],
    retryable: false,
    source: 'common',
  },
];

export type OwnCode =
  | 'Client.InvalidArguments'
  | 'Client.UnknownTool'
  | 'Client.CredentialsMissing'
  | 'Client.Network'
  | 'Client.Timeout'
  | 'Client.MalformedResponse'
  | 'Client.Refused'
  | 'Client.Cancelled'
  | 'Client.FileExists'
  | 'Client.Internal';

/** Codes that originate in this program. */
export const OWN_ENTRIES: Readonly<Record<OwnCode, Omit<CatalogueEntry, 'code' | 'httpStatus'>>> = {
  'Client.InvalidArguments': {
    category: 'invalid_input',
    cause: 'Some arguments of the call are wrong; nothing was sent.',
    steps: [fix('Correct the arguments that the message names and repeat the call.')],
    retryable: false,
    source: 'server',
  },
  'Client.UnknownTool': {
    category: 'invalid_input',
    cause: 'There is no tool with this name.',
    steps: [fix('Call one of the tools that tools/list names.')],
    retryable: false,
    source: 'server',
  },
  'Client.CredentialsMissing': {
    category: 'credentials',
    cause: 'This MCP server was started without Alibaba Cloud credentials, and none were found on this machine.',
    steps: [
      fix(
        'Set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET (for temporary credentials ALIBABA_CLOUD_SECURITY_TOKEN too) in the env section of this MCP server in the MCP client, and restart it.',
      ),
      fix('Alternatively, run `aliyun configure`, or start this MCP server on a machine that has a RAM role.'),
      fix('To try it without an account, start this MCP server with --sandbox.'),
    ],
    retryable: false,
    source: 'server',
  },
  'Client.Network': {
    category: 'network',
    cause: 'The service could not be reached.',
    steps: [fix('Check the network, the proxy settings and the endpoint, then repeat the call.'), DOCTOR],
    retryable: true,
    source: 'server',
  },
  'Client.Timeout': {
    category: 'network',
    cause: 'No answer came in time.',
    steps: [REPEAT_LATER],
    retryable: true,
    source: 'server',
  },
  'Client.MalformedResponse': {
    category: 'service',
    cause:
      'What came back is not an answer of the VPC API: a proxy, a captive portal or a wrong endpoint may have answered in its place, or the answer was cut off.',
    steps: [fix('Check for a proxy or a login page between this machine and the endpoint.'), DOCTOR],
    retryable: true,
    source: 'server',
  },
  'Client.Refused': {
    category: 'refused',
    cause: 'A rule of this MCP server forbids the call.',
    steps: [ask('If the call is wanted, ask whoever set this MCP server up to change the rule.')],
    retryable: false,
    source: 'server',
  },
  'Client.Cancelled': {
    category: 'refused',
    cause: 'The call was cancelled.',
    steps: [repeat('Repeat the call if it is still wanted.')],
    retryable: true,
    source: 'server',
  },
  'Client.FileExists': {
    category: 'conflict',
    cause: 'A file with this name exists and has other contents; files are only overwritten on request.',
    steps: [fix('Use the existing file, or repeat the call with overwrite set to true.')],
    retryable: false,
    source: 'server',
  },
  'Client.Internal': {
    category: 'internal',
    cause: 'This MCP server failed in a way that it never should.',
    steps: [REPORT],
    retryable: false,
    source: 'server',
  },
};

export const CATALOGUE: readonly CatalogueEntry[] = [
  ...SERVICE_ENTRIES,
  ...Object.entries(OWN_ENTRIES).map(([code, entry]) => ({ code, ...entry })),
];

const BY_CODE: ReadonlyMap<string, CatalogueEntry> = new Map(SERVICE_ENTRIES.map((entry) => [entry.code, entry]));

/** The entry of a code that the service sent: its own, or that of its family. Never one of ours. */
export function serviceEntry(code: string): CatalogueEntry | undefined {
  return BY_CODE.get(code) ?? serviceFamily(code);
}

/** The entry that a code belongs to if it is not listed itself: `Throttling.Foo` to `Throttling`, `MissingSslVpnServerId` to `MissingParameter`. */
export function serviceFamily(code: string): CatalogueEntry | undefined {
  for (let end = code.lastIndexOf('.'); end > 0; end = code.lastIndexOf('.', end - 1)) {
    const entry = BY_CODE.get(code.slice(0, end));
    if (entry !== undefined) return entry;
  }
  if (/^Missing[A-Z]/.test(code)) return BY_CODE.get('MissingParameter');
  if (/^Invalid[A-Za-z]+\.NotFound$/.test(code)) return BY_CODE.get('ResourceNotFound');
  if (/^Invalid[A-Z]/.test(code)) return BY_CODE.get('InvalidParameter');
  return undefined;
}
