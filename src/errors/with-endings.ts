/**
 * Does some work, then every one of `endings` in their order, whatever has failed before. Throws the
 * first error that came, so that an ending which fails as well does not hide why: a `finally` that
 * throws would.
 */
export async function withEndings<T>(
  work: () => T | Promise<T>,
  ...endings: readonly (() => unknown)[]
): Promise<T> {
  let first: { readonly thrown: unknown } | undefined;
  const attempt = async <R>(step: () => R | Promise<R>): Promise<R | undefined> => {
    try {
      return await step();
    } catch (thrown) {
      first ??= { thrown };
    }
  };
  const result = await attempt(work);
  for (const ending of endings) await attempt(ending);
  if (first !== undefined) throw first.thrown;
  return result as T;
}
