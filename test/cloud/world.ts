import type { EgressRule, FunctionName } from '../../lib/wire/environment.ts';
import { makeBuses } from './bring-up/buses.ts';
import { makeFunctionUrls } from './bring-up/function-urls.ts';
import { makeFunctions } from './bring-up/functions.ts';
import { makeMappings } from './bring-up/mappings.ts';
import { enforce } from './bring-up/enforcement.ts';
import { makeQueues } from './bring-up/queues.ts';
import { makeSchedules } from './bring-up/schedules.ts';
import { makeSecrets } from './bring-up/secrets.ts';
import { makeSigningKeys } from './bring-up/signing-keys.ts';
import { makeTables } from './bring-up/tables.ts';
import { Callers } from './callers.ts';
import type { Clock } from './clock.ts';
import { readStack, type Stack } from './cloudformation/read-stack.ts';
import { Gateway } from './gateway.ts';
import type { Enforcement } from './iam/enforcement.ts';
import { type LocalCredentials, overridesFor } from './overrides.ts';
import { createServices, place, type Services } from './services.ts';
import type { Invocation, LogLine } from './services/lambda/lambda.ts';

export interface WorldOptions {
  /** The assembly folder that `cdk synth` wrote. */
  readonly assembly: string;
  readonly clock: Clock;
  readonly egress?: readonly EgressRule[];
  /** Users who may what the operators' policy of the stack says, and read. Every other user administers the account. */
  readonly operators?: readonly string[];
  /** Folders to run in place of the template's bundles: tests break a function on purpose. */
  readonly bundles?: Partial<Record<FunctionName, string>>;
  /** How long `settle` waits unless told, in ms. @default 20,000 */
  readonly settleMs?: number;
}

/** The stack of one assembly, up and running on this machine. */
export interface World extends Services {
  readonly clock: Clock;
  readonly gateway: Gateway;
  readonly stack: Stack;
  /** The variables that the stack's outputs stand for: `RESCIND_CASES_TABLE` and its like. */
  readonly environment: Readonly<Record<string, string>>;
  readonly logs: readonly LogLine[];
  /** What the template's policies refused, and which of their statements were needed. */
  readonly iam: Pick<Enforcement, 'denials' | 'report'>;
  /** Names a caller at the door, an IAM user to whoever asks, and gives it keys. */
  admit(name: string): LocalCredentials;
  /** Keys of a role that is not of the stack; of this account where none is named. */
  admitRole(role: string, account?: string): LocalCredentials;
  /** Runs a function by its name under `functions/`. */
  invoke(name: FunctionName, payload: unknown): Promise<Invocation>;
  /** The physical name, for `lambda.kill`. */
  physicalName(name: FunctionName): string;
  /**
   * Waits until no event, message or batch is on its way and no function runs (delayed messages may be), at most `ms` of real time;
   * tells whether the world came to rest.
   */
  settle(ms?: number): Promise<boolean>;
  close(): Promise<void>;
}

/** How long `settle` waits unless told: more than a story takes is a loop, not work. */
const settleMsDefault = 20_000;

/** The name that the CDK app gives its stack. */
const stackName = 'Rescind';

/** Reads the assembly and brings up everything that its template says. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const { clock } = options;
  const gateway = new Gateway(clock);
  const endpoint = await gateway.listen();
  const { account, region } = place;
  const callers = new Callers(gateway, account, options.operators ?? []);
  const logs: LogLine[] = [];
  const services = createServices(clock, gateway, {
    onLog: (line) => void logs.push(line),
    credentials: (accessKeyId) => callers.find(accessKeyId),
    enforcement: () => enforcement,
    allows: ({ accessKeyId }, FunctionName) =>
      enforcement.allowsCall(accessKeyId, {
        service: 'lambda',
        operation: 'InvokeFunctionUrl',
        input: { FunctionName },
      }),
  });
  // before the template is read: it may tell the address to functions and in outputs
  await services.functionUrls.listen();
  const stack = readStack(options.assembly, stackName, {
    account,
    region,
    queueUrl: (name) => `${endpoint}/${account}/${name}`,
    functionUrl: (name) => services.functionUrls.urlOf(name),
  });

  await makeTables(stack, services);
  makeQueues(stack, services);
  makeSigningKeys(stack, services);
  const secretArns = makeSecrets(stack, services);
  const local = (value: string) => secretArns.get(value) ?? value;
  const enforcement = enforce(stack, services.secrets, secretArns, (key) => callers.find(key));
  gateway.guardBy((call) => enforcement.guard(call));
  const functions = makeFunctions(
    stack,
    services,
    enforcement,
    (running, template) => ({
      ...Object.fromEntries(Object.entries(template).map(([key, value]) => [key, local(value)])),
      ...overridesFor(callers.admitFunction(running.name, running), {
        endpoint,
        region,
        egress: options.egress ?? [],
      }),
    }),
    (name, folder) => options.bundles?.[name] ?? folder,
  );
  makeFunctionUrls(stack, services);
  makeBuses(stack, services);
  makeSchedules(stack, services, enforcement);
  const mappings = makeMappings(stack, services, enforcement);

  const resource = (name: FunctionName) => {
    const found = functions.get(name);
    if (!found) throw new Error(`the template has no function ${name}`);
    return found;
  };
  const waiting = (): number =>
    stack
      .of('AWS::Lambda::EventSourceMapping')
      .map(({ properties }) => services.sqs.inspect(String(properties['EventSourceArn'])))
      .reduce((sum, { visible, inFlight }) => sum + visible + inFlight, 0);

  return {
    ...services,
    clock,
    gateway,
    stack,
    environment: Object.fromEntries(
      Object.entries(stack.outputs).map(([name, value]) => [variableOf(name), local(String(value))]),
    ),
    logs,
    iam: enforcement,
    admit: (name) => callers.admitUser(name),
    admitRole: (role, account) => callers.admitRole(role, account),
    invoke: (name, payload) => services.lambda.invoke(resource(name).arn, payload),
    physicalName: (name) => resource(name).name,
    async settle(ms = options.settleMs ?? settleMsDefault) {
      const givenUpAt = performance.now() + ms;
      for (let calm = 0; calm < 2;) {
        await services.events.idle();
        // a batch in flight is waited for only as long as we wait at all, and so is a step of a rotation
        const ends = [
          ...mappings.map((mapping) => mapping.idle()),
          services.secrets.idle(),
          services.lambda.idle(),
        ];
        calm = waiting() === 0 && (await within(50, ends)) ? calm + 1 : 0;
        if (calm < 2 && performance.now() > givenUpAt) return false;
        await new Promise((done) => setTimeout(done, 2));
      }
      return true;
    },
    async close() {
      clock.stop();
      services.scheduler.stop();
      services.events.close();
      services.sqs.close();
      await services.functionUrls.close();
      await services.lambda.close();
      await Promise.allSettled(mappings.map((mapping) => mapping.stop()));
      await gateway.close();
      await services.dynamo.close();
    },
  };
}

/** `RescindCasesTable` is `RESCIND_CASES_TABLE`. */
const variableOf = (output: string): string => output.replace(/(?<!^)([A-Z])/g, '_$1').toUpperCase();

/** Whether all of these end within so many ms of real time. */
async function within(ms: number, ends: readonly Promise<unknown>[]): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((done) => (timer = setTimeout(() => done(false), ms)));
  const ended = await Promise.race([Promise.all(ends).then(() => true), late]);
  clearTimeout(timer);
  return ended;
}
