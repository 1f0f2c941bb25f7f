/** The command line. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.cli;
