import type { CallFacts } from '../errors/errors.js';
import { read } from '../errors/steps.js';
import { nearest } from '../nearest.js';
import { otherRegionSteps, regionWhere } from '../tools/elsewhere.js';
import type { ToolContext } from '../tools/tool.js';
import { clientCerts } from '../vpc/actions.js';
import { type Finding, MAX_SHOWN } from './finding.js';

/** Certificates of the region with a similar id, and the region that has one with this id. */
export async function unknownCertificate({ regionId, parameters }: CallFacts, context: ToolContext): Promise<Finding> {
  const { vpc, budget } = context;
  const id = parameters.SslVpnClientCertId ?? '';
  const [here, region] = await Promise.all([
    vpc.list(clientCerts(regionId, {}), budget).catch(() => []),
    regionWhere(regionId, context, async (other, share) => {
      const found = await vpc.list(clientCerts(other, { SslVpnClientCertId: id }), share);
      return found.some((cert) => cert.SslVpnClientCertId === id);
    }),
  ]);
  const near = nearest(
    id,
    here.map((cert) => cert.SslVpnClientCertId),
    MAX_SHOWN,
  );
  const certificates = near
    .flatMap((nearId) => here.filter((cert) => cert.SslVpnClientCertId === nearId))
    .map((cert) => ({ ssl_vpn_client_cert_id: cert.SslVpnClientCertId, name: cert.Name }));
  const compare = read('Compare the id with facts.certificates, the likeliest first.');
  return {
    facts: {
      certificates_in_region: here.length,
      ...(certificates.length > 0 && { certificates }),
      ...(region !== undefined && { found_in_region: region }),
    },
    steps:
      region !== undefined
        ? otherRegionSteps('certificate', region, certificates.length > 0 ? 'certificates' : undefined)
        : certificates.length > 0
          ? [compare]
          : [],
  };
}
