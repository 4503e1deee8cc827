import { type Command, Help, type HelpConfiguration } from 'commander';

/** Help in which the usage line names the required options, and the list of options marks them. */
export const help: HelpConfiguration = {
  commandUsage: usageOf,
  optionDescription: (option) =>
    `${new Help().optionDescription(option)}${option.mandatory ? ' (required)' : ''}`.trim(),
};

/** For example `rescind approve <case> --credential <authority/id> --reason <text> [options]`. */
function usageOf(command: Command): string {
  const names: string[] = [];
  for (let one: Command | null = command; one; one = one.parent) names.unshift(one.name());
  return [
    ...names,
    ...command.registeredArguments.map((one) => (one.required ? `<${one.name()}>` : `[${one.name()}]`)),
    ...command.options.filter(({ mandatory }) => mandatory).map(({ flags }) => flags),
    '[options]',
    ...(command.commands.length > 0 ? ['<command>'] : []),
  ].join(' ');
}
