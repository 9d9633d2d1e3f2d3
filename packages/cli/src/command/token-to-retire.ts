/** What every token begins with; the id of one does not. */
const SECRET = /^dh_/;

/**
 * `downhaul instances --retire --token ID` names the token whose instances are gone, not the one to speak with:
 * an id is no token, so behind `instances` the two cannot be mistaken for each other.
 */
export function withTokenToRetire(args: readonly string[]): string[] {
  const from = args.indexOf('instances');
  if (from < 0 || !args.includes('--retire', from)) return [...args];
  return args.map((arg, index) => {
    if (index < from) return arg;
    if (arg === '--token') return SECRET.test(args[index + 1] ?? 'dh_') ? arg : '--of-token';
    const [name, value] = arg.split('=', 2);
    return name === '--token' && !SECRET.test(value ?? '') ? `--of-token=${value ?? ''}` : arg;
  });
}
