import { randomUUID } from 'node:crypto';
import { z } from 'zod/v3';
import { rowRequest, runBatch, savesConfigs } from './issue/batch.js';
import { report } from './issue/report.js';
import { failedRow, issuedRow, renewedRow } from './issue/rows.js';
import { batchId, certName, regionId, sslVpnServerId } from './parameters.js';
import { nextSteps } from './results.js';
import { defineTool } from './tool.js';

const MAX_NAMES = 500;

export default defineTool({
  name: 'issue_ssl_vpn_client_certs',
  title: 'Issue VPN certificates for many',
  description:
    'Issues one certificate for each name that has none, exactly once, or renews. Repeat with the batch_id of the answer until complete is true; if that was lost, just repeat.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  actions: ['DescribeSslVpnClientCerts', 'CreateSslVpnClientCert', 'DescribeSslVpnClientCert'],
  input: z
    .object({
      region_id: regionId,
      ssl_vpn_server_id: sslVpnServerId,
      names: z
        .array(certName)
        .min(1)
        .max(MAX_NAMES)
        .superRefine((names, context) => {
          const first = new Map<string, number>();
          names.forEach((name, index) => {
            if (first.has(name)) context.addIssue({ code: 'custom', path: [index], message: 'is in the list twice' });
            else first.set(name, index);
          });
        })
        .describe(`1-${MAX_NAMES} different names, e.g. ["zhang.wei"]`),
      batch_id: batchId.optional(),
      save_configs: z
        .enum(['none', 'new', 'all'])
        .describe('.ovpn files to write; new: what this batch issued, e.g. new')
        .optional(),
      renew_within_days: z.number().int().min(0).max(365).describe('Renew what expires by then, e.g. 30').optional(),
    })
    .strict(),
  output: z.object({
    batch_id: z.string(),
    complete: z.boolean(),
    created: z.array(issuedRow),
    already_existed: z.array(issuedRow),
    renewed: z.array(renewedRow).optional(),
    failed: z.array(failedRow),
    remaining: z.array(z.string()),
    unsaved: z.array(z.string()).optional(),
    folder: z.string().optional(),
    index: z.string().optional(),
    index_error: z.string().optional(),
    stopped_by: z.record(z.unknown()).optional(),
    next_steps: nextSteps,
  }),
  preview: (args) => ({
    request: rowRequest(args, args.batch_id ?? randomUUID(), args.names[0] ?? ''),
    ...(savesConfigs(args) && { followedBy: ['DescribeSslVpnClientCert'] }),
  }),
  async run(args, context) {
    const { batchId: id, rows } = await runBatch(args, context);
    return report(id, rows, savesConfigs(args), context);
  },
});
