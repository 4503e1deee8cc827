import { dynamoDb, eventBridge } from '../lib/aws/clients.ts';
import { outbox } from '../lib/aws/outbox.ts';
import { log, logged } from '../lib/aws/log.ts';
import { readEnvironment } from '../lib/aws/runtime.ts';
import { sendEvents } from '../lib/flows/send-events.ts';
import { environmentOf } from '../lib/wire/environment.ts';

const env = readEnvironment(environmentOf['send-events']);
const deps = { outbox: outbox(dynamoDb(), env.RESCIND_CASES_TABLE, eventBridge(), env.RESCIND_BUS), log };

export const handler = logged(() => sendEvents(deps));
