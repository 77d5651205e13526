/** What a tool needs from outside, for tests that call one without a server around it. */
import { createBudget } from '../../src/budget.js';
import { explain } from '../../src/errors/explain.js';
import { createLog } from '../../src/log.js';
import { memoryStore } from '../../src/store/memory.js';
import { createBatches } from '../../src/tools/issue/batches.js';
import { createConsents } from '../../src/tools/revoke/consents.js';
import type { ToolContext } from '../../src/tools/tool.js';
import type { VpcClient } from '../../src/vpc/client.js';
import { fixedCredentials } from '../../src/vpc/credentials.js';
import { CENTRAL_REGION } from '../../src/vpc/endpoints.js';
import { createPace } from '../../src/vpc/pace.js';

export function contextOf(vpc: VpcClient, deadlineMs: number, part: Partial<ToolContext> = {}): ToolContext {
  return {
    vpc,
    budget: createBudget(deadlineMs),
    credentials: fixedCredentials({ accessKeyId: 'id', accessKeySecret: 'secret' }, 'test'),
    region: undefined,
    centralRegion: CENTRAL_REGION,
    handOver: undefined,
    recordKey: (_about, work) => work(),
    progress: () => {},
    ask: undefined,
    explain: async (error) => explain(error),
    log: createLog('error', () => {}),
    pace: createPace(),
    batches: createBatches(memoryStore(), () => vpc.now()),
    consents: createConsents(memoryStore()),
    now: () => vpc.now(),
    ...part,
  };
}
