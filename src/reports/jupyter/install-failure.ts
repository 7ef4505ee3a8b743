import { JupyterError } from "./jupyter-error.ts";

/** What pip and uv print of a file whose hash is not one of those in the requirements. */
const OTHER_HASH = /do not match the hashes|hash mismatch/i;

/**
 * Why a step of the set-up failed, as a person should read it.
 *
 * @param how `exit code 1`
 * @param tail the last lines that the program printed
 */
export function installFailure(
  command: string,
  how: string,
  tail: readonly string[],
): JupyterError {
  const printed = tail.join("\n");
  if (tail.some((line) => OTHER_HASH.test(line))) {
    return new JupyterError(
      "Cannot set up JupyterLab: a package that was fetched is not the file whose hash is in " +
        "src/reports/jupyter/requirements.txt. It was not installed. Look at which package index " +
        `is asked (PIP_INDEX_URL, UV_INDEX_URL), and try again with PyPI's own:\n${printed}`,
    );
  }
  return new JupyterError(
    `Cannot set up JupyterLab: "${command}" ended with ${how}:\n${printed}`,
  );
}
