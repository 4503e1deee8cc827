import { Stack } from 'aws-cdk-lib';
import { Dashboard, type IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { FunctionName, Targets } from '../../../wire/environment.ts';
import type { WorkQueue } from '../../compute/work-queue.ts';
import type { WorkerFunction } from '../../compute/worker-function.ts';
import { debtsRow } from './debts-row.ts';
import { functionsRow } from './functions-row.ts';
import { ledgerRow } from './ledger-row.ts';
import { outcomesRow } from './outcomes-row.ts';
import { queuesRow } from './queues-row.ts';

export interface OperationsDashboardProps {
  readonly stage: string;
  readonly targets: Targets;
  /** By the names that people know them by. */
  readonly queues: Readonly<Record<string, WorkQueue>>;
  readonly workers: readonly WorkerFunction<FunctionName>[];
}

/** One screen for three in the morning: its first row answers whether anything is alive that should be dead, the others say why. */
export class OperationsDashboard extends Construct {
  constructor(scope: Construct, id: string, props: OperationsDashboardProps) {
    super(scope, id);
    const { stage, targets, queues, workers } = props;
    const rows: readonly (readonly IWidget[])[] = [
      debtsRow(stage, targets),
      queuesRow(queues, stage),
      functionsRow(workers),
      outcomesRow(stage),
      ledgerRow(stage),
    ];
    const { region, stackName } = Stack.of(this);
    new Dashboard(this, 'Dashboard', {
      // "All dashboards in your account are global, not region-specific", and PutDashboard overwrites one of the same name:
      // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-dashboard.html
      dashboardName: `${stackName}-${region}-${stage}`,
      widgets: rows.map((row) => [...row]),
    });
  }
}
