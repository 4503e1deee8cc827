import { describe, expect, it } from 'vitest';
import type { Act } from '../story/play.ts';
import type { Stage } from '../story/stage.ts';
import type { FunctionName } from '../../lib/wire/environment.ts';
import { brokenBundle } from '../journey/broken-bundle.ts';
import { play } from '../journey/play.ts';

/** P7: values that must be nowhere but at the bank's server and in Secrets Manager. */
class Canaries {
  readonly values = new Set<string>();
  /** All that could be seen by someone who reads along, by where it was seen. */
  readonly seen: { readonly where: string; readonly text: string }[] = [];

  watch({ world, authority, aggregator, clients }: Stage): void {
    const { values, seen } = this;
    const mint = authority.mint.bind(authority);
    const refresh = clients.acme.refresh.bind(clients.acme);
    Object.assign(authority, {
      mint: async (...args: Parameters<typeof mint>) => {
        const minted = await mint(...args);
        values.add(minted.refreshToken).add(minted.accessToken);
        return minted;
      },
    });
    Object.assign(clients.acme, {
      refresh: async (token: string) => {
        const refreshed = await refresh(token);
        if (refreshed.ok) values.add(refreshed.accessToken);
        return refreshed;
      },
    });
    const exchange = aggregator.acme.exchange.bind(aggregator.acme);
    Object.assign(aggregator.acme, {
      exchange: async (token: string) => {
        const exchanged = await exchange(token);
        if (exchanged.ok) values.add(exchanged.accessToken);
        return exchanged;
      },
    });
    world.events.onEvent(
      (event) => void seen.push({ where: `event ${event['detail-type']}`, text: JSON.stringify(event) }),
    );
    world.gateway.use(async (call, next) => {
      const answer = await next().catch((error: unknown) => ({ error: String(error) }));
      if (call.service === 'secretsmanager') this.#keepSecrets(answer);
      else
        seen.push({
          where: `${call.caller.name} ${call.operation}`,
          text: JSON.stringify([call.input, answer]),
        });
      if ('error' in answer && typeof answer.error === 'string') throw new Error(answer.error);
      return answer;
    });
  }

  async look({ world }: Stage): Promise<void> {
    for (const line of world.logs) this.seen.push({ where: `log of ${line.function}`, text: line.text });
    for (const { name } of world.stack.of('AWS::DynamoDB::Table'))
      for (const item of await world.dynamo.items(name))
        this.seen.push({ where: `table ${name}`, text: JSON.stringify(item) });
    for (const { arn, name } of world.stack.of('AWS::SQS::Queue'))
      for (const { body } of world.sqs.inspect(arn).messages)
        this.seen.push({ where: `queue ${name}`, text: body });
  }

  leaks(): string[] {
    const values = [...this.values];
    return this.seen
      .filter(({ text }) => values.some((value) => text.includes(value)))
      .map(({ where }) => where);
  }

  #keepSecrets(answer: object): void {
    const { SecretString } = answer as { SecretString?: string };
    if (SecretString === undefined) return;
    const privateParts = [...SecretString.matchAll(/"d":"([^"]+)"/g)].map(([, d = '']) => d);
    for (const value of privateParts.length > 0 ? privateParts : [SecretString]) this.values.add(value);
  }
}

async function watched(
  options: {
    readonly onStage?: (stage: Stage) => Promise<void>;
    readonly bundles?: Partial<Record<FunctionName, string>>;
    readonly acts?: readonly Act[];
  } = {},
) {
  const canaries = new Canaries();
  const { stdout, stderr } = await play({
    ...(options.bundles && { bundles: options.bundles }),
    ...(options.acts && { acts: options.acts }),
    patienceMs: 4_000,
    onStage: async (stage) => {
      canaries.watch(stage);
      await options.onStage?.(stage);
    },
    onEnd: (stage) => canaries.look(stage),
  });
  for (const text of [...stdout, ...stderr]) canaries.seen.push({ where: 'output', text });
  return canaries;
}

describe('secrets', () => {
  it('are in no table, log line, event, queue message or call but those to Secrets Manager', async () => {
    const canaries = await watched();
    // nine minted tokens, one refreshed, one exchanged, the operator's key and secret, the handle key, a client's two keys and
    // its registration token
    expect(canaries.values.size).toBeGreaterThanOrEqual(17);
    expect(canaries.seen.length).toBeGreaterThan(100);
    expect(canaries.leaks()).toEqual([]);
  });

  it('of whom a consent is, are in no table and in no log line', async () => {
    const canaries = await watched({ acts: ['withdrawal'] });
    const kept = canaries.seen.filter(({ where }) => /^(table|log) /.test(where));
    expect(kept.filter(({ text }) => /customer-01/.test(text)).length).toBeGreaterThan(0);
    expect(kept.filter(({ text }) => /customer-(7|9|11)\b/.test(text))).toEqual([]);
  });

  it.each(['broken-json', 'http-500', 'redirect', 'drop'] as const)(
    'stay hidden where the authority answers %s',
    async (behaviour) => {
      const canaries = await watched({
        acts: ['withdrawal'],
        onStage: async ({ authority }) => {
          await authority.behave('revocation', behaviour);
        },
      });
      expect(canaries.leaks()).toEqual([]);
    },
  );

  it.each(['broken-json', 'http-401', 'drop'] as const)(
    'stay hidden where the authority answers %s to a change of keys',
    async (behaviour) => {
      const canaries = await watched({
        acts: ['rotation'],
        onStage: async ({ authority }) => {
          await authority.behave('registration', behaviour);
        },
      });
      expect(canaries.leaks()).toEqual([]);
    },
  );

  it('are seen when a worker logs one', async () => {
    const bundle = await brokenBundle('work-obligations', {
      file: 'lib/flows/work/attempt-group.ts',
      from: 'const token = await deps.openHandle(credential);',
      to: "const token = await deps.openHandle(credential); deps.log.info('opened', { token: token?.reveal() });",
    });
    const canaries = await watched({ acts: ['withdrawal'], bundles: { 'work-obligations': bundle } });
    expect(new Set(canaries.leaks().map((where) => where.replace(/Rescind-.*/, '')))).toEqual(
      new Set(['log of ']),
    );
  });
});
