/** A real OpenVPN, where this machine has one. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const openvpnInstalled = spawnSync('openvpn', ['--version']).error === undefined;
if (!openvpnInstalled) {
  console.warn(
    'the tests with a real OpenVPN are skipped: there is no openvpn on this machine (apt-get install openvpn)',
  );
}

/**
 * What OpenVPN says about a configuration with which it cannot start, such as that of a client without a CA.
 * @throws Error where it starts all the same
 */
export function refusalOf(config: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'refusal-'));
  try {
    writeFileSync(join(folder, 'client.conf'), config);
    const args = ['--suppress-timestamps', '--config', join(folder, 'client.conf')];
    const { stdout, error } = spawnSync('openvpn', args, { encoding: 'utf8', timeout: 10_000 });
    if (error !== undefined) throw error;
    return stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
