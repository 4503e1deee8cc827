import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';

// npm run test:dynamodb -- [--endpoint URL] [--region NAME]
// Holds the conformance suite against any DynamoDB, for instance the service itself with
//   --endpoint https://dynamodb.eu-west-1.amazonaws.com --region eu-west-1
// with credentials from where the SDK looks for them. Without an endpoint: the local one. The tables that it makes
// start with `rescind-conformance-` and are deleted at the end.

const { values } = parseArgs({ options: { endpoint: { type: 'string' }, region: { type: 'string' } } });
if (values.endpoint !== undefined) process.env['RESCIND_DYNAMODB_ENDPOINT'] = values.endpoint;
if (values.region !== undefined) process.env['RESCIND_DYNAMODB_REGION'] = values.region;

// its own configuration: the suite needs nothing that the project's global setup makes
const vitest = await startVitest('test', ['test/local/dynamodb/conformance.test.ts'], {
  root: fileURLToPath(new URL('../../..', import.meta.url)),
  config: false,
  watch: false,
  testTimeout: 60_000,
  hookTimeout: 300_000,
});
const failed = vitest.state.getCountOfFailedTests() > 0 || vitest.state.getUnhandledErrors().length > 0;
const modules = vitest.state.getTestModules();
await vitest.close();
process.exitCode = failed || modules.length === 0 || modules.some((module) => !module.ok()) ? 1 : 0;
