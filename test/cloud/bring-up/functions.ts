import * as z from 'zod';
import type { FunctionName } from '../../../lib/wire/environment.ts';
import type { Resource, Stack } from '../cloudformation/read-stack.ts';
import { runFunction } from '../iam/needs/acting-services.ts';
import type { Enforcement } from '../iam/enforcement.ts';
import type { Services } from '../services.ts';
import { number } from './properties.ts';

/** Worker threads for one function: two cores have little use for more. */
export const concurrency = 2;

const functionProperties = z.object({
  Handler: z.string(),
  Timeout: number,
  MemorySize: number.optional(),
  Description: z.string(),
  Role: z.string(),
  LoggingConfig: z.object({ LogGroup: z.string().optional() }).default({}),
  Environment: z.object({ Variables: z.record(z.string(), z.string()) }),
});

/** A function as its environment knows it. */
export interface Running {
  /** Under `functions/`. */
  readonly name: FunctionName;
  readonly physicalName: string;
  readonly roleArn: string;
}

/** The name under `functions/`: the template carries it in the description. */
const functionName = (description: string) => description.replace(/^Rescind: /, '') as FunctionName;

export function makeFunctions(
  stack: Stack,
  { lambda }: Services,
  enforcement: Pick<Enforcement, 'demand' | 'foresee'>,
  environmentOf: (
    running: Running,
    template: Readonly<Record<string, string>>,
  ) => Readonly<Record<string, string>>,
  codeFolderOf: (name: FunctionName, template: string) => string,
): ReadonlyMap<FunctionName, Resource> {
  const functions = new Map<FunctionName, Resource>();
  for (const resource of stack.of('AWS::Lambda::Function')) {
    const { Handler, Timeout, MemorySize, Description, Role, LoggingConfig, Environment } =
      functionProperties.parse(resource.properties);
    const name = functionName(Description);
    const running = { name, physicalName: resource.name, roleArn: Role };
    demandStart(stack, running, LoggingConfig.LogGroup, enforcement);
    lambda.createFunction({
      name: resource.name,
      arn: resource.arn,
      codeFolder: codeFolderOf(name, resource.codeFolder ?? ''),
      handler: Handler,
      timeoutSeconds: Timeout,
      ...(MemorySize !== undefined && { memoryMiB: MemorySize }),
      environment: environmentOf(running, Environment.Variables),
      concurrency,
    });
    functions.set(name, resource);
  }
  return functions;
}

/** Lambda assumes the role; nobody here asks for its logs and traces, but the role has to allow them. */
function demandStart(
  stack: Stack,
  { physicalName, roleArn }: Running,
  logGroup: string | undefined,
  { demand, foresee }: Pick<Enforcement, 'demand' | 'foresee'>,
): void {
  const group = stack.of('AWS::Logs::LogGroup').find(({ name }) => name === logGroup);
  const [assume, ...observe] = runFunction({ roleArn, name: physicalName }, group?.arn ?? '');
  if (assume) demand('lambda', [assume]);
  if (group) foresee('lambda', observe);
}
