import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { keySecrets, registrationTokens, rotationStarter } from '../../../lib/aws/secrets/client-secrets.ts';
import { cases } from '../../../lib/aws/dynamodb/readers/cases.ts';
import { fences } from '../../../lib/aws/dynamodb/readers/fences.ts';
import { seenNotes } from '../../../lib/aws/dynamodb/readers/seen-notes.ts';
import { turns } from '../../../lib/aws/dynamodb/readers/turns.ts';
import { registry } from '../../../lib/aws/dynamodb/readers/registry.ts';
import type { Authority } from '../../../lib/domain/inventory/authority.ts';
import { credentialId } from '../../../lib/domain/ids.ts';
import type { Chunk } from '../../../lib/domain/case/obligation.ts';
import { keySecretOf } from '../../../lib/domain/rotation/client.ts';
import type { Secret } from '../../../lib/domain/secret.ts';
import type { Entry } from '../../../lib/domain/transaction/entry.ts';
import { rfc3339 } from '../../../lib/flows/flow.ts';
import { connectAuthority } from '../../../lib/flows/work/connect-authority.ts';
import { rotateDue } from '../../../lib/flows/rotation/rotate-due.ts';
import { rotateSecret } from '../../../lib/flows/rotation/rotate-secret.ts';
import { workObligations } from '../../../lib/flows/work/work-obligations.ts';
import {
  createSecretsManager,
  type SecretsManager,
} from '../../cloud/services/secrets-manager/secrets-manager.ts';
import type { RotationEvent } from '../../cloud/services/secrets-manager/world.ts';
import { rotationRequest } from '../../../lib/wire/rotation-request.ts';
import { startTables, tables } from '../../aws/world.ts';
import { byAudience, keySecret, registrationOf } from '../../contract/oauth-rig.ts';
import { startWorld } from '../../authority/rig.ts';
import { registerClient } from './register-client.ts';
import { type Tap, tapped } from './tapped.ts';
import { viewsOf } from './views.ts';

export const functionArn = 'arn:aws:lambda:eu-west-1:000000000000:function:rotate-secret';
export const minuteMs = 60_000;

type Options = Parameters<typeof startWorld>[0];

/** A real authorization server, the local DynamoDB and the local Secrets Manager, which calls the real flow. */
export async function startRig(options: Options = {}) {
  const [world, store] = await Promise.all([startWorld(options), startTables()]);
  const authority: Authority = registrationOf(world, byAudience(options.assertionAudience));
  await store.given({ kind: 'register-authority', authority, from: null });
  const invocations = new Map<string, (event: RotationEvent) => Promise<void>>();
  let ids = 0;
  const secretsManager: SecretsManager = createSecretsManager({
    clock: store.clock,
    account: '000000000000',
    region: 'eu-west-1',
    newId: () => `00000000-0000-4000-8000-${String((ids += 1)).padStart(12, '0')}`,
    invoke: async (_, event) => {
      const name = /secret:(.*)-\w{6}$/.exec(event.SecretId)?.[1] ?? '';
      await invocations.get(name)?.(event);
      return { ok: true };
    },
  });
  store.add(secretsManager);
  const secrets = new SecretsManagerClient(store.settings);
  const now = () => store.clock.now();
  let made = 0;
  const newId = () => `01${String((made += 1)).padStart(24, '0')}`;

  /** A partner with one client that has one key everywhere, and a rotation that is due. */
  async function newClient(tap: Tap = async () => {}) {
    const { client, first } = await registerClient({ world, store, secretsManager, authority });
    const { id, partner } = client;

    const logged: { readonly level: string; readonly message: string; readonly facts: unknown }[] = [];
    const log = (level: string) => (message: string, facts?: unknown) =>
      void logged.push({ level, message, facts });
    const chunks: Chunk[] = [];
    const read = registry(store.client, tables.registry);
    const own = { commit: store.commit, fetch: world.fetch };
    const deps = {
      ...read,
      ...fences(store.client, tables.fences),
      ...cases(store.client, tables.cases),
      ...tapped(own, tap),
      keys: tapped({ ...keySecrets(secrets), ...rotationStarter(secrets, functionArn) }, tap),
      registrationTokens: tapped(registrationTokens(secrets), tap),
      // the file's other tests have rotations too
      rotations: {
        find: read.rotations.find,
        async *due(dueBy: string, pageRows: number) {
          for await (const page of read.rotations.due(dueBy, pageRows))
            yield page.filter((due) => due === id);
        },
      },
      send: async () => {},
      now,
      newId,
      log: { info: log('info'), warn: log('warn'), error: log('error') },
      wakeWorkers: async (woken: readonly Chunk[]) => void chunks.push(...woken),
      wakeWorker: async () => {},
      remainingMs: () => 30_000,
      measure: () => {},
      random: () => 0,
      openHandle: async (): Promise<Secret | undefined> => undefined,
      ...turns(store.client, tables.cases, { now, newId, rfc3339 }),
      notes: seenNotes(store.client, tables.cases),
    };
    const steps: string[] = [];
    const step = (event: unknown) => rotateSecret(rotationRequest.parse(event), deps);
    const invoke = { step: (event: RotationEvent): Promise<void> => step(event) };
    invocations.set(keySecretOf(id), async (event) => {
      steps.push(event.Step);
      await invoke.step(event);
    });

    const views = viewsOf({ client, first, authority, world, secrets });

    return {
      client,
      deps,
      logged,
      chunks,
      steps,
      /** The function that Secrets Manager calls; replace it to disturb. */
      invoke,
      step,
      ...views,
      rotation: async () => {
        const found = await read.rotations.find(id);
        if (!found) throw new Error('no rotation');
        return found;
      },
      credential: (kid: string) => read.credentials.find({ authority: authority.id, id: credentialId(kid) }),
      due: () => rotateDue(deps),
      /** Rotates until the overlap begins. */
      rotate: async () => {
        await rotateDue(deps);
        await secretsManager.idle();
      },
      work: (chunk: Chunk) =>
        workObligations(chunk, {
          ...deps,
          connect: connectAuthority({
            ...deps,
            sleep: async () => {},
            secret: async () => keySecret(world.keys.rescind),
          }),
        }),
      entries: () => entriesOf(`client/${id}`),
      fence: () =>
        store.given({
          kind: 'raise-fence',
          fence: {
            subject: { type: 'partner', id: partner },
            generation: 1,
            case: `emergency-ordered/${partner}/1/1` as never,
            at: rfc3339(now()),
          },
          from: null,
        }),
    };
  }

  async function entriesOf(subject: string): Promise<Entry[]> {
    const { Items = [] } = await store.client.send(
      new QueryCommand({
        TableName: tables.ledger,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: `entry#${subject}` } },
        ConsistentRead: true,
      }),
    );
    return Items.map((item) => JSON.parse(item['body']?.S ?? '') as Entry);
  }

  return {
    world,
    store,
    authority,
    secrets,
    secretsManager,
    now,
    newClient,
    entriesOf,
    /** Advances the clock, and runs what is due then. */
    pass: async (ms: number): Promise<void> => {
      await secretsManager.idle();
      await Promise.all([store.clock.advance(ms), world.clock.advance(ms)]);
      await secretsManager.idle();
    },
    async close(): Promise<void> {
      secrets.destroy();
      await store.close();
      await world.close();
    },
  };
}

export type Rig = Awaited<ReturnType<typeof startRig>>;
export type Rotated = Awaited<ReturnType<Rig['newClient']>>;
