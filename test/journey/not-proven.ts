import type { ProofReport } from '../../lib/local/iam/record.ts';

/** What the story does not need of the template's policies, and why it is there. */
export interface NotProven {
  /** Holds for the lines that it explains. */
  readonly lines: RegExp;
  readonly because: string;
  /** The story needs it at times: whether somebody else was first decides. @default false */
  readonly sometimes?: boolean;
}

/** A line that no row explains is a grant that nobody was seen to need: it goes away, or somebody says why it stays. */
export const notProven: readonly NotProven[] = [
  { lines: /allows xray:/, because: 'nothing is traced here' },
  {
    lines: /allows logs:/,
    because: 'log lines are no calls here; that the roles allow them is checked at the start',
  },
  {
    lines: /^\w+Queue(\[\w+\])? denies sqs:\* on|^\w+Key\[TlsOnly\] denies/,
    because: 'every call here stands for one over TLS',
  },
  {
    lines: /^\w+Queue\[(Senders|Receivers)Only\] denies|^\w+Key\[CallersOnly\] denies|^SignalBus\w+\[/,
    because: 'nobody in the story tries; test/journey/senders.test.ts does',
  },
  {
    lines: /^(Customer|Ledger)Key\w+\[Administer\] allows/,
    because: 'nobody keeps keys here: administrators of the account do',
  },
  {
    lines:
      /^CustomerKey\w+\[(GrantToServices|UseThroughServices)\] allows kms:(CreateGrant|(Re)?Encrypt\w*|GenerateDataKeyWithoutPlaintext) /,
    because: 'it is for whoever makes an encrypted table: CloudFormation, at a deploy',
  },
  {
    lines: /^CustomerKey\w+\[(AlarmsToTopic|Logs)\] allows/,
    because: 'no alarm sounds here, and no log is kept by CloudWatch',
  },
  {
    lines: /Role denies dynamodb:\w+ on LedgerTable$/,
    because: 'no function tries to change the ledger; test/local/iam/real-template.test.ts asks for it',
  },
  {
    lines: /HeartbeatRole allows (sqs:SendMessage on ExhaustedQueue$|kms:(Decrypt|GenerateDataKey) on key\/)/,
    because:
      'every tick of the story reaches its function; test/local/bring-up/dead-letters.test.ts has one that does not',
  },
  {
    lines: /Role allows sqs:SendMessage on FailedQueue$/,
    because: 'no function of the story fails, and the local Lambda keeps no dead letters',
  },
  {
    lines:
      /^ExhaustedQueue\[RuleSends\] allows|^ReturnExhaustedRole allows (sqs:(Send|Delete)Message|kms:GenerateDataKey) /,
    because: 'nothing is given up in the story; test/faults/lost-signals.test.ts has it',
  },
  {
    lines: /^OperateRole allows dynamodb:DeleteItem on RegistryTable$/,
    because: 'nobody forgets a customer',
  },
  {
    lines: /^OperateRole allows dynamodb:ConditionCheckItem on (Cases|Fences)Table$/,
    because: 'no partner is registered anew after a cut-off',
  },
  {
    lines:
      /^TakeSignalRole allows dynamodb:(BatchGetItem on Registry|(GetItem|UpdateItem) on (Fences|Cases))Table$/,
    because: 'nothing is announced that grew out of what is condemned, and no withdrawal twice',
  },
  {
    lines: /^TakeSignalRole allows dynamodb:Query on RegistryTable$/,
    because:
      'each source of the story speaks for every partner; test/journey/senders.test.ts has one that does not',
  },
  {
    lines: /^TakeSignalRole allows sqs:SendMessage on RejectedQueue$/,
    because: 'no announcement is refused; test/journey/fuzzed-events.test.ts has many',
  },
  {
    lines: /^PlanCaseRole allows sqs:SendMessage on PlansQueue$/,
    because: 'each walk ends within one invocation',
  },
  {
    lines: /^PlanCaseRole allows (dynamodb:ConditionCheckItem on CasesTable|events:PutEvents on SignalBus)$/,
    because: 'the planner closes no case: each has something to kill',
  },
  {
    lines: /^SendEventsRole allows (dynamodb:DeleteItem on CasesTable|events:PutEvents on SignalBus)$/,
    because: 'an event that its own function sent at once waits for nobody',
    sometimes: true,
  },
  {
    lines:
      /^ExpireCredentialsRole allows (dynamodb:(Get|Put)Item on FencesTable|sqs:SendMessage on PlansQueue)$/,
    because: 'no consent expires',
  },
  {
    lines: /^(RotateSecret|WorkObligations)Role allows secretsmanager:PutSecretValue on .*\/registration-/,
    because: 'the bank’s server gives no new registration token with a change',
  },
  {
    lines: /^WorkObligationsRole allows kms:GenerateDataKey on key\//,
    because: 'it is for that token',
  },
  {
    lines: /^WorkObligationsRole allows sqs:SendMessage on ObligationsQueue$/,
    because: 'nothing has to be tried again soon',
    sometimes: true,
  },
  {
    lines: /^RotateDueRole allows secretsmanager:DescribeSecret /,
    because: 'no rotation is left pending',
  },
];

/** One line for each action on each resource that nobody needed: `<owner> allows <action> on <resource>`. */
export function notNeeded({ proven, notProven: none }: ProofReport): readonly string[] {
  return [...proven, ...none]
    .flatMap(({ id, effect, idle, calls }) => {
      // one Deny that was needed is enough: who was refused one way has no need of another
      if (effect === 'Deny' && calls > 0) return [];
      const does = effect === 'Allow' ? 'allows' : 'denies';
      return idle.map(({ action, resource }) => `${ownerOf(id)} ${does} ${action} on ${short(resource)}`);
    })
    .toSorted();
}

/** `TakeSignalRoleDefaultPolicy87CAFFAA[2]` is `TakeSignalRole`; a statement that has a name keeps it. */
const ownerOf = (id: string): string =>
  id.replace(/\[\d+\]$/, '').replace(/(Default)?Policy[0-9A-F]{8}(?=\[|$)/, '');

const short = (arn: string): string =>
  arn
    .replace(/^arn:aws:\w+:[\w-]*:\d*:(table\/|event-bus\/)?/, '')
    .replace(/^Rescind-?(.*?)[0-9A-F]{8}/, '$1');
