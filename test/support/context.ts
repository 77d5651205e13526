/** What a tool needs from outside, for tests that call one without a server around it. */
import { createLog } from '../../src/log.js';
import type { ToolContext } from '../../src/tools/tool.js';
import type { VpcClient } from '../../src/vpc/client.js';
import { fixedCredentials } from '../../src/vpc/credentials.js';

export function contextOf(vpc: VpcClient, deadlineMs: number, part: Partial<ToolContext> = {}): ToolContext {
  return {
    vpc,
    credentials: fixedCredentials({ accessKeyId: 'id', accessKeySecret: 'secret' }, 'test'),
    settings: { region: undefined, allowRegions: undefined, allowServers: undefined, outputDir: '/nonexistent' },
    bounds: { deadline: performance.now() + deadlineMs },
    progress: () => {},
    ask: undefined,
    log: createLog('error', () => {}),
    unfinishedBatches: new Map(),
    now: Date.now,
    ...part,
  };
}
