/** Notices native code that does not return. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.watchdog;
