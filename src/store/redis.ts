/** Redis 6.2 or later, or Valkey. */
import { Redis } from 'ioredis';
import { StoreDownError } from '../errors/errors.js';
import type { Log } from '../log.js';
import type { Store } from './store.js';

/** What is kept in memory next to the replicas answers in a millisecond. */
const COMMAND_MS = 1_000;
const CONNECT_MS = 2_000;
/** A connection on which nothing comes back for so long is given up. */
const SOCKET_MS = 3 * COMMAND_MS;
const MAX_RECONNECT_MS = 1_000;
const PREFIX = 'ssl-vpn-mcp:';
/** Nothing is kept there: taking it shows that the server answers, knows the command, lets us in and may be written to. */
const PROBE = 'probe';

/**
 * @param url redis:// or rediss://, with user, password and number of the database where they are needed
 * @throws Error where it cannot be used now; its message is a code or a sentence of the server
 */
export async function openRedisStore(url: string, log: Log): Promise<Store> {
  const redis = new Redis(url, {
    lazyConnect: true,
    keyPrefix: PREFIX,
    protocol: 2,
    commandTimeout: COMMAND_MS,
    connectTimeout: CONNECT_MS,
    socketTimeout: SOCKET_MS,
    // Whoever asks is answered now. A command whose answer was lost is not sent again: it may have taken something.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (times) => Math.min(100 * times, MAX_RECONNECT_MS),
    // It was made a replica of another, whose address the name stands for by now.
    reconnectOnError: ({ message }) => message.startsWith('READONLY'),
  });
  let problem = '';
  redis.on('error', (error) => {
    problem = codeOf(error);
  });
  try {
    await redis.connect();
    await redis.getdel(PROBE);
  } catch (error) {
    redis.disconnect();
    throw new Error(problem || codeOf(error));
  }
  let down = false;
  redis.on('close', () => {
    if (!down) log.error('store not reached', { why: problem || NO_ANSWER });
    down = true;
  });
  redis.on('ready', () => {
    if (down) log.info('store reached again');
    [down, problem] = [false, ''];
  });

  const within = async <T>(command: Promise<T>): Promise<T> => {
    try {
      return await command;
    } catch (error) {
      log.debug('store failed', { why: codeOf(error) });
      throw new StoreDownError();
    }
  };
  return {
    put: async (key, value, ttlMs) => void (await within(redis.set(key, value, 'PX', ttlMs))),
    get: async (key) => (await within(redis.get(key))) ?? undefined,
    take: async (key) => (await within(redis.getdel(key))) ?? undefined,
    async once(key, make, ttlMs) {
      const own = make();
      if ((await within(redis.set(key, own, 'PX', ttlMs, 'NX'))) !== null) return own;
      // It may have ended in between, which is as if this one had come later.
      return (await within(redis.get(key))) ?? own;
    },
    add: async (key, member, ttlMs) =>
      void (await within(Promise.all([redis.sadd(key, member), redis.pexpire(key, ttlMs)]))),
    members: async (key) => new Set(await within(redis.smembers(key))),
    isReady: () =>
      redis.getdel(PROBE).then(
        () => true,
        () => false,
      ),
  };
}

/** E.g. ECONNREFUSED, or what the server says, such as "WRONGPASS invalid username-password pair". */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return NO_ANSWER;
  if ('code' in error && typeof error.code === 'string') return error.code;
  // What the client says of its own state helps nobody.
  return error.name === 'ReplyError' ? error.message : NO_ANSWER;
}

const NO_ANSWER = 'no answer';
