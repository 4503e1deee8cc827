import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FunctionName } from '../../lib/wire/environment.ts';
import { takeAssembly } from '../cloud/cloudformation/cached-assembly.ts';
import { ownContext } from './own-context.ts';
import { type Stage, setStage } from './stage.ts';
import { exportLines, untilStopped } from './serve.ts';
import { Timeline } from './timeline.ts';
import { type Act, play } from './play.ts';

export interface StartOptions {
  /** One line of JSON, the last of stdout; the timeline goes to stderr. */
  readonly json: boolean;
  /** An assembly that is there already; absent: one is synthesized, or taken from the cache. */
  readonly assembly?: string | undefined;
  readonly bundles?: Partial<Record<FunctionName, string>>;
  /** Called when the stage stands, before the story begins: tests break the world here. */
  readonly onStage?: (stage: Stage) => Promise<void> | void;
  /** Called when the story has been played, while the stage still stands: tests look at it here. */
  readonly onEnd?: (stage: Stage) => Promise<void> | void;
  /** Each claim on a line of its own. @default false */
  readonly verbose?: boolean | undefined;
  /** Leave the world up after the story, and say how to reach it. @default false */
  readonly serve?: boolean;
  /** Called when an act is over, while the stage still stands. */
  readonly onAct?: (act: Act, stage: Stage) => void;
  /** Tests that break one act play that one. @default all */
  readonly acts?: readonly Act[];
  /** How long a case may take to come to rest, in ms. */
  readonly patienceMs?: number;
  /** How long the world may take to come to rest in between, in ms. */
  readonly settleMs?: number;
  readonly stdout: (line: string) => void;
  readonly stderr: (line: string) => void;
}

/** A synth takes ten seconds, and gives the same where nothing has changed. */
const howTaken = {
  made: 'the stack is synthesized, as cdk deploy would ship it',
  cached: 'nothing has changed since the last synth: the stack is taken from .cache',
} as const;

/** Plays the story on the synthesized stack; gives the exit code: 0 only if every claim holds. */
export async function start(options: StartOptions): Promise<number> {
  // the SDK says at each start that it will want a newer Node next year; the functions deploy on Node 24
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  const { json, stdout, stderr } = options;
  const say = json ? stderr : stdout;
  const timeline = new Timeline(() => performance.now(), say);
  const folder = options.assembly ?? (await mkdtemp(join(tmpdir(), 'rescind-')));
  try {
    timeline.heading('The stack');
    if (options.assembly === undefined) {
      const how = await whileTelling(timeline, takeAssembly(folder, ownContext));
      timeline.say('cdk', howTaken[how]);
    }
    const stage = await setStage({
      assembly: folder,
      ...(options.bundles && { bundles: options.bundles }),
      ...(options.settleMs !== undefined && { settleMs: options.settleMs }),
    });
    try {
      timeline.say('world', described(stage));
      await options.onStage?.(stage);
      const summary = await play(stage, timeline, {
        patienceMs: options.patienceMs ?? 8_000,
        acts: options.acts,
        verbose: options.verbose,
        onAct: (act) => options.onAct?.(act, stage),
      });
      await options.onEnd?.(stage);
      const failed = summary.claims.filter(({ ok }) => !ok).map(({ claim }) => claim);
      say('');
      say(
        summary.ok
          ? `All ${summary.claims.length} claims were checked by real calls and hold.`
          : `These claims do not hold: ${failed.join(', ')}`,
      );
      if (options.serve) {
        say('');
        for (const line of exportLines(stage)) say(line);
        say('');
        const minutes = Math.round((stage.world.clock.now() - Date.now()) / 60_000);
        say(`The world's clock is ${minutes} minutes ahead of yours: the story moved it.`);
        say('The world stays up: paste these lines into another shell. Ctrl-C ends it.');
      }
      if (json) stdout(JSON.stringify(summary));
      if (options.serve) await untilStopped();
      return summary.ok ? 0 : 1;
    } finally {
      await stage.close();
    }
  } finally {
    if (options.assembly === undefined) await rm(folder, { recursive: true, force: true });
  }
}

/** More seconds than this without a line look like a program that hangs. */
const tellEachMs = 4_000;

/** Says that the synth is running, at once and again each few seconds until it is over. */
async function whileTelling<Taken>(timeline: Timeline, synth: Promise<Taken>): Promise<Taken> {
  timeline.say('cdk', 'takes the stack from .cache, or synthesizes it in some ten seconds');
  const telling = setInterval(() => timeline.say('cdk', 'still synthesizing'), tellEachMs);
  return synth.finally(() => clearInterval(telling));
}

function described({ world: { stack }, authority, aggregator }: Stage): string {
  const count = (type: string) => stack.of(type).length;
  const services = `${count('AWS::DynamoDB::Table')} tables, ${count('AWS::SQS::Queue')} queues, ${count('AWS::Lambda::Function')} functions are up`;
  return `${services}; the bank's server is ${authority.issuer}, the aggregator's ${aggregator.authority.issuer}`;
}
