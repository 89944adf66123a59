/**
 * What a graph is as data: everything that is needed to make it again, on this machine or another.
 *
 * Times are in frames from the moment of the snapshot, nodes are known by their names. Fields with a
 * default are not written while they have it, so a small patch is a small file.
 *
 * @module
 */

/** A graph, and optionally the state of its signals. */
export interface GraphSnapshot {
  /** Version of this form. */
  version: 1;
  /** Address of a JSON Schema, for editors. */
  $schema?: string;
  /** What it is called. */
  title?: string;
  /** What it is, for people. */
  about?: string;
  /** What an engine for it is made with. */
  engine: EngineSettings;
  /** Frame time at which the snapshot was taken. Default 0. */
  frame: number;
  /** The nodes, in the order of their making. */
  nodes: NodeSnapshot[];
  /** From outputs of nodes to inputs of nodes. Signals at one input are summed in this order. */
  edges: EdgeSnapshot[];
  /** From outputs of nodes to parameters. */
  modulations: ModulationSnapshot[];
  /** From outputs of nodes to the engine's output. */
  outputs: OutputSnapshot[];
  /** Sample data that the graph needs; the data themselves lie elsewhere. */
  samples: SampleReference[];
  /** Samples put together for samplers, under names that tables of nodes refer to as well. */
  sampleMaps?: SampleMapSnapshot[];
  /** The tuning that pitches are meant in. */
  tuning?: TuningText;
}

/** What an engine for the graph is made with. */
export interface EngineSettings {
  /** Frames per second. Default 48000. */
  sampleRate: number;
  /** Output channels. Default 2. */
  outputs: number;
  /** Input channels. With any, `"input"` names the engine's input as a source. Default 0. */
  inputs: number;
  /** Sizes of memory that are not the engine's own defaults. */
  capacity?: CapacitySettings;
}

/** Sizes of an engine's memory; see `Capacity`. */
export interface CapacitySettings {
  /** Nodes at once. */
  nodes?: number;
  /** Bytes for parameters, states, delay lines and tables. */
  heapBytes?: number;
  /** Buffers for signals between nodes. */
  buffers?: number;
  /** Changes of parameters that can wait. */
  events?: number;
  /** Bytes of a plan. */
  planBytes?: number;
}

/** A node. */
export interface NodeSnapshot {
  /** Name of the node's type. */
  type: string;
  /** Name of the node, unique in the graph: what keeps its identity when graphs are compared. */
  name: string;
  /** Instances side by side. Default 1. */
  channels: number;
  /** Parameters by name. One that is missing has its default. */
  params: Record<string, ParamState>;
  /** Sample data that the node reads: names of samples by the names of its tables. */
  tables?: Record<string, string>;
  /** Memories of the node, one entry a channel. */
  state?: LaneState[];
  /** Values of control-rate modulated parameters until the next control period. */
  latches?: Record<string, number>;
}

/** A parameter at rest is its value: a number, or the name of a choice. */
export type ParamState = number | string | MovingParam;

/** A parameter that moves, or is about to. */
export interface MovingParam {
  /** Where it is, or where the ramp leads. */
  value: number | string;
  /** Change per frame of the ramp in progress. */
  slope?: number;
  /** Frames after which that ramp reaches `value`. */
  frames?: number;
  /** Changes to come, in the order of their times. */
  events?: ParamEvent[];
}

/** A scheduled change of a parameter. */
export interface ParamEvent {
  /** Frames from now until it begins. */
  in: number;
  /** Where it leads. */
  value: number | string;
  /** Frames of the linear ramp. Default 0, a step. */
  frames: number;
}

/** State of one instance of a node, by the names of its state variables. */
export interface LaneState {
  /** Numbers of single precision. */
  floats: Record<string, number>;
  /** Whole numbers and phases (of 32 bits). */
  integers: Record<string, number>;
  /** Arrays. */
  arrays: Record<string, Float32Array>;
  /** Delay lines, the oldest value first. */
  lines: Record<string, Float32Array>;
}

/** Where a signal is taken from, and how it travels. */
export interface Wire {
  /** Name of the node. */
  from: string;
  /** Output port. Default: the first. */
  output?: string;
  /** The one channel of the port that is meant. Default: all. */
  outputChannel?: number;
  /** Factor of the signal. Default: 1, and not to be moved. */
  gain?: ParamState;
  /** Closes a loop: with a delay of one control period ("block"), or of one frame ("sample"). */
  feedback?: "block" | "sample";
  /** Seconds in which the connection fades in and out. Default 0.005. */
  fade: number;
  /** Shape of that fade. Default "linear". */
  curve: "linear" | "power";
  /** Place in the sum at its end, if that is not the next free one. */
  position?: number;
  /** What is on its way round the loop, a list of frames for each channel, the oldest first. */
  memory?: Float32Array[];
}

/** A connection to an input of a node. */
export interface EdgeSnapshot extends Wire {
  /** Name of the node. */
  to: string;
  /** Input port. Default: the first. */
  input?: string;
  /** The one channel of the port that is meant. Default: all. */
  inputChannel?: number;
}

/** A connection to a parameter of a node. */
export interface ModulationSnapshot extends Wire {
  /** Name of the node. */
  to: string;
  /** Name of the parameter. */
  param: string;
  /** What a signal of 1 adds to the parameter. Default 1. */
  amount: number;
  /** Each frame, or once a control period. Default "audio". */
  rate: "audio" | "control";
}

/** A connection to the engine's output. */
export interface OutputSnapshot extends Wire {
  /** The one output channel that is meant. Default: all. */
  channel?: number;
}

/** Sample data by reference. */
export interface SampleReference {
  /** By which the graph knows it. */
  name: string;
  /** Where it is found. */
  url: string;
  /** What it must be: the digest of the file, 64 hexadecimal digits. */
  sha256?: string;
  /** Channels it must have. */
  channels?: number;
  /** Frames it must have. */
  frames?: number;
  /** Frames per second it was recorded at. */
  sampleRate?: number;
}

/** Samples put together for samplers: which keys and velocities play which of them. */
export interface SampleMapSnapshot {
  /** By which the graph knows it: none of a sample. */
  name: string;
  /** Its parts. Where several have the same key and velocity they take turns, in this order. */
  zones: ZoneSnapshot[];
}

/** A sample, and the keys and velocities that play it. */
export interface ZoneSnapshot {
  /** Name of the sample. */
  sample: string;
  /** Key that plays it as it was recorded; a fraction tunes it. Default 60. */
  root: number;
  /** Lowest and highest key. Default: all, 0 to 127. */
  keys: [low: number, high: number];
  /** Velocities, in steps of 1/16. Default: all, 0 to 1. */
  velocities: [low: number, high: number];
  /** Keys by which a key changes the pitch: 1 as a rule, 0 for drums. Default 1. */
  tracking: number;
  /** Factor of the sound. Default 1. */
  gain: number;
  /** The part that repeats. Default: none, it plays to its end. */
  loop?: LoopSnapshot;
  /** Whether it plays to its end even if the gate ends before. Default false. */
  oneShot: boolean;
}

/** A part of a sample that repeats while a note is held. */
export interface LoopSnapshot {
  /**
   * From its end to its start; back and forth; or from its end to its start until the gate ends, then
   * on to the end of the sample. Default "forward".
   */
  mode: "forward" | "pingPong" | "release";
  /** First frame. */
  start: number;
  /** Frame after the last, at least 64 after the first. */
  end: number;
  /** Frames before the end that go over into those before the start. Default 0. */
  crossfade: number;
}

/** A tuning, as Scala files write it. */
export interface TuningText {
  /** Text of the scale (.scl). */
  scl: string;
  /** Text of the keyboard mapping (.kbm). */
  kbm?: string;
}
