import { ask, fix, read, repeat, type Step, wait } from './steps.js';

/** Every known error code as data. A code that is not here still gets an explanation, from its status and message. */

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
  /** One sentence each, in order. */
  steps: readonly Step[];
  /** Whether the same call can succeed later with nothing done in between. */
  retryable: boolean;
  /** How long the cause usually lasts, where the service does not say it itself with Retry-After. */
  retryAfterSeconds?: number;
  source: keyof typeof SOURCES;
};

/** Where the facts of an entry stand. */
export const SOURCES = {
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
  /** Defined by this server. */
  server: undefined,
} as const;

const PERMISSION_STEPS = [
  ask(
    'Ask the administrator of the Alibaba Cloud account to attach the policy in ram_policy to this RAM user or role in the RAM console.',
    { needs: 'ram_policy' },
  ),
  repeat('Repeat the call once the policy is attached; a new policy takes effect within a minute or two.'),
];
const THROTTLED_STEPS = [
  wait('Wait for the seconds in retry_after_seconds and repeat the call.'),
  fix('Make fewer calls at once.'),
];
const CHECK_KEYS = fix(
  'Check ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET in the configuration of this server.',
);
const DOCTOR = ask(
  'Ask the person to run `alicloud-ssl-vpn-mcp doctor`, which checks settings, credentials, clock and network.',
);
const FRESH_STS = fix(
  'Get fresh temporary credentials: key id, secret and token must come from one and the same answer.',
);
const FIRST_ANSWER = wait('Wait half a minute and repeat the same call: it gets the answer of the first request.');
const REPEAT_LATER = repeat('Repeat the same call in a minute.');
const SUPPORT = fix('If it persists, give request_id to Alibaba Cloud support.');
const REPORT = fix('Report it as a defect of this server with the code and the time of the call.');

export const CATALOGUE: readonly CatalogueEntry[] = [
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
    cause: 'The server holds as many client certificates as its quota allows.',
    steps: [
      read(
        'List the certificates of this server with list_ssl_vpn_client_certs and ask the person which expired or unused ones may be revoked.',
        { unless: 'facts' },
      ),
      fix(
        'Revoke those that the person agrees to with delete_ssl_vpn_client_cert: a revoked certificate cannot be restored, and each revocation disconnects everyone on its server for a moment. Or ask the administrator to raise the quota in the Quota Center.',
      ),
      repeat('Then repeat the call.'),
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
    steps: [wait('Wait two minutes and repeat the same call.')],
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
    steps: [
      repeat("Repeat the call with a name of 2 to 128 letters, digits, '.', '_' or '-' that starts with a letter."),
    ],
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
      'This region has no SSL-VPN client certificate with this id; it may be revoked already or be in another region.',
    steps: [read('Find the certificate with list_ssl_vpn_client_certs and repeat the call with its id and region.')],
    retryable: false,
    source: 'delete',
  },
  {
    code: 'InvalidVpnGatewayInstanceId.NotFound',
    httpStatus: 404,
    category: 'not_found',
    cause: 'This region has no VPN gateway with this id.',
    steps: [fix('Leave vpn_gateway_id out, or take it from the answer of list_ssl_vpn_servers.')],
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
      ),
      fix(
        'Revoke those that the person agrees to with delete_ssl_vpn_client_cert: a revoked certificate cannot be restored, and each revocation disconnects everyone on its server for a moment. Or ask the administrator to raise the quota in the Quota Center.',
      ),
      repeat('Then repeat the call.'),
    ],
    retryable: false,
    source: 'create',
  },
  {
    code: 'SslVpnClientCreateTimes.ReachLimits',
    httpStatus: 400,
    category: 'quota',
    cause:
      'The number of times that client certificates may be created is used up; revoking some does not give times back.',
    steps: [
      ask('Ask the administrator to have the limit raised by Alibaba Cloud support, with request_id.'),
      repeat('Then repeat the call.'),
    ],
    retryable: false,
    source: 'create',
  },
  {
    code: 'VpnTask.CONFLICT',
    httpStatus: 400,
    category: 'conflict',
    cause: 'Another change of the same VPN gateway is running; gateways carry out their changes one at a time.',
    steps: [REPEAT_LATER],
    retryable: true,
    retryAfterSeconds: 60,
    source: 'terraform',
  },
  {
    code: 'VpnConnection.Configuring',
    httpStatus: 400,
    category: 'busy',
    cause:
      'A connection of this VPN gateway is being configured, so the gateway accepts no other change at the moment.',
    steps: [REPEAT_LATER],
    retryable: true,
    retryAfterSeconds: 60,
    source: 'terraform',
  },
  {
    code: 'Appliance.Configuring',
    httpStatus: 400,
    category: 'busy',
    cause:
      'The machine behind this VPN gateway is being configured, so the gateway accepts no other change at the moment.',
    steps: [REPEAT_LATER],
    retryable: true,
    retryAfterSeconds: 60,
    source: 'terraform',
  },
  {
    code: 'IncorrectStatus.VpnGateway',
    httpStatus: 400,
    category: 'busy',
    cause: 'The VPN gateway is in a state in which this operation is not possible.',
    steps: [wait('Wait two minutes and repeat the same call.')],
    retryable: true,
    retryAfterSeconds: 120,
    source: 'terraform',
  },
  {
    code: 'Operation.Blocking',
    httpStatus: 400,
    category: 'busy',
    cause: 'Another operation blocks this one for the moment.',
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
    steps: [fix('Choose another server with list_ssl_vpn_servers.')],
    retryable: false,
    source: 'terraform',
  },
  {
    code: 'InvalidVpnGatewayId.NotFound',
    httpStatus: 404,
    category: 'not_found',
    cause: 'This region has no VPN gateway with this id.',
    steps: [fix('Leave vpn_gateway_id out, or take it from the answer of list_ssl_vpn_servers.')],
    retryable: false,
    source: 'terraform',
  },
  {
    code: 'INSTANCE_NOT_EXISTS',
    httpStatus: 404,
    category: 'not_found',
    cause: 'The VPN gateway of this server no longer exists.',
    steps: [fix('Choose another server with list_ssl_vpn_servers.')],
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
    cause: 'A route of this VPN gateway is being changed, so the gateway accepts no other change at the moment.',
    steps: [REPEAT_LATER],
    retryable: true,
    retryAfterSeconds: 60,
    source: 'terraform',
  },
  {
    code: 'IncorrectStatus',
    httpStatus: 400,
    category: 'busy',
    cause: 'The resource is in a state in which this operation is not possible.',
    steps: [wait('Wait two minutes and repeat the same call.')],
    retryable: true,
    retryAfterSeconds: 120,
    source: 'terraform',
  },
  {
    code: 'OperationConflict',
    httpStatus: 400,
    category: 'conflict',
    cause: 'Another operation on the same resource is running.',
    steps: [REPEAT_LATER],
    retryable: true,
    retryAfterSeconds: 60,
    source: 'terraform',
  },
  {
    code: 'TaskConflict',
    httpStatus: 409,
    category: 'conflict',
    cause: 'A task of the same resource is running; gateways carry out their changes one at a time.',
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
      'This client_token was used before with other parameters, and the service keeps a token to its first request.',
    steps: [
      fix('To repeat that earlier request, give exactly the parameters it had.'),
      fix('To issue another certificate, leave client_token out.', { needs: 'client_token' }),
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
      ask(
        'Ask the administrator to raise the quota in the Quota Center, or revoke certificates that are no longer used.',
      ),
      repeat('Then repeat the call.'),
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
    steps: [repeat('Repeat the call with that argument.')],
    retryable: false,
    source: 'gateway',
  },
  {
    code: 'MissingParam',
    httpStatus: 400,
    category: 'invalid_input',
    cause: 'A required parameter is missing; the message names it.',
    steps: [repeat('Repeat the call with that argument.')],
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
    cause: 'The service does not know a parameter of the call; the message names it.',
    steps: [fix('Leave that argument out and repeat the call.')],
    retryable: false,
    source: 'common',
  },
  {
    code: 'InvalidOwnerAccount',
    httpStatus: 400,
    category: 'invalid_input',
    cause: 'The owner account does not exist or is not the owner of this resource.',
    steps: [fix('Leave owner_account out: it is needed only when acting for another account.')],
    retryable: false,
    source: 'common',
  },
  {
    code: 'InvalidOwnerId',
    httpStatus: 400,
    category: 'invalid_input',
    cause: 'The owner id does not exist or is not the owner of this resource.',
    steps: [fix('Leave owner_account out: it is needed only when acting for another account.')],
    retryable: false,
    source: 'common',
  },
  {
    code: 'InvalidParameter.Format',
    httpStatus: 400,
    category: 'invalid_input',
    cause: 'The service was asked for an answer in a format other than JSON or XML.',
    steps: [fix('Check that the endpoint in the settings is the one of the VPC API.')],
    retryable: false,
    source: 'common',
  },

  // Permission and account.
  {
    code: 'Forbidden.RAM',
    httpStatus: 403,
    category: 'permission',
    cause: 'The policies of the RAM user or role do not allow this call, or a policy forbids it.',
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
    steps: [fix('Enable the key in the RAM console, or set up this server with another key.')],
    retryable: false,
    source: 'common',
  },
  {
    code: 'Forbidden.RiskControl',
    httpStatus: 403,
    category: 'permission',
    cause: 'The risk control of Alibaba Cloud stopped the operation.',
    steps: [
      ask('Ask the owner of the account to look for a notice in the console and to contact support with request_id.'),
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
    cause: 'This action is not open to this account.',
    steps: [ask('Ask the owner of the account to have the action opened by Alibaba Cloud support.')],
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
      'Alibaba Cloud has no access key with this id: it is mistyped, deleted, or from the other site (China or International).',
    steps: [CHECK_KEYS, DOCTOR],
    retryable: false,
    source: 'sts',
  },
  {
    code: 'InvalidAccessKeyId.Inactive',
    httpStatus: 400,
    category: 'credentials',
    cause: 'The access key exists but is disabled.',
    steps: [fix('Enable the key in the RAM console, or set up this server with another key.')],
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
    steps: [fix('Check for a proxy between this server and the endpoint that removes or rewrites headers.'), DOCTOR],
    retryable: false,
    source: 'signature',
  },
  {
    code: 'InvalidSignatureMethod',
    httpStatus: 400,
    category: 'credentials',
    cause: 'The endpoint does not accept this method of signing.',
    steps: [fix('Check that the endpoint in the settings is the one of the VPC API.'), DOCTOR],
    retryable: false,
    source: 'signature',
  },
  {
    code: 'SignatureNonceUsed',
    httpStatus: 400,
    category: 'service',
    cause: 'The service has seen the nonce of this request before, as happens when a proxy sends a request twice.',
    steps: [repeat('Repeat the same call.')],
    retryable: true,
    source: 'signature',
  },
  {
    code: 'InvalidTimeStamp.Expired',
    httpStatus: 400,
    category: 'credentials',
    cause: "This machine's clock is more than 15 minutes away from that of the service.",
    steps: [fix('Set the clock of this machine, or turn on its time synchronisation.'), repeat('Repeat the call.')],
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
    cause: 'The date of the request is missing or too far from the clock of the service.',
    steps: [fix('Set the clock of this machine, or turn on its time synchronisation.'), repeat('Repeat the call.')],
    retryable: false,
    source: 'common',
  },
  {
    code: 'InvalidSecurityToken.Expired',
    httpStatus: 400,
    category: 'credentials',
    cause: 'The temporary credentials have expired.',
    steps: [FRESH_STS, fix('Set them up in this server and repeat the call.')],
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
    cause: 'The account makes more requests than it may.',
    steps: THROTTLED_STEPS,
    retryable: true,
    retryAfterSeconds: 30,
    source: 'gateway',
  },
  {
    code: 'Throttling.Api',
    httpStatus: 400,
    category: 'throttled',
    cause: 'This action is called more often than it may be.',
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
    steps: [
      fix(
        'Remove --endpoint and ALIBABA_CLOUD_VPC_ENDPOINT from the configuration, so that the endpoint follows the region.',
      ),
      DOCTOR,
    ],
    retryable: false,
    source: 'common',
  },
  {
    code: 'InvalidAction.NotFound',
    httpStatus: 404,
    category: 'service',
    cause: 'The endpoint does not know this action, so it is probably not the endpoint of the VPC API in this region.',
    steps: [
      fix(
        'Remove --endpoint and ALIBABA_CLOUD_VPC_ENDPOINT from the configuration, so that the endpoint follows the region.',
      ),
      DOCTOR,
    ],
    retryable: false,
    source: 'vpc',
  },
  {
    code: 'InvalidProduct.NotFound',
    httpStatus: 404,
    category: 'service',
    cause: 'The endpoint does not serve the VPC API.',
    steps: [
      fix(
        'Remove --endpoint and ALIBABA_CLOUD_VPC_ENDPOINT from the configuration, so that the endpoint follows the region.',
      ),
      DOCTOR,
    ],
    retryable: false,
    source: 'common',
  },
  {
    code: 'InvalidVersion',
    httpStatus: 404,
    category: 'service',
    cause: 'The endpoint does not serve version 2016-04-28 of the API.',
    steps: [fix('Check that the endpoint in the settings is the one of the VPC API.'), DOCTOR],
    retryable: false,
    source: 'common',
  },
  {
    code: 'NoSuchVersion',
    httpStatus: 400,
    category: 'service',
    cause: 'The endpoint does not serve version 2016-04-28 of the API.',
    steps: [fix('Check that the endpoint in the settings is the one of the VPC API.'), DOCTOR],
    retryable: false,
    source: 'gateway',
  },
  {
    code: 'UnsupportedHTTPMethod',
    httpStatus: 403,
    category: 'service',
    cause: 'The endpoint does not accept POST requests, so it is probably not the endpoint of the VPC API.',
    steps: [fix('Check that the endpoint in the settings is the one of the VPC API.'), DOCTOR],
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

  // What arises on this side.
  {
    code: 'Client.InvalidArguments',
    category: 'invalid_input',
    cause: 'The arguments of the call are wrong; nothing was sent.',
    steps: [fix('Correct the arguments named in the message and repeat the call.')],
    retryable: false,
    source: 'server',
  },
  {
    code: 'Client.UnknownTool',
    category: 'invalid_input',
    cause: 'This server has no tool of this name.',
    steps: [fix('Call one of the tools that tools/list names.')],
    retryable: false,
    source: 'server',
  },
  {
    code: 'Client.CredentialsMissing',
    category: 'credentials',
    cause: 'This server was started without Alibaba Cloud credentials, and none were found on this machine.',
    steps: [
      fix(
        'Let the person set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET (with temporary ones ALIBABA_CLOUD_SECURITY_TOKEN too) in the env part of this server in the MCP client and restart it.',
      ),
      fix('Or let them run `aliyun configure`, or start the server on a machine with a RAM role.'),
      fix('To try it without an account, start the server with --sandbox.'),
    ],
    retryable: false,
    source: 'server',
  },
  {
    code: 'Client.Network',
    category: 'network',
    cause: 'The service could not be reached.',
    steps: [fix('Check the network, the proxy settings and the endpoint, then repeat the call.'), DOCTOR],
    retryable: true,
    source: 'server',
  },
  {
    code: 'Client.Timeout',
    category: 'network',
    cause: 'The service did not answer in time.',
    steps: [REPEAT_LATER],
    retryable: true,
    source: 'server',
  },
  {
    code: 'Client.MalformedResponse',
    category: 'service',
    cause:
      'What came back is not an answer of the VPC API: a proxy, a captive portal or a wrong endpoint may have answered in its place, or the answer was cut off.',
    steps: [fix('Check for a proxy or a login page between this server and the endpoint.'), DOCTOR],
    retryable: true,
    source: 'server',
  },
  {
    code: 'Client.Refused',
    category: 'refused',
    cause: 'A rule of this server forbids the call; nothing was changed.',
    steps: [ask('Ask the person who set this server up to change the rule, if the call is wanted.')],
    retryable: false,
    source: 'server',
  },
  {
    code: 'Client.Cancelled',
    category: 'refused',
    cause: 'The call was cancelled.',
    steps: [repeat('Repeat the call if it is still wanted.')],
    retryable: true,
    source: 'server',
  },
  {
    code: 'Client.FileExists',
    category: 'conflict',
    cause: 'A file of this name exists with other contents, and files are not overwritten unasked.',
    steps: [fix('Use the file that is there, or repeat the call with overwrite set to true.')],
    retryable: false,
    source: 'server',
  },
  {
    code: 'Client.Internal',
    category: 'internal',
    cause: 'This server failed in a way that it never should.',
    steps: [REPORT],
    retryable: false,
    source: 'server',
  },
];

const BY_CODE: ReadonlyMap<string, CatalogueEntry> = new Map(CATALOGUE.map((entry) => [entry.code, entry]));

/** The entry of exactly this code. */
export function catalogueEntry(code: string): CatalogueEntry | undefined {
  return BY_CODE.get(code);
}

/** The entry that a code belongs to when it is not listed itself: `Throttling.Foo` to `Throttling`, `MissingSslVpnServerId` to `MissingParameter`. */
export function catalogueFamily(code: string): CatalogueEntry | undefined {
  for (let end = code.lastIndexOf('.'); end > 0; end = code.lastIndexOf('.', end - 1)) {
    const entry = BY_CODE.get(code.slice(0, end));
    if (entry !== undefined) return entry;
  }
  if (/^Missing[A-Z]/.test(code)) return BY_CODE.get('MissingParameter');
  if (/^Invalid[A-Za-z]+\.NotFound$/.test(code)) return BY_CODE.get('ResourceNotFound');
  if (/^Invalid[A-Z]/.test(code)) return BY_CODE.get('InvalidParameter');
  return undefined;
}
