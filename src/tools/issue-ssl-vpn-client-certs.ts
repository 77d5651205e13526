import { randomUUID } from 'node:crypto';
import { z } from 'zod/v3';
import { rowRequest, runBatch } from './issue/batch.js';
import { report } from './issue/report.js';
import { failedRow, issuedRow } from './issue/rows.js';
import { batchId, certName, regionId, sslVpnServerId } from './parameters.js';
import { nextSteps } from './results.js';
import { defineTool } from './tool.js';

const MAX_NAMES = 500;

export default defineTool({
  name: 'issue_ssl_vpn_client_certs',
  title: 'Issue VPN certificates for many',
  description:
    'Issues one certificate per name, each exactly once: repeat with the same arguments and batch_id until complete is true. Names that exist are left alone.',
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
      save_configs: z.boolean().describe('Write the .ovpn files and an index.csv too, e.g. true').optional(),
    })
    .strict(),
  output: z.object({
    batch_id: z.string(),
    complete: z.boolean(),
    created: z.array(issuedRow),
    already_existed: z.array(issuedRow),
    failed: z.array(failedRow),
    remaining: z.array(z.string()),
    unsaved: z.array(z.string()).optional(),
    index: z.string().optional(),
    index_error: z.string().optional(),
    stopped_by: z.record(z.unknown()).optional(),
    next_steps: nextSteps,
  }),
  preview: (args) => ({
    request: rowRequest(args, args.batch_id ?? randomUUID(), args.names[0] ?? ''),
    ...(args.save_configs && { followedBy: ['DescribeSslVpnClientCert'] }),
  }),
  async run(args, context) {
    const { batchId: id, rows } = await runBatch(args, context);
    return report(id, rows, args.save_configs ?? false, context);
  },
});
