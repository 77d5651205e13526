/** A real OpenVPN, where this machine has one. */
import { spawnSync } from 'node:child_process';

export const openvpnInstalled = spawnSync('openvpn', ['--version']).error === undefined;
if (!openvpnInstalled) {
  console.warn(
    'the tests with a real OpenVPN are skipped: there is no openvpn on this machine (apt-get install openvpn)',
  );
}
