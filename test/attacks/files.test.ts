/** Files are written below the output folder only, by safe names, and nothing that stands there leads or holds them. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { writeIndex } from '../../src/files/config-index.js';
import { configFileName } from '../../src/files/file-name.js';
import { openFolder, type PrivateFolder } from '../../src/files/private-folder.js';
import { explained, hasModes, isRoot, makePipe, makeSocket, temporaryFolder } from '../files/support.js';

const KEY = '-----BEGIN PRIVATE KEY-----';
const row = { name: 'anna', certificateId: 'vsc-1', path: 'a.ovpn', expiresAt: '2027', fingerprint: 'AA' };
const keep = { overwrite: false };
const replace = { overwrite: true };
let path: string;
let folder: PrivateFolder;

beforeEach(() => {
  path = temporaryFolder();
  folder = openFolder(path);
});

/** Everything that a tool does with files, each of which the attack has to survive. */
const WORK = {
  'a new file': (to: PrivateFolder) => to.write('a.ovpn', KEY, keep),
  'a file that may be replaced': (to: PrivateFolder) => to.write('a.ovpn', KEY, replace),
  'the index': (to: PrivateFolder) => writeIndex(to, [row]),
};

describe.runIf(hasModes)('what stands in the way', () => {
  const obstacles: [string, (at: string) => unknown][] = [
    ['named pipe', makePipe],
    ['socket', makeSocket],
    ['folder', (at) => mkdirSync(at)],
    ['folder', (at) => mkdirSync(join(at, 'full'), { recursive: true })],
  ];
  if (canMakeDevice()) obstacles.push(['device', makeDevice]);

  describe.each(Object.entries(WORK))('of %s', (what, work) => {
    const name = what === 'the index' ? 'index.csv' : 'a.ovpn';

    it.each(obstacles)('a %s is named with the command that moves it away, and stays', async (kind, put) => {
      const at = join(path, name);
      const server = await put(at);
      const { ino } = lstatSync(at);
      const error = await explained(() => work(folder));
      expect(error.code).toBe('Client.FileExists');
      expect(error.message).toBe(`${at}: a ${kind} stands where a file is needed`);
      expect(error.next_steps).toEqual([expect.stringContaining(`\`mv '${at}' '${at}.old'\``)]);
      expect(lstatSync(at).ino).toBe(ino);
      expect(readdirSync(path)).toEqual([name]);
      if (server instanceof Object && 'close' in server && typeof server.close === 'function') server.close();
    });
  });

  it('the command that moves it away does, whatever the path', async () => {
    const odd = join(path, "it's `here` $HOME");
    mkdirSync(odd, { mode: 0o700 });
    makePipe(join(odd, 'a.ovpn'));
    const error = await explained(() => openFolder(odd).write('a.ovpn', KEY, keep));
    const command = /`(mv .*)`, then/.exec(error.next_steps[0] ?? '')?.[1] ?? '';
    execFileSync('sh', ['-c', command]);
    await openFolder(odd).write('a.ovpn', KEY, keep);
    expect(readdirSync(odd).sort()).toEqual(['a.ovpn', 'a.ovpn.old']);
  });

  it('a pipe in place of the folder or a parent of it holds nothing up', async () => {
    makePipe(join(path, 'pipe'));
    for (const bad of [join(path, 'pipe'), join(path, 'pipe', 'sub')]) {
      for (const work of Object.values(WORK)) {
        expect((await explained(() => work(openFolder(bad)))).message).toContain('a named pipe stands');
      }
      await expect(openFolder(bad).check()).rejects.toThrow('a named pipe stands');
    }
  });

  it('a pipe in place of the lock holds nothing up', async () => {
    makePipe(join(path, '.index.csv.lock'));
    expect((await explained(() => writeIndex(folder, [row]))).message).toContain('a named pipe stands');
  });
});

describe('links planted in the folder', () => {
  it('are never followed, to read or to write, by any file', async () => {
    const outside = temporaryFolder();
    const victim = join(outside, 'authorized_keys');
    writeFileSync(victim, 'mine');
    for (const name of ['a.ovpn', 'index.csv', '.index.csv.lock']) symlinkSync(victim, join(path, name));
    await explained(() => folder.write('a.ovpn', KEY, keep));
    await folder.write('a.ovpn', KEY, replace);
    const error = await explained(() => writeIndex(folder, [row]));
    expect(error.message).toContain('a symbolic link stands');
    rmSync(join(path, '.index.csv.lock'));
    expect((await explained(() => writeIndex(folder, [row]))).message).toContain('a symbolic link stands');
    expect(readFileSync(victim, 'utf8')).toBe('mine');
    expect(readdirSync(outside)).toEqual(['authorized_keys']);
    expect(readFileSync(join(path, 'a.ovpn'), 'utf8')).toBe(KEY);
  });

  it('that come and go while it writes get nothing', async () => {
    const outside = temporaryFolder();
    const victim = join(outside, 'victim');
    writeFileSync(victim, 'mine');
    let over = false;
    const attacker = (async () => {
      for (let turn = 0; !over; turn++) {
        symlinkSync(turn % 2 === 0 ? victim : join(outside, 'new'), join(path, 'planted'));
        renameSync(join(path, 'planted'), join(path, turn % 3 === 0 ? 'index.csv' : 'a.ovpn'));
        await new Promise(setImmediate);
      }
    })();
    for (let turn = 0; turn < 30; turn++) {
      for (const work of Object.values(WORK)) await work(folder).catch(() => {});
    }
    over = true;
    await attacker;
    expect(readdirSync(outside)).toEqual(['victim']);
    expect(readFileSync(victim, 'utf8')).toBe('mine');
  });
});

describe.runIf(hasModes)('a folder that is not for its owner alone', () => {
  async function refused(bad: string, why: string, command: string): Promise<void> {
    const before = readdirSync(bad);
    for (const work of [...Object.values(WORK), (to: PrivateFolder) => to.check()]) {
      const error = await explained(() => work(openFolder(bad)));
      expect(error.code).toBe('Client.Refused');
      expect(error.message).toContain(bad);
      expect(error.message).toContain(why);
      expect(error.next_steps).toEqual([expect.stringContaining(`\`${command}\``)]);
    }
    expect(readdirSync(bad)).toEqual(before);
  }

  it.each(['777', '1777', '702'])('of mode %s is refused with the command that mends it', async (mode) => {
    chmodSync(path, mode);
    await refused(path, 'every user of this machine may write to the folder', `chmod 700 '${path}'`);
    execFileSync('chmod', ['700', path]);
    expect(await folder.write('a.ovpn', KEY, keep)).toMatchObject({ status: 'written' });
  });

  it('because a link leads to it is refused too', async () => {
    const target = join(path, 'target');
    mkdirSync(target);
    chmodSync(target, 0o777);
    symlinkSync(target, join(path, 'link'));
    const error = await explained(() => openFolder(join(path, 'link')).write('a.ovpn', KEY, keep));
    expect(error.next_steps).toEqual([expect.stringContaining(`chmod 700 '${target}'`)]);
    expect(readdirSync(target)).toEqual([]);
  });

  it('since a moment ago is refused from then on', async () => {
    await folder.write('a.ovpn', KEY, keep);
    chmodSync(path, 0o777);
    expect((await explained(() => folder.write('b.ovpn', KEY, keep))).code).toBe('Client.Refused');
    expect(readdirSync(path)).toEqual(['a.ovpn']);
  });

  it('because anybody may replace it in its parent is refused, unless the sticky bit forbids that', async () => {
    const mine = join(path, 'between', 'mine');
    mkdirSync(mine, { recursive: true, mode: 0o700 });
    chmodSync(path, 0o777);
    await refused(mine, `may replace what is in ${path}`, `chmod o-w '${path}'`);
    await expect(openFolder(join(path, 'new')).check()).rejects.toThrow(`may replace what is in ${path}`);
    chmodSync(path, 0o1777);
    expect(await openFolder(mine).write('a.ovpn', KEY, keep)).toMatchObject({ status: 'written' });
  });

  it.runIf(isRoot)('but another user’s is refused', async () => {
    chownSync(path, 12_345, 12_345);
    await refused(path, 'belongs to another user (uid 12345)', `sudo chown 0 '${path}'`);
  });
});

describe('what is written', () => {
  it.runIf(hasModes)('can be read by nobody else at any moment, under any umask', async () => {
    const umask = process.umask(0);
    const modes = new Set<number>();
    let over = false;
    const observer = (async () => {
      while (!over) {
        for (const name of readdirSync(path)) {
          const found = lstatSync(join(path, name), { throwIfNoEntry: false });
          if (found !== undefined) modes.add(found.mode & 0o777);
        }
        await new Promise(setImmediate);
      }
    })();
    try {
      for (let turn = 0; turn < 20; turn++) {
        await folder.write('a.ovpn', `${KEY}${turn}`, replace);
        await writeIndex(folder, [row]);
      }
    } finally {
      process.umask(umask);
      over = true;
      await observer;
    }
    expect(modes).toContain(0o600);
    for (const mode of modes) expect(mode & 0o077).toBe(0);
  });

  it('lies directly in the folder, whatever name and id the cloud sends', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc
        .array(fc.constantFrom('..', '/', '\\', '\0', '.', 'x', ':', '~', '%2e', '\u3164', '\u202E'), { maxLength: 8 })
        .map((parts) => parts.join('')),
    );
    const id = fc.oneof(text, fc.stringMatching(/^vsc-[a-z0-9]{1,64}$/));
    const parent = join(path, 'parent');
    const inside = join(parent, 'inside');
    const confined = openFolder(inside);
    await fc.assert(
      fc.asyncProperty(text, id, async (name, certificateId) => {
        let fileName: string;
        try {
          fileName = configFileName(name, certificateId);
        } catch {
          // An id that could not stand in a file name: nothing is written.
          return;
        }
        const file = await confined.write(fileName, KEY, replace);
        expect(dirname(realpathSync(file.path))).toBe(inside);
        expect(statSync(file.path).isFile()).toBe(true);
      }),
      { numRuns: 100 },
    );
    expect(readdirSync(path)).toEqual(['parent']);
    expect(readdirSync(parent)).toEqual(['inside']);
    for (const name of readdirSync(inside)) {
      expect(name).not.toMatch(/[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800/\\]|^[.-]/u);
    }
  });
});

function makeDevice(at: string): void {
  execFileSync('mknod', [at, 'c', '1', '3'], { stdio: 'ignore' });
}

/** Only root may, and not in every container. */
function canMakeDevice(): boolean {
  const at = join(temporaryFolder(), 'device');
  try {
    makeDevice(at);
    return true;
  } catch {
    console.warn('the device in the way is skipped: this machine does not let it make one');
    return false;
  }
}
