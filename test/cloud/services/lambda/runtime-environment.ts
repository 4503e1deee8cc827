import type { FunctionSettings } from './function.ts';

/** What AWS gives a function without a memory size. */
const memoryMiBDefault = 128;

/** Names that a function learns from its environment and again from its context. */
export interface RuntimeNames {
  readonly logGroupName: string;
  readonly logStreamName: string;
  readonly memoryLimitInMB: string;
}

export function namesOf(settings: FunctionSettings, worker: { id: string; startedAt: number }): RuntimeNames {
  const day = new Date(worker.startedAt).toISOString().slice(0, 10).replaceAll('-', '/');
  return {
    logGroupName: `/aws/lambda/${settings.name}`,
    logStreamName: `${day}/[$LATEST]${worker.id.replaceAll('-', '')}`,
    memoryLimitInMB: String(settings.memoryMiB ?? memoryMiBDefault),
  };
}

/**
 * The whole environment of one function: what its template gives it, and what Lambda's runtime sets
 * (AWS Lambda Developer Guide, "Defined runtime environment variables"). Nothing of our own process gets in.
 * The template cannot override reserved names on AWS; here it can, so that the world can name region and keys.
 */
export function runtimeEnvironment(settings: FunctionSettings, names: RuntimeNames): Record<string, string> {
  const region = settings.arn.split(':')[3] ?? '';
  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_LAMBDA_FUNCTION_NAME: settings.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: names.memoryLimitInMB,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: names.logGroupName,
    AWS_LAMBDA_LOG_STREAM_NAME: names.logStreamName,
    LAMBDA_TASK_ROOT: settings.codeFolder,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    _HANDLER: settings.handler,
    // the SDK warns on stderr about Node 20, which the deployed runtime is not
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    ...settings.environment,
  };
}
