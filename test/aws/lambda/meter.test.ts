import type { Context } from 'aws-lambda';
import { describe, expect, it, vi } from 'vitest';
import { createMeter } from '../../../lib/aws/lambda/meter.ts';

/** What one invocation that ends so tells CloudWatch, as lines of the log. */
async function toldBy(answer: unknown): Promise<readonly Record<string, unknown>[]> {
  const written = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
  try {
    await createMeter('test').metered(async () => answer)({}, {} as Context);
    return written.mock.calls.map(([line]) => JSON.parse(String(line)) as Record<string, unknown>);
  } finally {
    written.mockRestore();
  }
}

describe('an invocation that Lambda counts as a success', () => {
  it('tells how many of its messages failed', async () => {
    const failures = [{ itemIdentifier: 'a' }, { itemIdentifier: 'b' }];
    expect(await toldBy({ batchItemFailures: failures })).toEqual([
      expect.objectContaining({ stage: 'test', RecordsFailed: 2 }),
    ]);
  });

  it.each([[{ batchItemFailures: [] }], [undefined], [{ statusCode: 200 }]])(
    'tells nothing where none did: %j',
    async (answer) => {
      expect(await toldBy(answer)).toEqual([]);
    },
  );
});
