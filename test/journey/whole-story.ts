import type { ProofReport } from '../cloud/iam/record.ts';
import type { World } from '../cloud/world.ts';
import { Canaries } from '../faults/canaries.ts';
import type { Stage } from '../story/stage.ts';
import { play } from './play.ts';
import { announce, entriesOf, resourceOf } from './rig.ts';

/** What the world refused, what its functions wrote, and which statements of the template were needed. */
export interface Allowed {
  readonly denials: readonly string[];
  readonly logs: readonly string[];
  readonly report: ProofReport;
}

export const allowedIn = ({ iam, logs }: World): Allowed => ({
  denials: [...iam.denials],
  logs: logs.map(({ text }) => text),
  report: iam.report(),
});

/** All that suites look at when the story is over. */
export interface WholeStory {
  readonly exitCode: number;
  /** The timeline, as `npm start` prints it. */
  readonly stdout: readonly string[];
  /** Kinds of the ledger's entries, and types of the events that Rescind sent. */
  readonly kinds: ReadonlySet<string>;
  readonly types: ReadonlySet<string>;
  readonly allowed: Allowed;
  /** What Rescind sent in the story and in what it leaves out. */
  readonly sent: Stage['observer']['sent'];
  readonly canaries: Canaries;
}

let played: Promise<WholeStory> | undefined;

/** The whole story, played once in a process: suites that only look at its end share it. */
export const wholeStory = (): Promise<WholeStory> => (played ??= playWholeStory());

async function playWholeStory(): Promise<WholeStory> {
  const canaries = new Canaries();
  let end: Pick<WholeStory, 'kinds' | 'types' | 'allowed' | 'sent'> | undefined;
  const { exitCode, stdout, stderr } = await play({
    json: false,
    onStage: (stage) => canaries.watch(stage),
    onEnd: async (stage) => {
      const { world, observer } = stage;
      await world.settle();
      // the story is over before the hour is
      await world.scheduler.fire(resourceOf(world, 'AWS::Scheduler::Schedule', 'KeepKeys').name);
      const kinds = new Set((await entriesOf(world)).map(({ kind }) => kind));
      const types = new Set(observer.sent.map((event) => event['detail-type']));
      const allowed = allowedIn(world);
      await playTheRest(stage);
      await canaries.look(stage);
      end = { kinds, types, allowed, sent: observer.sent };
    },
  });
  for (const text of [...stdout, ...stderr]) canaries.seen.push({ where: 'output', text });
  if (!end) throw new Error('the story did not come to its end');
  return { exitCode, stdout, canaries, ...end };
}

/** What the acts leave out: a token takes another's place, one is exchanged, a consent comes to its time. */
async function playTheRest({ world }: Stage): Promise<void> {
  const occurredAt = new Date(world.clock.now()).toISOString();
  const tell = (id: string, source: string, type: string, detail: object) =>
    announce(world, { source, type, detail: { version: 1, id, occurredAt, ...detail } });
  const credential = { authority: 'bank', kind: 'access_token', partner: 'birch' };
  await tell('rest-1', 'bank.tokens', 'Credential Refreshed', {
    credential: { ...credential, id: 'rest-2' },
    replaces: { authority: 'bank', id: 'rest-1' },
  });
  await tell('rest-2', 'bank.tokens', 'Credential Exchanged', {
    credential: { ...credential, id: 'rest-3', sha256: 'ab'.repeat(32) },
    parent: { authority: 'elsewhere', id: 'rest-2' },
  });
  await tell('rest-3', 'bank.consents', 'Consent Granted', {
    consent: { id: 'rest', generation: 3 },
    partner: 'birch',
    customer: 'customer-1',
    scopes: [],
    grantedAt: occurredAt,
    expiresAt: new Date(world.clock.now() + 60_000).toISOString(),
  });
  await world.clock.advance(2 * 60_000);
  await world.settle();
}
