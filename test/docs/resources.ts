import { type TemplateResource, unbundledApp } from '../stack/unbundled.ts';

/** What the stack has with the default settings, and all that are optional. */
export function stackResources(): Readonly<Record<string, TemplateResource>> {
  const context = { alarmAddress: 'on-call@bank.example', anchorAccount: '444455556666' };
  const { Resources } = unbundledApp(context).synth().getStackByName('Rescind').template as {
    readonly Resources: Readonly<Record<string, TemplateResource>>;
  };
  return Resources;
}
