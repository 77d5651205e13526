/** A real OpenVPN, where this machine has one. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Authority } from '../../src/sandbox/authority.js';
import { SERVER } from './client.js';

const DAY = 86_400_000;
/** For a machine that is busy. */
const MAX_MS = 100_000;

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
    const { stdout, error } = spawnSync('openvpn', args, { encoding: 'utf8', timeout: MAX_MS });
    if (error !== undefined) throw error;
    return stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export type OpenVpn = {
  /** @returns the port of a server that takes the certificates of this authority, but for those that it revoked */
  startServer(authority: Authority): Promise<number>;
  /** @returns what a client with the saved file said until it was connected, or a server would not have it, or it gave up */
  connect(saved: string, port: number): Promise<string>;
  /** What all of them said. */
  said(): string;
  stop(): Promise<void>;
};

/** Debian's openvpn as server and client on loopback, without a device or a privilege. */
export function openVpnIn(folder: string): OpenVpn {
  const children: ChildProcess[] = [];
  let said = '';
  return {
    startServer,
    connect,
    said: () => said,
    async stop() {
      await Promise.all(
        children.splice(0).map(async (child) => {
          if (child.exitCode !== null || child.signalCode !== null) return;
          child.kill('SIGKILL');
          await once(child, 'exit');
        }),
      );
    },
  };

  /** Resolves once that is enough, or with what there was of it after MAX_MS. */
  function run(args: string[], enough: (output: string) => boolean): Promise<string> {
    const child = spawn('openvpn', args, { cwd: folder });
    children.push(child);
    return new Promise((resolve) => {
      let output = '';
      const end = Date.now() + MAX_MS;
      const look = setInterval(() => {
        if (!enough(output) && Date.now() < end) return;
        clearInterval(look);
        resolve(output);
      }, 20);
      const read = (chunk: Buffer): void => {
        output += chunk.toString();
        said += chunk.toString();
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
    });
  }

  async function startServer(authority: Authority): Promise<number> {
    const port = await freeUdpPort();
    const pem = await authority.issue(
      SERVER,
      { commonName: 'server', notBefore: Date.now() - DAY, notAfter: Date.now() + DAY },
      'server',
    );
    const write = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const output = await run(
      [
        '--tls-server',
        '--dev',
        'null',
        '--local',
        '127.0.0.1',
        '--port',
        String(port),
        '--proto',
        'udp',
        '--dh',
        'none',
        '--keepalive',
        '5',
        '20',
        '--ca',
        write('ca.crt', pem.caCert),
        '--cert',
        write('server.crt', pem.cert),
        '--key',
        write('server.key', pem.key),
        '--crl-verify',
        write('revoked.pem', await authority.revocationList(SERVER)),
      ],
      (output) => /link local \(bound\)/.test(output),
    );
    if (!/link local \(bound\)/.test(output)) throw new Error(`OpenVPN did not start: ${output}`);
    return port;
  }

  /**
   * Two lines of the saved file are changed: the address, since the sandbox's are of a range kept for documentation, and
   * "client", which asks for an address in the tunnel too: only a server with a device can give one.
   */
  function connect(saved: string, port: number): Promise<string> {
    const config = join(folder, 'client.ovpn');
    writeFileSync(config, saved.replace(/^remote .*$/m, `remote 127.0.0.1 ${port}`).replace(/^client$/m, 'tls-client'));
    return run(
      [
        '--config',
        config,
        '--dev',
        'null',

        '--ifconfig-noexec',
        '--route-noexec',
        '--connect-retry',
        '1',
        '--connect-retry-max',
        '1',
        '--hand-window',
        '60',
      ],
      (output) =>
        /Initialization Sequence Completed|TLS Error|process exiting|SIGTERM|fatal/i.test(output) ||
        /VERIFY ERROR/.test(said),
    );
  }
}

/** Of those that the system gives to nobody by itself. */
async function freeUdpPort(): Promise<number> {
  for (;;) {
    const port = 10_000 + randomInt(20_000);
    const socket = createSocket('udp4');
    socket.bind(port, '127.0.0.1');
    const isFree = await once(socket, 'listening').then(
      () => true,
      () => false,
    );
    socket.close();
    if (isFree) return port;
  }
}
