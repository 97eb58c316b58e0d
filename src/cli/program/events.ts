import { type Command, Option } from 'commander';
import { formatOption, parseNumber } from '../program-options.ts';
import type { ProgramOptions } from '../invocation.ts';

export function declareEvents(command: Command, { host, finish }: ProgramOptions): void {
  command
    .command('listen')
    .description('receive notifications on 127.0.0.1, check their signatures and show each in one line')
    .addOption(new Option('--port <n>', 'port to listen on; 0 for any free port').argParser(parseNumber).default(8788))
    .option('--key-from <key>', 'definition whose signature key counts (default: that of the definition each is of)')
    .addOption(new Option('--key <file>', 'file with the signature key').conflicts('keyFrom'))
    .option('--forward <url>', 'where to send what is rightly signed, as it came; its answer is passed back')
    .option('--json', 'print each as JSON on a line of its own')
    .action(async (_options, given: Command) => {
      const { runListen } = await import('../commands/events.ts');
      finish(await runListen(given.optsWithGlobals(), host));
    });
  command
    .command('status')
    .description('show the subscriptions, pollers and last events of the instances; sends only read requests')
    .argument('[key]', 'show only this definition')
    .addOption(formatOption(['text', 'json']))
    .action(async (key: string | undefined, _options, given: Command) => {
      const { runEventsStatus } = await import('../commands/events.ts');
      finish(await runEventsStatus(key, given.optsWithGlobals(), host));
    });
  command
    .command('test')
    .description(
      'prove the way of the events of one definition: what `events status` shows, and what its callback answers to a signed test that tells of no event; on the sandbox, also to an event that it makes',
    )
    .argument('<key>', 'key of the definition')
    .option('--post', 'send the test also to a callback on another machine')
    .addOption(formatOption(['text', 'json']))
    .action(async (key: string, _options, given: Command) => {
      const { runEventsTest } = await import('../commands/events.ts');
      finish(await runEventsTest(key, given.optsWithGlobals(), host));
    });
  command
    .command('verify')
    .description('check the signature of a notification from files, and say what differs')
    .argument('<body>', 'file with the body, as it came over the wire')
    .option('--signature <file>', 'file with the value of Elements-Webhook-Signature, or with all headers')
    .option('--key-from <key>', 'definition whose signature key it is')
    .addOption(new Option('--key <file>', 'file with the signature key').conflicts('keyFrom'))
    .addOption(formatOption(['text', 'json']))
    .action(async (body: string, _options, given: Command) => {
      const { runVerifyEvent } = await import('../commands/events.ts');
      finish(await runVerifyEvent(body, given.optsWithGlobals(), host));
    });
}
