/** Parts of results that several tools share. */
import { z } from 'zod';

export const certificateRef = z.object({
  ssl_vpn_client_cert_id: z.string(),
  name: z.string(),
  region_id: z.string(),
  ssl_vpn_server_id: z.string(),
});

export const nextSteps = z.array(z.string());
