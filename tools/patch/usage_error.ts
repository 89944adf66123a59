/**
 * Command lines that cannot be carried out.
 *
 * @module
 */

/** A wrong option, or a path that leads nowhere: exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Runs a command with the process's arguments; its answer, or how it failed, is the exit code. */
export async function runCommand(
  command: (args: readonly string[]) => Promise<number>,
): Promise<void> {
  try {
    Deno.exitCode = await command(Deno.args);
  } catch (error) {
    console.error((error as Error).message);
    Deno.exitCode = error instanceof UsageError ? 2 : 1;
  }
}
