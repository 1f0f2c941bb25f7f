/**
 * Which GPUs this machine has, whether ONNX Runtime can compute on them, and why not where it
 * cannot. Everything native that is asked here may be missing. Internal: it may change with any
 * version.
 */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.device;
