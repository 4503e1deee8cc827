import { vi } from 'vitest';
import { runCommand } from '../../lib/cli/program.ts';
import { createFunctionUrls } from '../cloud/services/function-url/function-url.ts';
import { createSqs } from '../cloud/services/sqs/sqs.ts';
import type { OperateAnswer } from '../../lib/wire/operate.ts';
import { startTables, tables } from '../aws/world.ts';

const account = '000000000000';
const functionArn = `arn:aws:lambda:eu-west-1:${account}:function:operate`;

/** The people with keys; the tables know one caller only, and the door knows all. */
const people = new Map(
  ['tester', 'alice', 'bob'].map((name) => {
    const accessKeyId = name === 'tester' ? 'LOCALTEST' : `AKIA${name.toUpperCase()}`;
    return [accessKeyId, { name, accessKeyId, secretAccessKey: `the secret of ${name}` }];
  }),
);

/** An order as the function behind the door receives it, as far as the tests read it. */
export interface Heard {
  readonly by: string;
  readonly message: unknown;
}

interface UrlEvent {
  readonly body?: string;
  readonly requestContext: { readonly authorizer: { readonly iam: { readonly userArn: string } } };
}

/** The environment of the command line: tables, queues and the door, each the local one, and a terminal that keeps what it shows. */
export async function startCli() {
  const world = await startTables();
  const sqs = createSqs({
    clock: world.clock,
    account,
    region: 'eu-west-1',
    endpoint: () => world.gateway.endpoint,
  });
  world.add(sqs);
  const heard: Heard[] = [];
  const door: { obey: (event: unknown) => Promise<object>; may: (userArn: string) => boolean } = {
    obey: async () => ({ kind: 'refused', code: 'untold', reason: 'the test told no answer' }),
    may: () => true,
  };
  const urls = createFunctionUrls({
    clock: world.clock,
    region: 'eu-west-1',
    allows: ({ userArn }) => door.may(userArn),
    credentials: (accessKeyId) => {
      const person = people.get(accessKeyId);
      return (
        person && {
          secretAccessKey: person.secretAccessKey,
          userArn: `arn:aws:iam::${account}:user/${person.name}`,
          accountId: account,
          userId: `AIDA${person.name.toUpperCase()}`,
        }
      );
    },
    lambda: {
      invoke: async (_, payload) => {
        const { body = '', requestContext } = payload as UrlEvent;
        heard.push({ by: requestContext.authorizer.iam.userArn, message: JSON.parse(body) as unknown });
        return { ok: true, payload: await door.obey(payload) };
      },
    },
  });
  await urls.listen();
  const as = (name: 'tester' | 'alice' | 'bob') => {
    const [keys] = [...people.values()].filter((person) => person.name === name);
    vi.stubEnv('AWS_ACCESS_KEY_ID', keys?.accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', keys?.secretAccessKey);
  };
  const environment = {
    AWS_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL: world.gateway.endpoint,
    AWS_SESSION_TOKEN: undefined,
    AWS_PROFILE: undefined,
    AWS_EC2_METADATA_DISABLED: 'true',
    RESCIND_REGISTRY_TABLE: tables.registry,
    RESCIND_FENCES_TABLE: tables.fences,
    RESCIND_CASES_TABLE: tables.cases,
    RESCIND_LEDGER_TABLE: tables.ledger,
    RESCIND_OPERATE_URL: urls.createUrl({ functionName: 'operate', functionArn }),
    RESCIND_REJECTED_QUEUE_URL: undefined,
    RESCIND_EXHAUSTED_QUEUE_URL: undefined,
  };
  const reset = () => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    as('tester');
    heard.length = 0;
    door.may = () => true;
    for (const one of people.keys()) world.gateway.admit({ accessKeyId: one, name: one });
  };
  reset();
  return {
    ...world,
    sqs,
    door,
    heard,
    as,
    reset,
    environment,
    /** Answers of the function behind the door, in this order. */
    tell: (...answers: OperateAnswer[]) => {
      const left = [...answers];
      door.obey = async () => left.shift() ?? { kind: 'refused', code: 'untold', reason: 'no more answers' };
    },
    async close() {
      vi.unstubAllEnvs();
      await urls.close();
      sqs.close();
      await world.close();
    },
  };
}

export type Cli = Awaited<ReturnType<typeof startCli>>;

/** Runs a command as the shell would, in this process. */
export async function rescind(...args: string[]) {
  let [stdout, stderr] = ['', ''];
  const code = await runCommand(args, {
    out: (text) => void (stdout += text),
    err: (text) => void (stderr += text),
  });
  return { code, stdout, stderr };
}

/** The same with `--json`: the last line of stdout, parsed. */
export async function rescindJson(...args: string[]) {
  const { code, stdout, stderr } = await rescind(...args, '--json');
  return { code, stderr, result: JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as unknown };
}
