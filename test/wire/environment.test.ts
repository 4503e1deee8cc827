import { describe, expect, it } from 'vitest';
import { environment, environmentOf, type FunctionName } from '../../lib/wire/environment.ts';
import { explain } from '../../lib/wire/explain.ts';

const complete: Readonly<Record<keyof typeof environment.shape, string>> = {
  RESCIND_REGISTRY_TABLE: 'registry',
  RESCIND_FENCES_TABLE: 'fences',
  RESCIND_CASES_TABLE: 'cases',
  RESCIND_LEDGER_TABLE: 'ledger',
  RESCIND_LEDGER_KEY: 'arn:aws:kms:eu-west-1:111122223333:key/ledger',
  RESCIND_LEDGER_ORIGIN: 'arn:aws:dynamodb:eu-west-1:111122223333:table/ledger',
  RESCIND_BUS: 'bus',
  RESCIND_PLANS_QUEUE_URL: 'http://127.0.0.1:4566/111122223333/plans',
  RESCIND_OBLIGATIONS_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/111122223333/obligations',
  RESCIND_REJECTED_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/111122223333/rejected',
  RESCIND_SIGNALS_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/111122223333/signals',
  RESCIND_EXHAUSTED_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/111122223333/exhausted',
  RESCIND_ROTATE_FUNCTION: 'arn:aws:lambda:eu-west-1:111122223333:function:rotate-secret',
  RESCIND_HANDLE_KEY_SECRET: 'rescind/handle-key',
  RESCIND_FINGERPRINT_KEY_SECRET: 'rescind/fingerprint-key',
  RESCIND_EGRESS: '[{"host":"bank.example:8443","addresses":["10.0.0.0/8"]}]',
  RESCIND_SENDERS:
    '[{"source":"bank.consents","partners":"*","authorities":["bank"]},{"account":"111122223333","source":"x","partners":["acme"],"authorities":"*"}]',
  RESCIND_STAGE: 'dev',
  RESCIND_TARGETS: '{"default":{"effectSeconds":60,"completeMinutes":60}}',
};
const functionNames = Object.keys(environmentOf) as FunctionName[];

/** The names in the order of the issues. */
function named(schema: (typeof environmentOf)[FunctionName], given: object): string[] {
  const parsed = schema.safeParse(given);
  return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join('.'));
}

describe('the environment', () => {
  it('is accepted complete, its JSON parsed', () => {
    expect(environment.parse({ ...complete, PATH: '/bin' })).toMatchObject({
      RESCIND_EGRESS: [{ host: 'bank.example:8443', addresses: ['10.0.0.0/8'] }],
      RESCIND_SENDERS: [
        { source: 'bank.consents', partners: '*', authorities: ['bank'] },
        { account: '111122223333', source: 'x', partners: ['acme'], authorities: '*' },
      ],
    });
  });

  it('may list no host outside the public internet', () => {
    expect(environment.parse({ ...complete, RESCIND_EGRESS: '[]' }).RESCIND_EGRESS).toEqual([]);
  });

  it.each(functionNames)('names each variable that %s misses', (name) => {
    const schema = environmentOf[name];
    expect(named(schema, {}).sort()).toEqual(Object.keys(schema.shape).sort());
  });

  it.each(functionNames)('lets %s run with exactly its own variables', (name) => {
    const own = Object.fromEntries(
      Object.keys(environmentOf[name].shape).map((variable) => [
        variable,
        complete[variable as keyof typeof complete],
      ]),
    );
    expect(named(environmentOf[name], own)).toEqual([]);
  });

  it('refuses an empty name', () => {
    expect(named(environmentOf['send-events'], { ...complete, RESCIND_BUS: '' })).toEqual(['RESCIND_BUS']);
  });

  it('refuses a queue that is no URL', () => {
    const given = { ...complete, RESCIND_PLANS_QUEUE_URL: 'plans' };
    expect(named(environmentOf['plan-case'], given)).toEqual(['RESCIND_PLANS_QUEUE_URL']);
  });

  it.each<[string, string]>([
    ['RESCIND_EGRESS', '{'],
    ['RESCIND_EGRESS', '{}'],
    ['RESCIND_SENDERS', '[]'],
  ])('names %s where it is %j', (variable, value) => {
    const parsed = environment.safeParse({ ...complete, [variable]: value });
    expect(parsed.success ? '' : explain(parsed.error)).toMatch(new RegExp(`^${variable}: [^;]+$`));
  });

  it('names the rule and the member that is wrong in a list', () => {
    const parsed = environment.safeParse({ ...complete, RESCIND_SENDERS: '[{"account":"12","source":"x"}]' });
    expect(parsed.success ? '' : explain(parsed.error)).toContain('RESCIND_SENDERS.0.account: ');
  });
});
