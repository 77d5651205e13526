/** The bin: reads the command line, then imports only what that mode needs. */
import { type Command, helpText, readCommand } from './cli.js';
import { visible } from './errors/external-text.js';
import { createLog, type Log } from './log.js';
import { openDesk } from './mcp/desk.js';
import type { FirstAnswers } from './mcp/first-answers.js';
import { openStdio } from './mcp/stdio.js';
import { UsageError } from './settings.js';
import { filterTools } from './tools/tool-filter.js';
import { VERSION } from './version.js';

/** Put in by the build, which has the SDK work them out. */
declare const FIRST_ANSWERS: FirstAnswers;

async function run(command: Command): Promise<void> {
  switch (command.name) {
    case 'help':
      process.stdout.write(helpText(VERSION));
      return;
    case 'version':
      process.stdout.write(`${VERSION}\n`);
      return;
    case 'serve':
      return serve(command);
    case 'doctor':
      process.exitCode = await (await import('./commands/doctor.js')).runDoctor(command);
      return;
    case 'sandbox':
      return (await import('./commands/sandbox.js')).runSandbox(command.port);
  }
}

function serve({ settings, sandbox }: Command & { name: 'serve' }): void {
  const log = createLog(settings.logLevel, (line) => process.stderr.write(line));
  takeOverMessages(log);
  const listed = filterTools(FIRST_ANSWERS.tools, settings);
  openDesk(
    {
      answers: FIRST_ANSWERS,
      listed,
      async openEngine(stdio, prologue) {
        const { serveStdio } = await import('./commands/serve.js');
        return serveStdio({ settings, sandbox, listed, log }, stdio, prologue);
      },
      ready: ({ name, version }) => log.info('ready', { version: VERSION, client: visible(`${name} ${version}`, 128) }),
      leave: () => process.stdout.write('', () => process.exit(0)),
    },
    (receiver) => openStdio(process.stdin, process.stdout, receiver),
  );
}

/** What Node prints by itself is not of the form that the log promises. */
function takeOverMessages(log: Log): void {
  // A client that reads no log must not end the server by that.
  process.stderr.on('error', () => {});
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => log.warn('node', { name, message }));
  process.on('uncaughtException', (error) => {
    log.error('defect', { stack: error.stack });
    process.exit(1);
  });
}

async function main(): Promise<void> {
  try {
    await run(readCommand(process.argv.slice(2), process.env));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}

void main();
