/** Conversations over WebSockets: limits, order, back-pressure and the end. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.socket;
