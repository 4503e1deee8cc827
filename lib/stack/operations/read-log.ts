import type { FunctionName } from '../../wire/environment.ts';
import type { WorkerFunction } from '../compute/worker-function.ts';

/** The command that shows what a function wrote in the last half hour. */
export const readLog = ({ logGroup }: WorkerFunction<FunctionName>): string =>
  `aws logs tail ${logGroup.logGroupName} --since 30m`;
