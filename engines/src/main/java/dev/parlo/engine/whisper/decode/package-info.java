/**
 * Decoding of one window as state machines that never call the runtime, and the driver that runs
 * their rows.
 */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.whisper.decode;
