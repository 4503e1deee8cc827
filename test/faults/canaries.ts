import type { Stage } from '../story/stage.ts';

/** P7: values that must be nowhere but at the servers and in Secrets Manager, and all that somebody who reads along could see. */
export class Canaries {
  readonly values = new Set<string>();
  /** What was seen, by where. */
  readonly seen: { readonly where: string; readonly text: string }[] = [];

  /** From now on notes each token and secret that comes into being, each event and each call. */
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
      const note = (said: object) => {
        if (call.service === 'secretsmanager') this.#keepSecrets(said);
        else
          seen.push({
            where: `${call.caller.name} ${call.operation}`,
            text: JSON.stringify([call.input, said]),
          });
      };
      try {
        const answer = await next();
        note(answer);
        return answer;
      } catch (error) {
        note({ error: String(error) });
        throw error;
      }
    });
  }

  /** Notes what stands in logs, tables and queues. */
  async look({ world }: Stage): Promise<void> {
    for (const line of world.logs) this.seen.push({ where: `log of ${line.function}`, text: line.text });
    for (const { name } of world.stack.of('AWS::DynamoDB::Table'))
      for (const item of await world.dynamo.items(name))
        this.seen.push({ where: `table ${name}`, text: JSON.stringify(item) });
    for (const { arn, name } of world.stack.of('AWS::SQS::Queue'))
      for (const { body } of world.sqs.inspect(arn).messages)
        this.seen.push({ where: `queue ${name}`, text: body });
  }

  /** Where one of the values was seen. */
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
