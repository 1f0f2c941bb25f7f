/** Timings of the engines on generated weights, beside whisper.cpp on the same machine. */
@org.jspecify.annotations.NullMarked
package dev.parlo.benchmarks;
