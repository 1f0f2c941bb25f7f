/** What speech takes: from the engine, beside the bare model, and from a server. */
@org.jspecify.annotations.NullMarked
package dev.parlo.benchmarks.speech;
