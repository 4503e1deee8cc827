import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { onTestFinished } from 'vitest';
import { Clock } from '../../clock.ts';
import { Gateway } from '../../gateway.ts';
import { createEvents, type DeliverySource } from './events.ts';

export interface Delivered {
  readonly targetArn: string;
  readonly payload: string;
  readonly from: DeliverySource;
  /** Milliseconds of the world's clock. */
  readonly at: number;
}

/** EventBridge with the bus `rescind` behind a gateway, and a world that keeps what it is handed. */
export async function startEvents(refuse: (delivery: Delivered) => Error | undefined = () => undefined) {
  const clock = new Clock();
  const gateway = new Gateway(clock);
  const tried: Delivered[] = [];
  const delivered: Delivered[] = [];
  let ids = 0;
  const events = createEvents({
    clock,
    account: '111122223333',
    region: 'eu-west-2',
    newId: () => `event-${++ids}`,
    deliver: async (targetArn, payload, from) => {
      const delivery = { targetArn, payload, from, at: clock.now() };
      tried.push(delivery);
      const refusal = refuse(delivery);
      if (refusal) throw refusal;
      delivered.push(delivery);
    },
  });
  const bus = events.createBus('rescind');
  gateway.add(events);
  gateway.admit({ accessKeyId: 'AKIATEST', name: 'test' });
  const client = new EventBridgeClient({
    endpoint: await gateway.listen(),
    region: 'eu-west-2',
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  onTestFinished(async () => {
    client.destroy();
    events.close();
    await gateway.close();
    clock.stop();
  });
  const put = (...Entries: PutEventsRequestEntry[]) => client.send(new PutEventsCommand({ Entries }));
  const bodies = (): readonly unknown[] => delivered.map(({ payload }) => JSON.parse(payload) as unknown);
  return { clock, events, bus, put, tried, delivered, bodies };
}

/** A good entry for the bus `rescind`. */
export function entry(over: PutEventsRequestEntry = {}): PutEventsRequestEntry {
  return {
    EventBusName: 'rescind',
    Source: 'bank.consents',
    DetailType: 'Consent Withdrawn',
    Detail: '{"consent":{"id":"c-1","generation":2}}',
    ...over,
  };
}
