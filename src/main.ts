/** Reads the command line, and serves; what other modes and calls need is imported with them. */
import { serve } from './commands/serve.js';
import { type Command, helpText, isUsageError, readCommand } from './settings.js';
import { VERSION } from './version.js';

async function run(command: Command): Promise<void> {
  switch (command.name) {
    case 'help':
      process.stdout.write(helpText(VERSION));
      return;
    case 'version':
      process.stdout.write(`${VERSION}\n`);
      return;
    case 'serve':
      return serve(command.settings, command.sandbox);
    case 'doctor': {
      const { runDoctor } = await import('./later.js');
      process.exitCode = await runDoctor(command.settings, { sandbox: command.sandbox, json: command.json });
      return;
    }
    case 'sandbox':
      return (await import('./later.js')).runSandbox(command.port);
  }
}

async function main(): Promise<void> {
  try {
    await run(readCommand(process.argv.slice(2), process.env));
  } catch (error) {
    if (!isUsageError(error)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}

void main();
