import { assertEquals } from "@std/assert";
import { bar, clock, dbfs, meter, progress } from "../../examples/play/meters.ts";
import { StatusLine } from "../../examples/play/status_line.ts";

Deno.test("bar() is exact to an eighth of a character and keeps its width", () => {
  assertEquals(bar(0, 4), "    ");
  assertEquals(bar(1, 4), "████");
  assertEquals(bar(0.53125, 4), "██▏ ");
  assertEquals(bar(7, 4), "████");
  assertEquals(bar(-1, 4), "    ");
});

Deno.test("meter() is empty at silence and full at full scale", () => {
  assertEquals(meter(0, 6), "       -inf");
  assertEquals(meter(1, 6), "██████    0");
  assertEquals(meter(10 ** (-24 / 20), 6), "███     -24");
  assertEquals(dbfs(10), 20);
});

Deno.test("progress() tells share, time and speed", () => {
  assertEquals(progress(5, 10, 0.5, 4), "██    50 %  5.0 of 10.0 s, 10 x real time");
});

Deno.test("clock() shows minutes and seconds", () => {
  assertEquals([0, 59.9, 60, 605].map(clock), ["0:00", "0:59", "1:00", "10:05"]);
});

/** Everything a status line writes to a screen. */
function written(isTerminal: boolean, use: (line: StatusLine) => void): string {
  let all = "";
  use(new StatusLine({ isTerminal, columns: () => 8, write: (text) => all += text }));
  return all;
}

Deno.test("StatusLine redraws in place, cut to the terminal's width", () => {
  const text = written(true, (line) => {
    line.show("one", 0);
    line.show("two and more", 0.1);
    line.end();
    line.end();
    line.end("last");
  });
  assertEquals(text, "\rone\x1b[K\rtwo and\x1b[K\n\rlast\x1b[K\n");
});

Deno.test("StatusLine writes plain lines now and then without a terminal", () => {
  const text = written(false, (line) => {
    for (let k = 0; k < 110; k++) line.show(`at ${k / 10}`, k / 10);
    line.end();
    line.end("last");
  });
  assertEquals(text, "at 5\nat 10\nlast\n");
});
