import { expect, test } from "vitest";
import { notebookTitle } from "../../../src/reports/report/notebook-title.ts";
import { notebookOf } from "../notebook-of.ts";

test("notebookTitle() is the metadata's title, else the first level-1 heading, else the name", () => {
  const notebook = notebookOf("# not this: code");
  expect(notebookTitle(notebook, "paper")).toBe("paper");
  notebook.cells.push({
    cell_type: "markdown",
    id: "m",
    metadata: {},
    source: ["Some text\n", "## No\n", "# The *title*  \n", "# Another"],
  });
  expect(notebookTitle(notebook, "paper")).toBe("The title");
  expect(notebookTitle({ ...notebook, metadata: { title: "Given" } }, "paper")).toBe("Given");
});
