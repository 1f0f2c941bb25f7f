/** How the log is written. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.log;
