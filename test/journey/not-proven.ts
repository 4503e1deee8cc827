import type { Idle, Proof, ProofReport } from '../cloud/iam/record.ts';

/** What the story does not need of the template's policies, and why it is there. */
export interface NotProven {
  /** Holds for the lines that it explains. */
  readonly lines: RegExp;
  readonly because: string;
  /** A test file that fails on an assembly without it. @default nothing local can show it */
  readonly shownBy?: string;
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
    shownBy: 'test/cloud/iam/prohibitions.test.ts',
  },
  {
    lines: /^\w+Queue\[(Senders|Receivers)Only\] denies|^\w+Key\[CallersOnly\] denies|^SignalBus\w+\[/,
    because: 'nobody in the story tries to use what is not theirs',
    shownBy: 'test/cloud/iam/prohibitions.test.ts',
  },
  {
    lines: /^(Customer|Ledger)Key\w+\[(Administer|Deploy)\] allows/,
    because: 'nobody keeps keys here: administrators of the account do, and CloudFormation at a deploy',
  },
  {
    lines:
      /^CustomerKey\w+\[(GrantToServices|UseThroughServices)\] allows kms:(CreateGrant|(Re)?Encrypt\w*|GenerateDataKeyWithoutPlaintext) /,
    because: 'it is for whoever makes an encrypted table: CloudFormation, at a deploy',
  },
  {
    lines: /^CustomerKey\w+\[(AlarmsToTopic|Logs|LogsLook|TopicToQueue)\] allows/,
    because: 'no alarm sounds here, and no log is kept by CloudWatch',
  },
  {
    lines: /^OperationsAlarmsTopic\[\w+\] (allows|denies) sns:Publish /,
    because: 'nothing publishes here: no alarm sounds; test/stack/operations/alarms.test.ts holds its words',
  },
  {
    lines: /Role denies dynamodb:\w+ on LedgerTable$/,
    because: 'no function tries to change the ledger',
    shownBy: 'test/cloud/iam/prohibitions.test.ts',
  },
  {
    lines: /HeartbeatRole allows (sqs:SendMessage on ExhaustedQueue$|kms:(Decrypt|GenerateDataKey) on key\/)/,
    because: 'every tick of the story reaches its function',
    shownBy: 'test/faults/lost-ticks.test.ts',
  },
  {
    lines:
      /Role allows sqs:SendMessage on FailedQueue$|^(KeepKeys|MeasureDebts|RotateSecret|SealLedger|SendEvents)Role allows kms:(Decrypt|GenerateDataKey) on key\//,
    because: 'no function of the story fails, and the local Lambda keeps no dead letters',
  },
  {
    lines:
      /^ExhaustedQueue\[RuleSends\] allows|^ReturnExhaustedRole allows (sqs:(Send|Delete)Message|kms:GenerateDataKey) /,
    because: 'nothing is given up in the story',
    shownBy: 'test/faults/lost-signals.test.ts',
  },
  {
    lines: /^OperateRole allows dynamodb:DeleteItem on RegistryTable$/,
    because: 'nobody forgets a customer',
    shownBy: 'test/journey/forgotten.test.ts',
  },
  {
    lines: /^OperateRole allows dynamodb:ConditionCheckItem on (Cases|Fences)Table$/,
    because: 'no partner is registered anew after a cut-off',
    shownBy: 'test/journey/door.test.ts',
  },
  {
    lines: /^TakeSignalRole allows dynamodb:(BatchGetItem on Registry|GetItem on (Fences|Cases))Table$/,
    because: 'nothing is announced that grew out of what is condemned, and no withdrawal twice',
    shownBy: 'test/journey/intake.test.ts',
  },
  {
    lines: /^TakeSignalRole allows dynamodb:UpdateItem on CasesTable$/,
    because: 'nothing arrives under a fence whose case is open',
    shownBy: 'test/journey/late-credential.test.ts',
  },
  {
    lines: /^TakeSignalRole allows dynamodb:Query on RegistryTable$/,
    because: 'each source of the story speaks for every partner',
    shownBy: 'test/journey/senders.test.ts',
  },
  {
    lines: /^TakeSignalRole allows sqs:ChangeMessageVisibility on SignalsQueue$/,
    because: 'intake fails at nothing',
    shownBy: 'test/faults/passing-fault.test.ts',
  },
  {
    lines: /^TakeSignalRole allows sqs:SendMessage on RejectedQueue$/,
    because: 'no announcement is refused',
    shownBy: 'test/journey/fuzzed-events.test.ts',
  },
  {
    lines: /^PlanCaseRole allows sqs:SendMessage on PlansQueue$/,
    because: 'each walk ends within one invocation',
  },
  {
    lines: /^PlanCaseRole allows (dynamodb:ConditionCheckItem on CasesTable|events:PutEvents on SignalBus)$/,
    because: 'the planner closes no case: each has something to kill',
    shownBy: 'test/journey/intake.test.ts',
  },
  {
    lines: /^SendEventsRole allows (dynamodb:DeleteItem on CasesTable|events:PutEvents on SignalBus)$/,
    because: 'an event that its own function sent at once waits for nobody',
    shownBy: 'test/journey/events-out.test.ts',
    sometimes: true,
  },
  {
    lines:
      /^ExpireCredentialsRole allows (dynamodb:(Get|Put)Item on FencesTable|sqs:SendMessage on PlansQueue)$/,
    because: 'no consent expires',
    shownBy: 'test/journey/expiry.test.ts',
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
    shownBy: 'test/journey/astray-authority.test.ts',
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
      return idle.map(({ action, resource }) => lineOf({ id, effect, action, resource }));
    })
    .toSorted();
}

/** How an action on a resource that a statement names is written here: `<owner> allows <action> on <resource>`. */
export function lineOf({ id, effect, action, resource }: Pick<Proof, 'id' | 'effect'> & Idle): string {
  return `${ownerOf(id)} ${effect === 'Allow' ? 'allows' : 'denies'} ${action} on ${short(resource)}`;
}

/** `TakeSignalRoleDefaultPolicy87CAFFAA[2]` is `TakeSignalRole`; a statement that has a name keeps it. */
const ownerOf = (id: string): string =>
  id.replace(/\[\d+\]$/, '').replace(/(Default)?Policy[0-9A-F]{8}(?=\[|$)/, '');

const short = (arn: string): string =>
  arn
    .replace(/^arn:aws:\w+:[\w-]*:\d*:(table\/|event-bus\/)?/, '')
    .replace(/^Rescind-?(.*?)[0-9A-F]{8}/, '$1');
