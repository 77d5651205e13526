/** The bin: reads the command line, then imports only what that mode needs. */
import { type Command, helpText, readCommand } from './cli.js';
import { visible } from './errors/external-text.js';
import { openDesk } from './mcp/desk.js';
import { type BuiltIn, unfolded } from './mcp/first-answers.js';
import { filterPrompts } from './mcp/prompt-filter.js';
import { MAX_LEAVE_MS, openStdio } from './mcp/stdio.js';
import { createSecrets } from './secrets.js';
import { UsageError } from './settings.js';
import { takeStderr } from './stderr.js';
import { filterTools } from './tools/tool-filter.js';
import { VERSION } from './version.js';

/** Put in by the build, which has the SDK work them out. */
declare const FIRST_ANSWERS: BuiltIn;

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
    case 'http': {
      const { settings, http, sandbox } = command;
      const tools = filterTools(FIRST_ANSWERS.tools, settings);
      const { prompts } = FIRST_ANSWERS;
      return (await import('./commands/http.js')).runHttp({ settings, http, sandbox, tools, prompts });
    }
    case 'explore': {
      const tools = filterTools(FIRST_ANSWERS.tools, command.settings);
      const { prompts } = FIRST_ANSWERS;
      return (await import('./commands/explore.js')).runExplore({ ...command, tools, prompts });
    }
    case 'sandbox':
      return (await import('./commands/sandbox.js')).runSandbox(command.port);
  }
}

function serve({ settings, sandbox }: Command & { name: 'serve' }): void {
  const secrets = createSecrets(settings.credentials);
  const log = takeStderr(settings.logLevel, secrets);
  process.on('uncaughtException', (error) => {
    log.error('defect', { stack: error.stack });
    process.exit(1);
  });
  // A person, who would wait for something to happen.
  if (process.stdin.isTTY) log.info('waiting for an MCP client on stdin; --help lists the commands for people');
  const tools = filterTools(FIRST_ANSWERS.tools, settings);
  const listed = { tools, prompts: filterPrompts(FIRST_ANSWERS.prompts, tools) };
  openDesk(
    {
      answers: unfolded(FIRST_ANSWERS),
      listed,
      async openEngine(stdio, prologue) {
        const { serveStdio } = await import('./commands/serve.js');
        return serveStdio({ settings, sandbox, listed, log, secrets }, stdio, prologue);
      },
      ready: ({ name, version }) => log.info('ready', { version: VERSION, client: visible(`${name} ${version}`, 128) }),
      leave() {
        setTimeout(() => process.exit(0), MAX_LEAVE_MS);
        process.stdout.write('', () => process.exit(0));
      },
    },
    (receiver) => openStdio(process.stdin, process.stdout, receiver),
  );
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
