import { Clock } from '../cloud/clock.ts';
import { startWorld } from '../cloud/world.ts';

/** What a stack at rest asks of AWS in one hour of its own clock: an empty inventory, no case, no event. */
export interface IdleHour {
  readonly invocations: number;
  readonly readUnits: number;
  readonly writeUnits: number;
  /** Requests by functions, by service. */
  readonly requests: Readonly<Record<string, number>>;
  /** Pairs of a function and a table that it asked: each asks for the table's key by itself. */
  readonly tablesOfFunctions: number;
  /** Lines that functions wrote themselves; Lambda's own come beside them. */
  readonly logKilobytes: number;
  /** Metrics in the embedded format, each with each set of its dimensions. */
  readonly customMetrics: number;
}

/** Plays that hour on the assembly's own template, after keep-keys has made the keys. */
export async function measureIdleHour(assembly: string): Promise<IdleHour> {
  const clock = new Clock();
  const world = await startWorld({ assembly, clock });
  try {
    await world.invoke('keep-keys', {});
    // the entry of keep-keys is sealed, its event is out
    await clock.advance(5 * 60_000);
    await world.settle();
    const requests: Record<string, number> = {};
    let [invocations, readUnits, writeUnits] = [0, 0, 0];
    world.lambda.onInvocation(() => void (invocations += 1));
    const tables = new Set<string>();
    world.gateway.onCall(({ service, invocation, caller, input }) => {
      if (invocation === undefined) return;
      requests[service] = (requests[service] ?? 0) + 1;
      for (const [, name] of JSON.stringify(input).matchAll(/"TableName":"([^"]+)"/g))
        tables.add(`${caller.name} ${name}`);
    });
    world.dynamo.onConsumed((used) => {
      readUnits += used.readUnits;
      writeUnits += used.writeUnits;
    });
    const before = world.logs.length;
    await clock.advance(60 * 60_000);
    await world.settle();
    const lines = world.logs.slice(before).map(({ text }) => text);
    return {
      ...{ invocations, readUnits, writeUnits },
      tablesOfFunctions: tables.size,
      requests,
      logKilobytes: Math.ceil(lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0) / 1024),
      customMetrics: new Set(lines.flatMap(metricsIn)).size,
    };
  } finally {
    await world.close();
  }
}

interface EmbeddedMetrics {
  readonly _aws?: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string }[];
    }[];
  };
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
function metricsIn(line: string): readonly string[] {
  if (!line.startsWith('{')) return [];
  const read = JSON.parse(line) as EmbeddedMetrics & Readonly<Record<string, unknown>>;
  return (read._aws?.CloudWatchMetrics ?? []).flatMap(({ Namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) =>
      Metrics.map(({ Name }) => JSON.stringify([Namespace, Name, names.map((name) => [name, read[name]])])),
    ),
  );
}
