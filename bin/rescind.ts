#!/usr/bin/env -S npx tsx
import { runCommand } from '../lib/cli/program.ts';

// this one runs on the operator's Node; the SDK's notice about Node 20 belongs elsewhere
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

process.exitCode = await runCommand(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
});
