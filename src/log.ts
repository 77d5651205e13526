/** Log lines: one JSON object a line on stderr. stdout belongs to the protocol. */

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export type Log = Readonly<Record<LogLevel, (message: string, facts?: Readonly<Record<string, unknown>>) => void>>;

/** Told of every line, those below the level included. */
export type Observe = (message: string, facts?: Readonly<Record<string, unknown>>) => void;

/**
 * @param level what is below it is not written
 * @param clean what every line passes before it is written
 */
export function createLog(
  level: LogLevel,
  write: (line: string) => void,
  clean: <T>(value: T) => T = (value) => value,
  observe?: Observe,
): Log {
  const at =
    (own: LogLevel): Log[LogLevel] =>
    (message, facts) => {
      observe?.(message, facts);
      if (LOG_LEVELS.indexOf(own) < LOG_LEVELS.indexOf(level)) return;
      write(`${JSON.stringify(clean({ time: new Date().toISOString(), level: own, message, ...facts }))}\n`);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
