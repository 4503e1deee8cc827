import { CfnOutput } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Writes each variable as an output of the stack: `RESCIND_CASES_TABLE` is `RescindCasesTable`. */
export function writeOutputs(scope: Construct, variables: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(variables)) new CfnOutput(scope, pascalCase(name), { value });
}

function pascalCase(name: string): string {
  return name
    .toLowerCase()
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
