/** Whether the server lives and is ready. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.health;
