import { dynamoDb, eventBridge } from '../lib/aws/clients.ts';
import { outbox } from '../lib/aws/outbox.ts';
import { log, logged } from '../lib/aws/lambda/log.ts';
import { createMeter } from '../lib/aws/lambda/meter.ts';
import { readEnvironment } from '../lib/aws/lambda/runtime.ts';
import { sendEvents } from '../lib/flows/sweeps/send-events.ts';
import { environmentOf } from '../lib/wire/environment.ts';

const env = readEnvironment(environmentOf['send-events']);
const { measure, metered } = createMeter(env.RESCIND_STAGE);
const deps = {
  outbox: outbox(dynamoDb(), env.RESCIND_CASES_TABLE, eventBridge(), env.RESCIND_BUS),
  measure,
  log,
};

export const handler = logged(metered(() => sendEvents(deps)));
