/** What the error catalogue says, in Chinese. The server speaks English; a sentence that stands not here is shown as it is. */

const SENTENCES: Readonly<Record<string, string>> = {
  // Causes.
  'The credentials belong to a RAM user, not to the account itself, and that user is not authorized to do this on this resource.':
    '凭证属于 RAM 用户而非主账号，且该用户无权对此资源执行此操作。',
  'The credentials are valid, but their owner is not authorized to do this on this resource.':
    '凭证有效，但其所有者无权对此资源执行此操作。',
  'The SSL-VPN server holds as many client certificates as its quota allows.':
    '该 SSL-VPN 服务端的客户端证书已达配额上限。',
  'The VPN gateway is being configured and accepts no other change until that is finished, usually within a few minutes.':
    'VPN 网关正在配置中，完成前不接受其他变更，通常需要几分钟。',
  'The VPN gateway is locked because a payment is overdue.': 'VPN 网关因欠费被锁定。',
  'The service does not accept this name.': '服务不接受此名称。',
  'This region has no SSL-VPN server with this id.': '该地域没有此 ID 的 SSL-VPN 服务端。',
  'This region has no SSL-VPN client certificate with this id; it may already be revoked, or be in another region.':
    '该地域没有此 ID 的 SSL-VPN 客户端证书；它可能已被吊销，或在其他地域。',
  'This region has no VPN gateway with this id.': '该地域没有此 ID 的 VPN 网关。',
  'The account or the gateway holds as many client certificates as its quota allows.':
    '账号或网关的客户端证书已达配额上限。',
  'The limit on how many times client certificates may be created has been reached; revoking certificates does not reset it.':
    '创建客户端证书的次数已达上限；吊销证书不会重置该次数。',
  'Another change to the same VPN gateway is in progress; a gateway carries out one change at a time.':
    '同一 VPN 网关正在进行另一项变更；网关一次只执行一项变更。',
  'A connection of this VPN gateway is being configured, so the gateway accepts no other change for now.':
    '该 VPN 网关的连接正在配置中，暂不接受其他变更。',
  'The appliance behind this VPN gateway is being configured, so the gateway accepts no other change for now.':
    '该 VPN 网关的后端设备正在配置中，暂不接受其他变更。',
  'The VPN gateway is in a state that does not permit this operation.': 'VPN 网关当前状态不允许此操作。',
  'Another operation is blocking this one.': '另一项操作阻塞了此操作。',
  'This VPN gateway does not support SSL-VPN.': '此 VPN 网关不支持 SSL-VPN。',
  'The VPN gateway of this server no longer exists.': '该服务端的 VPN 网关已不存在。',
  'Alibaba Cloud has no region with this id, or this account cannot use it.':
    '阿里云没有此 ID 的地域，或此账号不能使用该地域。',
  'SSL-VPN is not enabled on this VPN gateway.': '此 VPN 网关未启用 SSL-VPN。',
  'A route of this VPN gateway is being changed, so the gateway accepts no other change for now.':
    '该 VPN 网关的路由正在变更，暂不接受其他变更。',
  'The resource is in a state that does not permit this operation.': '资源当前状态不允许此操作。',
  'Another operation on the same resource is in progress.': '同一资源上正在进行另一项操作。',
  'A task on the same resource is in progress; a gateway carries out one change at a time.':
    '同一资源上正在执行任务；网关一次只执行一项变更。',
  'An earlier request with the same client token is still being processed.':
    '使用相同幂等 token 的先前请求仍在处理中。',
  'This client token was used before with other parameters, and the service ties a token to its first request.':
    '此幂等 token 曾用于其他参数；服务将 token 与首次请求绑定。',
  'The service does not support this operation here, for this resource or region.':
    '服务不支持在此资源或地域执行此操作。',
  'A quota of the account is used up.': '账号的某项配额已用完。',
  'The resource named in the call does not exist in this region.': '调用所指的资源在该地域不存在。',
  'A required parameter is missing; the message names it.': '缺少必填参数，消息中指明了该参数。',
  'The service does not accept the value of a parameter; the message names it.':
    '服务不接受某个参数的值，消息中指明了该参数。',
  'The service does not recognize a parameter of the call; the message names it.':
    '服务不识别调用中的某个参数，消息中指明了该参数。',
  'The owner account does not exist or is not the owner of this resource.':
    '资源所有者账号不存在，或不是此资源的所有者。',
  'The owner id does not exist or is not the owner of this resource.': '资源所有者 ID 不存在，或不是此资源的所有者。',
  'The service was asked to answer in a format other than JSON or XML.': '请求的响应格式不是 JSON 或 XML。',
  'No policy of the RAM user or role allows this call, or a policy denies it.':
    'RAM 用户或角色的策略未允许此调用，或有策略拒绝了它。',
  'The RAM user or role has no permission for this call.': 'RAM 用户或角色没有此调用的权限。',
  'This action cannot be called by RAM users or roles.': 'RAM 用户或角色不能调用此操作。',
  'The access key is disabled.': '访问密钥已被禁用。',
  'Alibaba Cloud blocked the operation as a risk.': '阿里云因风险控制拦截了此操作。',
  'The account has not completed real-name verification.': '账号尚未完成实名认证。',
  'This action is not enabled for this account.': '此账号未开通该操作。',
  'The balance of the account is too low.': '账号余额不足。',
  'Alibaba Cloud has no access key with this id: it is mistyped, has been deleted, or belongs to the other site (China or international).':
    '阿里云没有此 ID 的访问密钥：可能输入有误、已被删除，或属于另一站点（中国站或国际站）。',
  'The access key exists but is disabled.': '访问密钥存在但已被禁用。',
  'The signature does not match the request: almost always, the secret does not belong to the key id.':
    '签名与请求不符：几乎总是因为密钥与密钥 ID 不匹配。',
  'Part of the signature is missing; a proxy that changes headers can cause that.':
    '签名不完整；改写请求头的代理可能导致此问题。',
  'The endpoint does not accept this method of signing.': '该接入点不接受此签名方法。',
  'The service has seen the nonce of this request before; a proxy that sends requests twice can cause that.':
    '服务已见过此请求的随机数；重复发送请求的代理可能导致此问题。',
  "This machine's clock differs from the service's by more than 15 minutes.": '本机时钟与服务时钟相差超过 15 分钟。',
  'The service could not read the date of the request.': '服务无法识别请求的日期。',
  "The date of the request is missing, or too far from the service's clock.": '请求缺少日期，或与服务时钟相差过大。',
  'The temporary credentials have expired.': '临时凭证已过期。',
  'The security token is damaged: part of it is missing, or it holds white space or quotes.':
    '安全令牌已损坏：不完整，或含有空白或引号。',
  'The security token belongs to another key id.': '安全令牌属于另一个密钥 ID。',
  'The key id is a temporary one, and its security token is missing.': '此密钥 ID 是临时的，但缺少安全令牌。',
  'The service accepts no more requests at this rate.': '请求过快，服务暂不接受更多请求。',
  'The account sends more requests than it is allowed to.': '账号的请求数超出允许范围。',
  'This action is called more often than is allowed.': '此操作的调用频率超出允许范围。',
  'The service is temporarily unavailable.': '服务暂时不可用。',
  'The service failed while processing the request.': '服务在处理请求时出错。',
  'The service failed for a reason that it does not state.': '服务出错，未说明原因。',
  'The endpoint does not know this action, so it is probably not the endpoint of the VPC API in this region.':
    '该接入点不识别此操作，可能不是该地域 VPC API 的接入点。',
  'The endpoint does not serve the VPC API.': '该接入点不提供 VPC API。',
  'The endpoint does not serve version 2016-04-28 of the API.': '该接入点不提供 2016-04-28 版本的 API。',
  'The endpoint does not accept POST requests, so it is probably not the endpoint of the VPC API.':
    '该接入点不接受 POST 请求，可能不是 VPC API 的接入点。',
  'The endpoint accepts requests over HTTPS only.': '该接入点只接受 HTTPS 请求。',
  'Some arguments of the call are wrong; nothing was sent.': '调用的某些参数有误；未发送任何请求。',
  'There is no tool with this name.': '没有此名称的工具。',
  'This MCP server was started without Alibaba Cloud credentials, and none were found on this machine.':
    '此 MCP 服务启动时没有阿里云凭证，本机上也未找到。',
  'The service could not be reached.': '无法连接服务。',
  'No answer came in time.': '未能及时收到响应。',
  'What came back is not an answer of the VPC API: a proxy, a captive portal or a wrong endpoint may have answered in its place, or the answer was cut off.':
    '返回内容不是 VPC API 的响应：可能由代理、登录门户或错误的接入点代为响应，或响应被截断。',
  'A rule of this MCP server forbids the call.': '此 MCP 服务的规则禁止该调用。',
  'The call was cancelled.': '调用已取消。',
  'A file with this name exists and has other contents; files are only overwritten on request.':
    '同名文件已存在且内容不同；仅在要求时才覆盖文件。',
  'This MCP server failed in a way that it never should.': '此 MCP 服务出现了不应有的故障。',

  // What the call changed.
  'Nothing was changed.': '未更改任何内容。',
  'The change was made.': '更改已生效。',
  'The change may have been made: an attempt got no usable answer.': '更改可能已生效：某次尝试未得到可用的响应。',

  // What to do next.
  'Ask the administrator of the Alibaba Cloud account to attach the policy in ram_policy to this RAM user or role in the RAM console.':
    '请阿里云账号管理员在 RAM 控制台将 ram_policy 中的策略授予此 RAM 用户或角色。',
  'Ask the administrator of the Alibaba Cloud account to allow the call with a policy for this RAM user or role in the RAM console.':
    '请阿里云账号管理员在 RAM 控制台为此 RAM 用户或角色添加允许该调用的策略。',
  'Repeat the call once the policy is attached; it takes effect within a minute or two.':
    '授予策略后重试；一两分钟内生效。',
  'List the certificates of this server with list_ssl_vpn_client_certs and ask the person which expired or unused ones may be revoked.':
    '用 list_ssl_vpn_client_certs 列出该服务端的证书，询问哪些过期或不用的可以吊销。',
  'Revoke those that the person agrees to with delete_ssl_vpn_client_cert: a revoked certificate cannot be restored, and each revocation briefly disconnects everyone on its server.':
    '用 delete_ssl_vpn_client_cert 吊销已同意的证书：吊销后无法恢复，且每次吊销都会使该服务端上的所有人短暂断线。',
  'If none can be revoked, ask the administrator to raise the quota in the Quota Center.':
    '如果没有可吊销的，请管理员在配额中心提高配额。',
  'Then repeat the call.': '然后重试。',
  'Wait two minutes and repeat the same call.': '等待两分钟后重试相同的调用。',
  'Ask whoever pays for the account to renew the VPN gateway in the Expenses console.':
    '请账号付费人在费用中心为 VPN 网关续费。',
  'Repeat the call after the renewal.': '续费后重试。',
  "Repeat the call with a name of 2 to 128 letters, digits, '.', '_' or '-' that starts with a letter.":
    '改用 2 至 128 个字符的名称重试：以字母或汉字开头，可含数字、“.”、“_”或“-”。',
  'Find the server with list_ssl_vpn_servers (region_id "all" searches every region) and repeat the call with its id and region.':
    '用 list_ssl_vpn_servers 查找服务端（region_id 为 all 时搜索所有地域），再用其 ID 和地域重试。',
  'Find the certificate with list_ssl_vpn_client_certs and repeat the call with its id and region.':
    '用 list_ssl_vpn_client_certs 查找证书，再用其 ID 和地域重试。',
  'Leave vpn_gateway_id out, or take it from list_ssl_vpn_servers.':
    '不填 vpn_gateway_id，或从 list_ssl_vpn_servers 获取。',
  'List the certificates with list_ssl_vpn_client_certs and ask the person which expired or unused ones may be revoked.':
    '用 list_ssl_vpn_client_certs 列出证书，询问哪些过期或不用的可以吊销。',
  'Ask the administrator to have Alibaba Cloud support raise the limit, and to give it the request id.':
    '请管理员联系阿里云支持提高上限，并提供请求 ID。',
  'Repeat the same call in a minute.': '一分钟后重试相同的调用。',
  'Choose another server with list_ssl_vpn_servers.': '用 list_ssl_vpn_servers 另选一个服务端。',
  'Take the region id from list_regions and repeat the call.': '从 list_regions 获取地域 ID 后重试。',
  'Ask the administrator to enable SSL-VPN on the gateway, or choose another server with list_ssl_vpn_servers.':
    '请管理员在网关上启用 SSL-VPN，或用 list_ssl_vpn_servers 另选服务端。',
  'Wait half a minute and repeat the call with the same client token: it gets the answer to the first request.':
    '等待半分钟后用相同的幂等 token 重试：将得到首次请求的结果。',
  'To repeat the earlier request, give exactly the parameters that it had.':
    '如要重复先前的请求，请使用完全相同的参数。',
  'To make a new request, repeat the call without a client token.': '如要发起新请求，请不带幂等 token 重试。',
  'Choose another server with list_ssl_vpn_servers, or do it in the VPC console.':
    '用 list_ssl_vpn_servers 另选服务端，或在 VPC 控制台操作。',
  'If it is the quota of client certificates, ask the person which expired or unused ones may be revoked.':
    '如果是客户端证书配额，请询问哪些过期或不用的可以吊销。',
  'Check id and region with list_ssl_vpn_servers or list_ssl_vpn_client_certs.':
    '用 list_ssl_vpn_servers 或 list_ssl_vpn_client_certs 核对 ID 和地域。',
  'Add that argument and repeat the call.': '补上该参数后重试。',
  'Correct that argument and repeat the call.': '更正该参数后重试。',
  'Leave that argument out and repeat the call.': '去掉该参数后重试。',
  'Leave owner_account out: it is only needed to act for another account.':
    '不填 owner_account：仅在代其他账号操作时需要。',
  'Check that the endpoint in the settings belongs to the VPC API.': '检查设置中的接入点是否属于 VPC API。',
  'Ask the owner of the account to do it in the VPC console.': '请账号所有者在 VPC 控制台操作。',
  'Enable the key in the RAM console, or configure this MCP server with another key.':
    '在 RAM 控制台启用该密钥，或为此 MCP 服务配置其他密钥。',
  'Ask the owner of the account to look for a notice in the console and to contact support with the request id.':
    '请账号所有者查看控制台通知，并凭请求 ID 联系支持。',
  'Ask the owner of the account to complete the verification in the console.': '请账号所有者在控制台完成认证。',
  'Ask the owner of the account to have Alibaba Cloud support enable the action.':
    '请账号所有者联系阿里云支持开通该操作。',
  'Ask whoever pays for the account to top it up, then repeat the call.': '请账号付费人充值后重试。',
  'Check ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET in the configuration of this MCP server.':
    '检查此 MCP 服务配置中的 ALIBABA_CLOUD_ACCESS_KEY_ID 和 ALIBABA_CLOUD_ACCESS_KEY_SECRET。',
  'Ask the person to run `alicloud-ssl-vpn-mcp doctor`, which checks settings, credentials, clock and network.':
    '运行 `alicloud-ssl-vpn-mcp doctor` 检查设置、凭证、时钟和网络。',
  'Check for a proxy between this machine and the endpoint that removes or rewrites headers.':
    '检查本机与接入点之间是否有删除或改写请求头的代理。',
  'Repeat the same call.': '重试相同的调用。',
  'Set the clock of this machine, or turn on its time synchronization.': '校准本机时钟，或开启时间同步。',
  'Repeat the call.': '重试。',
  'Report it as a bug in this MCP server, with the code and the time of the call.':
    '将此作为 MCP 服务的缺陷上报，并附上错误码和调用时间。',
  'Get new temporary credentials; key id, secret and token must all come from the same response.':
    '获取新的临时凭证；密钥 ID、密钥和令牌必须来自同一响应。',
  'Configure this MCP server with them and repeat the call.': '用它们配置此 MCP 服务后重试。',
  'Check ALIBABA_CLOUD_SECURITY_TOKEN, which must be one line without quotes.':
    '检查 ALIBABA_CLOUD_SECURITY_TOKEN，它必须是不带引号的一行。',
  'Set ALIBABA_CLOUD_SECURITY_TOKEN to the token that came with the key.':
    '将 ALIBABA_CLOUD_SECURITY_TOKEN 设为与密钥一同获得的令牌。',
  'Wait half a minute, or as long as retry_after_seconds says, and repeat the call.':
    '等待半分钟，或按 retry_after_seconds 指示的时间，然后重试。',
  'Make fewer calls at once.': '减少同时进行的调用。',
  'If it persists, contact Alibaba Cloud support with the request id.': '如果持续出现，请凭请求 ID 联系阿里云支持。',
  'Remove --endpoint and ALIBABA_CLOUD_VPC_ENDPOINT from the configuration, so that the endpoint follows the region.':
    '从配置中删除 --endpoint 和 ALIBABA_CLOUD_VPC_ENDPOINT，使接入点随地域确定。',
  'Give the endpoint with https:// or as a bare host name.': '以 https:// 开头或仅用主机名填写接入点。',
  'Correct the arguments that the message names and repeat the call.': '更正消息中指明的参数后重试。',
  'Call one of the tools that tools/list names.': '请调用 tools/list 列出的工具。',
  'Set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET (for temporary credentials ALIBABA_CLOUD_SECURITY_TOKEN too) in the env section of this MCP server in the MCP client, and restart it.':
    '设置 ALIBABA_CLOUD_ACCESS_KEY_ID 和 ALIBABA_CLOUD_ACCESS_KEY_SECRET（临时凭证还需 ALIBABA_CLOUD_SECURITY_TOKEN），然后重启。',
  'Alternatively, run `aliyun configure`, or start this MCP server on a machine that has a RAM role.':
    '或者运行 `aliyun configure`，或在具有 RAM 角色的机器上启动。',
  'To try it without an account, start this MCP server with --sandbox.': '无账号试用请加 --sandbox 启动。',
  'Check the network, the proxy settings and the endpoint, then repeat the call.': '检查网络、代理设置和接入点后重试。',
  'Check for a proxy or a login page between this machine and the endpoint.':
    '检查本机与接入点之间是否有代理或登录页面。',
  'If the call is wanted, ask whoever set this MCP server up to change the rule.':
    '如需此调用，请此 MCP 服务的设置者修改规则。',
  'Repeat the call if it is still wanted.': '如仍需要，请重试。',
  'Use the existing file, or repeat the call with overwrite set to true.':
    '使用现有文件，或将 overwrite 设为 true 后重试。',
};

const EFFECTS = [
  'Nothing was changed.',
  'The change was made.',
  'The change may have been made: an attempt got no usable answer.',
];

/** @param text a cause, a step, or a cause with what the call changed behind it */
export function inChinese(text: string): string {
  const known = SENTENCES[text];
  if (known !== undefined) return known;
  const effect = EFFECTS.find((sentence) => text.endsWith(` ${sentence}`));
  if (effect === undefined) return text;
  const cause = text.slice(0, -effect.length - 1);
  return SENTENCES[cause] === undefined ? text : `${SENTENCES[cause]}${SENTENCES[effect]}`;
}
