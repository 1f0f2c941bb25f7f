/**
 * What is asked of a machine with a GPU that is at hand for minutes only: a program that needs
 * nothing there but a driver and CUDA's libraries, and that a processor rehearses before.
 */
@org.jspecify.annotations.NullMarked
package dev.parlo.benchmarks.cuda;
