/** Long recordings: what reading them takes, and what transcribing them holds in memory. */
@org.jspecify.annotations.NullMarked
package dev.parlo.benchmarks.file;
