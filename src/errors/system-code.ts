/** The name of the errno, e.g. ENOENT, of an error that the operating system or Node gave a code; undefined for others. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
