import { z } from 'zod/v3';
import { isCertificateId } from '../vpc/ids.js';
import { regionId } from './parameters.js';
import { nextSteps } from './results.js';
import { revokeMany } from './revoke/many.js';
import { deletion } from './revoke/one.js';
import { report } from './revoke/report.js';
import { failedRow, revokedRow } from './revoke/rows.js';
import { defineTool } from './tool.js';

/** What a person can read in one question, and what a gateway can carry out while their yes lasts. */
const MAX_IDS = 100;

export default defineTool({
  name: 'revoke_ssl_vpn_client_certs',
  title: 'Revoke VPN certificates',
  description:
    'Revokes several certificates for good after one question; each briefly disconnects all on its server. Repeat until complete is true.',
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  actions: ['DescribeSslVpnClientCerts', 'DeleteSslVpnClientCert'],
  input: z
    .object({
      region_id: regionId,
      ssl_vpn_client_cert_ids: z
        .array(z.string().refine(isCertificateId))
        // Not by min() and max(): the words say it, and the schema costs every user in every conversation.
        .refine((ids) => ids.length >= 1 && ids.length <= MAX_IDS)
        .describe(`1-${MAX_IDS} ids, e.g. ["vsc-m5e"]`),
      confirm_names: z
        .array(z.string())
        .describe('Their names in order (id if none), once agreed, e.g. ["zhang.wei"]')
        .optional(),
    })
    .strict(),
  output: z.object({
    complete: z.boolean(),
    revoked: z.array(revokedRow),
    gone: z.array(z.string()),
    failed: z.array(failedRow),
    remaining: z.array(z.string()),
    asked: z.boolean(),
    stopped_by: z.record(z.unknown()).optional(),
    next_steps: nextSteps,
  }),
  preview: ({ region_id, ssl_vpn_client_cert_ids: [id = ''] }) => ({ request: deletion(region_id, id) }),
  async run(args, context) {
    const { rows, ...consent } = await revokeMany(args, context);
    return report(rows, consent, context);
  },
});
