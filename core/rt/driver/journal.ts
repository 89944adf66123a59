/**
 * What a helper notes before it changes anything, and how that is put back.
 *
 * A list of pieces is a count, then for each an address and bytes. A piece at an even address is noted
 * whole. An odd address is one more than that of a delay line of so many bytes, of which only what
 * a segment from now on writes is noted: line element n is the one of all frames t with
 * n = t mod length.
 *
 * @module
 */
import { BUFFER_BYTES, HEADER } from "../../layout.ts";
import {
  call,
  type Code,
  type Func,
  type FunctionBuilder,
  i32,
  i64,
  type Local,
  memory,
  type Module,
  select,
  v128,
} from "../../wasm/mod.ts";

/** Runs `piece` or `line` for each piece of a list, and moves `journal` on to the next multiple of 16. */
function eachPiece(
  f: FunctionBuilder,
  list: Local,
  journal: Local,
  piece: (address: Local, bytes: Local) => void,
  line: (address: Local, bytes: Local) => void,
): void {
  const count = f.local("i32", i32.load(list));
  f.while(count, () => {
    const address = f.local("i32", i32.load(list, 4));
    const bytes = f.local("i32", i32.load(list, 8));
    f.if(i32.and(address, 1), () => {
      line(f.local("i32", i32.and(address, -2)), bytes);
      f.set(journal, i32.add(journal, BUFFER_BYTES));
    }, () => {
      piece(address, bytes);
      f.set(journal, i32.add(journal, i32.and(i32.add(bytes, 15), -16)));
    });
    f.set(list, i32.add(list, 8));
    f.set(count, i32.sub(count, 1));
  });
}

/** Copies what a segment writes of a line: up to its end, and from its start on. */
function copyOfLine(
  module: Module,
  name: string,
  copy: (line: Code, journal: Code, bytes: Code) => Code,
): Func {
  return module.func(name, ["i32", "i32", "i32"], "void", (f, line, bytes, journal) => {
    const frame = i64.rem_u(
      i64.load(i32.const(0), HEADER.NOW),
      i64.extend_i32_u(i32.shr_u(bytes, 2)),
    );
    const at = f.local("i32", i32.shl(i32.wrap_i64(frame), 2));
    const all = f.local(
      "i32",
      select(bytes, i32.const(BUFFER_BYTES), i32.lt_u(bytes, BUFFER_BYTES)),
    );
    const left = f.local("i32", i32.sub(bytes, at));
    const first = f.local("i32", select(left, all, i32.lt_u(left, all)));
    f.do(copy(i32.add(line, at), journal, first));
    f.do(copy(line, i32.add(journal, first), i32.sub(all, first)));
  });
}

/** `save(list, journal)`: may copy what follows a piece along. */
export function save(module: Module): Func {
  const saveLine = copyOfLine(
    module,
    "save_line",
    (line, to, bytes) => memory.copy(to, line, bytes),
  );
  return module.func("save", ["i32", "i32"], "void", (f, list, journal) => {
    eachPiece(f, list, journal, (address, bytes) => {
      const from = f.local("i32", address);
      const to = f.local("i32", journal);
      f.count(from, i32.add(address, bytes), 16, () => {
        f.do(v128.store(to, v128.load(from)));
        f.set(to, i32.add(to, 16));
      });
    }, (line, bytes) => f.do(call(saveLine, line, bytes, journal)));
  }, { export: true });
}

/** `restore(list, journal)`: exactly what `save` has been asked to copy, in the same segment. */
export function restore(module: Module): Func {
  const restoreLine = copyOfLine(
    module,
    "restore_line",
    (line, from, bytes) => memory.copy(line, from, bytes),
  );
  return module.func("restore", ["i32", "i32"], "void", (f, list, journal) => {
    eachPiece(
      f,
      list,
      journal,
      (address, bytes) => f.do(memory.copy(address, journal, bytes)),
      (line, bytes) => f.do(call(restoreLine, line, bytes, journal)),
    );
  }, { export: true });
}
