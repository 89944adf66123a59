/**
 * Parameters as a user holds them.
 *
 * @module
 */
import type { ChoiceParamSpec, ParamsSpec } from "../kernel/definition.ts";
import type { GraphNode, Target } from "./graph.ts";
import type { ChangeOptions, Destination, Host } from "./host.ts";
import type { ParamInfo } from "./node_type.ts";

/** Value of a parameter as the user writes it: a number, or a name for a parameter with choices. */
export type ParamValue<S> = S extends ChoiceParamSpec<infer V> ? V : number;
/** Values by parameter name, all optional. */
export type ParamValues<P extends ParamsSpec> = { readonly [K in keyof P]?: ParamValue<P[K]> };

/** A parameter of a node in an engine. */
export class Param<V extends number | string = number> implements Destination {
  /** Name in the node's definition. */
  readonly name: string;
  /** @internal */
  readonly node: GraphNode;
  /** @internal */
  readonly info: ParamInfo;
  readonly #host: Host;

  /** @internal */
  constructor(host: Host, node: GraphNode, info: ParamInfo) {
    this.name = info.name;
    this.node = node;
    this.info = info;
    this.#host = host;
  }

  /** Smallest and largest value, and the unit. */
  get range(): { readonly min: number; readonly max: number; readonly unit?: string } {
    const { min, max, unit } = this.info;
    return { min, max, unit };
  }

  /** The value now, without modulation. */
  get value(): V {
    const value = this.node.tracks[this.info.index].at(this.#host.now());
    return (this.info.values ? this.info.values[Math.round(value)] : value) as V;
  }

  /**
   * Changes the value over the parameter's smoothing time, or over `ramp` seconds; with `at`, from
   * exactly that frame on.
   *
   * @throws {RangeError} If the value is out of range, or the command ring is full.
   * @thread control
   */
  set(value: V, options: ChangeOptions = {}): void {
    this.#host.set(this.node, this.info, value, options);
  }

  /** Goes to `value` in a straight line of so many seconds. @thread control */
  rampTo(value: V, seconds: number, options: { readonly at?: number } = {}): void {
    this.set(value, { ...options, ramp: seconds });
  }

  /** @internal */
  targetOf(): Target {
    return { kind: "param", node: this.node, param: this.info.index };
  }
}
