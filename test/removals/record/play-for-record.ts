import type { ProofReport } from '../../cloud/iam/record.ts';
import type { Act } from '../../story/play.ts';
import { start } from '../../story/start.ts';
import type { Summary } from '../../story/summary.ts';
import type { World } from '../../cloud/world.ts';

/** What a part of the story came to under the template's own permissions. */
export interface PlayedForRecord {
  /** In words; empty: every claim holds, and every tick reached its function. */
  readonly failed: readonly string[];
  readonly report: ProofReport;
  /** As it stood after each act, and after the ticks. */
  readonly reports: readonly { readonly after: Act | 'ticks'; readonly report: ProofReport }[];
}

export interface PartOfStory {
  /** @default all */
  readonly acts?: readonly Act[];
  /** Whether each schedule ticks once more at the end: the story is over before every one was due. @default true */
  readonly ticks?: boolean;
  readonly patienceMs?: number;
  readonly settleMs?: number;
}

/** Plays a part of the story on an assembly; what stops it is one thing that failed. */
export async function playForRecord(assembly: string, part: PartOfStory = {}): Promise<PlayedForRecord> {
  const { ticks = true, ...options } = part;
  const failed: string[] = [];
  const reports: PlayedForRecord['reports'][number][] = [];
  let line = '';
  try {
    await start({
      ...options,
      json: true,
      assembly,
      onAct: (after, { world }) => void reports.push({ after, report: world.iam.report() }),
      onEnd: async ({ world }) => {
        if (ticks) failed.push(...(await fireAll(world)));
        reports.push({ after: 'ticks', report: world.iam.report() });
      },
      stdout: (text) => void (line = text),
      stderr: () => undefined,
    });
    const { claims } = JSON.parse(line) as Summary;
    failed.push(...claims.flatMap(({ claim, ok, seen = '' }) => (ok ? [] : [`${claim}: ${seen}`])));
  } catch (error) {
    failed.push(error instanceof Error ? error.message : String(error));
  }
  return { failed, report: reports.at(-1)?.report ?? { proven: [], notProven: [] }, reports };
}

async function fireAll({ stack, scheduler }: World): Promise<readonly string[]> {
  const names = stack.of('AWS::Scheduler::Schedule').map(({ name }) => name);
  const ends = await Promise.allSettled(names.map((name) => scheduler.fire(name)));
  return ends.flatMap((end, index) =>
    end.status === 'rejected' ? [`tick of ${names[index]}: ${String(end.reason)}`] : [],
  );
}
