import { expect, test } from "vitest";
import { environmentAt } from "../../../src/reports/jupyter/environment.ts";
import { denoKernelspec, installKernelspec } from "../../../src/reports/jupyter/kernelspec.ts";

test("denoKernelspec() asks for interrupts by message: a signal would kill the kernel", () => {
  const spec = denoKernelspec("/opt/deno");
  expect(spec.interrupt_mode).toBe("message");
  expect(spec.argv).toEqual(["/opt/deno", "jupyter", "--kernel", "--conn", "{connection_file}"]);
  expect(spec.env).toMatchObject({ NO_COLOR: "1", TZ: "UTC" });
});

test("installKernelspec() puts the running Deno into the environment and writes once", async () => {
  const environment = environmentAt(await Deno.makeTempDir());
  const path = await installKernelspec(environment);
  expect(path).toMatch(/share.jupyter.kernels.deno.kernel\.json$/);
  expect(JSON.parse(await Deno.readTextFile(path)).argv[0]).toBe(Deno.execPath());

  await Deno.utime(path, 0, 0);
  await installKernelspec(environment);
  expect((await Deno.stat(path)).mtime?.getTime()).toBe(0);

  await Deno.writeTextFile(path, "{}");
  await installKernelspec(environment);
  expect(JSON.parse(await Deno.readTextFile(path)).argv[0]).toBe(Deno.execPath());
});
