/** JupyterLab or nbconvert cannot be set up or run; the message is for the user, without a trace. */
export class JupyterError extends Error {
  override readonly name: string = "JupyterError";
}
