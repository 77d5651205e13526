#!/usr/bin/env node
/** The bin: reads the command line, then imports only what that mode needs. */
import { type Command, helpText, readCommand, UsageError } from './settings.js';
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
      return (await import('./commands/serve.js')).serve(command.settings, command.sandbox);
    case 'doctor': {
      const { runDoctor } = await import('./commands/doctor.js');
      process.exitCode = await runDoctor(command.settings, { sandbox: command.sandbox, json: command.json });
      return;
    }
    case 'sandbox':
      return (await import('./commands/sandbox.js')).runSandbox(command.port);
  }
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
