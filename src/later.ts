/** Everything that a client does not wait for at the start: the build makes a file of its own of it, loaded on first use. */
export { createAuditLog } from './audit.js';
export { createCaller } from './call.js';
export { runDoctor } from './commands/doctor.js';
export { runSandbox } from './commands/sandbox.js';
export { createRuntime } from './runtime.js';
export { openSandbox } from './sandbox/http.js';
