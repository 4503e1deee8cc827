import * as z from 'zod';
import type { FunctionName } from '../../wire/environment.ts';
import type { Resource, Stack } from '../cloudformation/read-stack.ts';
import type { Services } from '../services.ts';
import { number } from './properties.ts';

/** Worker threads for one function: two cores have little use for more. */
export const concurrency = 2;

const functionProperties = z.object({
  Handler: z.string(),
  Timeout: number,
  MemorySize: number.optional(),
  Description: z.string(),
  Environment: z.object({ Variables: z.record(z.string(), z.string()) }),
});

/** The name under `functions/`: the template carries it in the description. */
const functionName = (description: string) => description.replace(/^Rescind: /, '') as FunctionName;

export function makeFunctions(
  stack: Stack,
  { lambda }: Services,
  environmentOf: (
    name: FunctionName,
    template: Readonly<Record<string, string>>,
  ) => Readonly<Record<string, string>>,
  codeFolderOf: (name: FunctionName, template: string) => string,
): ReadonlyMap<FunctionName, Resource> {
  const functions = new Map<FunctionName, Resource>();
  for (const resource of stack.of('AWS::Lambda::Function')) {
    const { Handler, Timeout, MemorySize, Description, Environment } = functionProperties.parse(
      resource.properties,
    );
    const name = functionName(Description);
    lambda.createFunction({
      name: resource.name,
      arn: resource.arn,
      codeFolder: codeFolderOf(name, resource.codeFolder ?? ''),
      handler: Handler,
      timeoutSeconds: Timeout,
      ...(MemorySize !== undefined && { memoryMiB: MemorySize }),
      environment: environmentOf(name, Environment.Variables),
      concurrency,
    });
    functions.set(name, resource);
  }
  return functions;
}
