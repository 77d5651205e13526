/** STS: who the caller is. Source: help page of GetCallerIdentity. */
import type { Answer } from './parameters.js';
import type { Actions } from './state.js';
import type { Key } from './verify-signature.js';

const ACCOUNT_ID = '1000000000000001';
const USER_ID = '200000000000000002';
const ROLE_ID = '300000000000000003';

export const IDENTITY_ACTIONS: Actions = {
  GetCallerIdentity: (_parameters, caller) => ({ AccountId: ACCOUNT_ID, ...principalOf(caller) }),
};

/** Temporary credentials belong to a role, others to a RAM user. */
function principalOf({ securityToken }: Key): Answer {
  if (securityToken === undefined) {
    return {
      IdentityType: 'RAMUser',
      UserId: USER_ID,
      PrincipalId: USER_ID,
      Arn: `acs:ram::${ACCOUNT_ID}:user/sandbox-user`,
    };
  }
  return {
    IdentityType: 'AssumedRoleUser',
    RoleId: ROLE_ID,
    PrincipalId: `${ROLE_ID}:sandbox-session`,
    Arn: `acs:ram::${ACCOUNT_ID}:assumed-role/sandbox-role/sandbox-session`,
  };
}
