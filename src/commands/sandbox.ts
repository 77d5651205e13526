/** The sandbox cloud alone, so that any client or SDK can be pointed at it. */
import { SERVERS } from '../sandbox/fixtures.js';
import { openSandbox, SANDBOX_KEY } from '../sandbox/http.js';

/** @param port 0 takes any free one */
export async function runSandbox(port: number): Promise<void> {
  const sandbox = await openSandbox({ port }).catch((error: NodeJS.ErrnoException) => {
    process.stderr.write(`--port: ${port} cannot be used (${error.code}); accepted: a free port, or 0 for any\n`);
    process.exitCode = 2;
  });
  if (sandbox === undefined) return;
  process.stdout.write(
    [
      '# Sandbox of the VPC API; ends with Ctrl-C. Any client of the API can use it with these settings:',
      `ALIBABA_CLOUD_VPC_ENDPOINT=${sandbox.url}`,
      `ALIBABA_CLOUD_ACCESS_KEY_ID=${SANDBOX_KEY.accessKeyId}`,
      `ALIBABA_CLOUD_ACCESS_KEY_SECRET=${SANDBOX_KEY.accessKeySecret}`,
      '# SSL-VPN servers:',
      ...SERVERS.map((server) => `# ${server.RegionId.padEnd(16)} ${server.SslVpnServerId.padEnd(24)} ${server.Name}`),
      '',
    ].join('\n'),
  );
}
