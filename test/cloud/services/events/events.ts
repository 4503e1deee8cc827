import type { Clock } from '../../clock.ts';
import { AwsError, type Call, type LocalService } from '../../service.ts';
import { Deliveries, type Deliver, type LostEvent } from './deliveries.ts';
import { type EventEnvelope, toEventTime } from './envelope.ts';
import { compilePattern, type Pattern } from './pattern/pattern.ts';
import { type AcceptedEntry, readEntries } from './put-events.ts';
import { readRule, type RuleSettings, type TargetSettings } from './rule-settings.ts';

export type { Deliver, DeliverySource, LostEvent } from './deliveries.ts';
export type { EventEnvelope } from './envelope.ts';
export type { RuleSettings } from './rule-settings.ts';

export interface EventsOptions {
  readonly clock: Clock;
  readonly account: string;
  readonly region: string;
  /** Hands a payload to a target of the world. */
  readonly deliver: Deliver;
  /** Makes event ids. */
  readonly newId: () => string;
}

/** The local EventBridge: classic buses, rules by pattern, PutEvents. The bus `default` is there from the start. */
export interface Events extends LocalService {
  createBus(name: string): { readonly arn: string };
  /** Throws `ValidationException` when EventBridge, or its local stand-in, would not take such a rule. */
  createRule(settings: RuleSettings): { readonly arn: string };
  /** Tells of every event that a bus accepted, before it is delivered; the result takes the listener out. */
  onEvent(listener: (event: EventEnvelope, call: Call) => void): () => void;
  /** Tells of every event that AWS would lose without a word; the result takes the listener out. */
  onLost(listener: (lost: LostEvent) => void): () => void;
  /** Resolves when no delivery is under way; one that waits for its backoff is not. */
  idle(): Promise<void>;
  /** Drops what was not delivered yet. */
  close(): void;
}

interface Rule {
  readonly arn: string;
  readonly isEnabled: boolean;
  readonly matches: Pattern;
  readonly targets: readonly TargetSettings[];
}

export function createEvents(options: EventsOptions): Events {
  const { clock, account, region, newId } = options;
  const prefix = `arn:aws:events:${region}:${account}`;
  const buses = new Map<string, Map<string, Rule>>([['default', new Map()]]);
  const listeners = new Set<(event: EventEnvelope, call: Call) => void>();
  const lostListeners = new Set<(lost: LostEvent) => void>();
  const tellLost = (lost: LostEvent): void => lostListeners.forEach((listener) => listener(lost));
  const deliveries = new Deliveries({ clock, deliver: options.deliver, onLost: tellLost });

  const busOf = (nameOrArn: string) => buses.get(nameOrArn.replace(`${prefix}:event-bus/`, ''));

  const accept = (entry: AcceptedEntry, call: Call): object => {
    const event = toEnvelope(entry, call.caller.account ?? account);
    const rules = busOf(entry.busName);
    if (rules) for (const listener of listeners) listener(event, call);
    else tellLost({ event, because: 'no-such-bus' });
    for (const rule of rules?.values() ?? [])
      if (rule.isEnabled && rule.matches(event))
        for (const target of rule.targets) deliveries.start(event, rule.arn, target);
    return { EventId: event.id };
  };

  const toEnvelope = (entry: AcceptedEntry, from: string): EventEnvelope => ({
    version: '0',
    id: newId(),
    'detail-type': entry.detailType,
    source: entry.source,
    // of who sent it, which may be another than that of the bus
    account: from,
    time: toEventTime(entry.time ?? clock.now()),
    region,
    resources: entry.resources,
    detail: entry.detail,
  });

  return {
    name: 'events',
    target: 'AWSEvents',
    contentType: 'application/x-amz-json-1.1',
    operations: {
      // AWS answers 200 with an event id also for a bus that does not exist, and drops the event
      // (github.com/aws/aws-cli/issues/9186); `onLost` tells of it.
      PutEvents: async (input, call) => {
        const results = readEntries(input).map((entry) =>
          'ErrorCode' in entry ? entry : accept(entry, call),
        );
        return {
          FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length,
          Entries: results,
        };
      },
    },

    createBus: (name) => {
      if (!/^[\w.-]{1,256}$/.test(name))
        throw new AwsError('ValidationException', `Bus name ${name} is not valid.`);
      if (buses.has(name)) throw alreadyExists(`Event bus ${name}`);
      buses.set(name, new Map());
      return { arn: `${prefix}:event-bus/${name}` };
    },

    createRule: (settings) => {
      const { bus, name, pattern, state, targets } = readRule(settings);
      const rules = busOf(bus);
      if (!rules) throw new AwsError('ResourceNotFoundException', `Event bus ${bus} does not exist.`);
      if (rules.has(name)) throw alreadyExists(`Rule ${name}`);
      const busName = bus.replace(`${prefix}:event-bus/`, '');
      const arn = `${prefix}:rule/${busName === 'default' ? '' : `${busName}/`}${name}`;
      rules.set(name, { arn, isEnabled: state === 'ENABLED', matches: compilePattern(pattern), targets });
      return { arn };
    },

    onEvent: (listener) => subscribe(listeners, listener),
    onLost: (listener) => subscribe(lostListeners, listener),
    idle: () => deliveries.idle(),
    close: () => deliveries.close(),
  };
}

function subscribe<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function alreadyExists(what: string): AwsError {
  return new AwsError('ResourceAlreadyExistsException', `${what} already exists.`);
}
