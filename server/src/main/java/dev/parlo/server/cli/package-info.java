/** The command line: {@code parlo serve}, {@code parlo transcribe} and the rest. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.cli;
