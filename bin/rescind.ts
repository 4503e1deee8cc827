#!/usr/bin/env -S npx tsx
import { runCommand } from '../lib/cli/program.ts';

process.exitCode = await runCommand(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
});
