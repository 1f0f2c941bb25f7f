/** Live conversations with a started server: how soon it answers, and what it holds after hours. */
@org.jspecify.annotations.NullMarked
package dev.parlo.benchmarks.realtime;
