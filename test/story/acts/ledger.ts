import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { ledgerReads } from '../../../lib/aws/dynamodb/readers/ledger.ts';
import { kmsSigner } from '../../../lib/aws/signing.ts';
import { exportLedger, readExport } from '../../../lib/ledger/export.ts';
import { verifyLedger } from '../../../lib/ledger/verify.ts';
import { callerOf } from '../operator.ts';
import type { Scene } from '../scene.ts';

/** What the auditor needs: the table, to read; the public key; and a hand of somebody who should not have it. */
function auditorOf({ stage: { world } }: Scene) {
  const table = world.environment['RESCIND_LEDGER_TABLE'] ?? '';
  const origin = world.environment['RESCIND_LEDGER_ORIGIN'] ?? '';
  const dynamo = new DynamoDBClient(callerOf(world, 'auditor'));
  const signer = kmsSigner(
    new KMSClient(callerOf(world, 'auditor')),
    world.environment['RESCIND_LEDGER_KEY'] ?? '',
  );
  return {
    async verify() {
      const keys = [await signer.publicKey()];
      const lines: string[] = [];
      for await (const line of exportLedger(ledgerReads(dynamo, table), { origin, keys }))
        lines.push(JSON.stringify(line));
      const exported = await readExport(lines);
      return { exported, verdict: await verifyLedger(exported, { origin, keys }) };
    },
    /** Overwrites an entry in the table, as its own writer could: IAM cannot demand that an entry is new. */
    async overwrite(entry: { readonly pk: string; readonly sk: string }, body: string): Promise<void> {
      const Item = { pk: { S: entry.pk }, sk: { S: entry.sk }, body: { S: body } };
      await dynamo.send(new PutItemCommand({ TableName: table, Item }));
    },
  };
}

/** The trail is sealed and verified from an export; then one sealed entry is overwritten, and the verifier names it. */
export async function playLedger(scene: Scene): Promise<void> {
  const { stage, timeline, claims } = scene;
  const auditor = auditorOf(scene);
  const sealed = await stage.world.invoke('seal-ledger', {});
  if (!sealed.ok) timeline.say('seal', `seal-ledger failed: ${sealed.error.errorMessage}`);
  await claims.claim('ledger-verifies', async () => {
    const { exported, verdict } = await auditor.verify();
    if (!verdict.ok) return { ok: false, seen: verdict.problems.map(({ says }) => says).join('; ') };
    const { size, root, unsealed } = verdict;
    const seen = `${size} of ${exported.entries.length} entries sealed, root ${root.slice(0, 12)}…`;
    timeline.say('ledger', `${seen}, signed by the KMS key, verified from an export`);
    return { ok: size > 0 && unsealed.length === 0 && size === exported.entries.length, seen };
  });
  await claims.claim('tampered-ledger-named', async () => {
    const { exported } = await auditor.verify();
    const victim = exported.entries.find(({ body }) => body.includes('"kind":"revoked"'));
    if (!victim) return { ok: false, seen: 'there is no entry to tamper with' };
    await auditor.overwrite(victim, victim.body.replace('"kind":"revoked"', '"kind":"probed"'));
    const { verdict } = await auditor.verify();
    await auditor.overwrite(victim, victim.body);
    const named =
      !verdict.ok && verdict.problems.some(({ kind, entry }) => kind === 'edited' && entry?.sk === victim.sk);
    timeline.say(
      'ledger',
      named ? `an overwritten entry is named: ${victim.sk}` : 'an overwritten entry is NOT named',
    );
    return {
      ok: named,
      seen: verdict.ok ? 'it verifies' : verdict.problems.map(({ says }) => says).join('; '),
    };
  });
}
